"""The pages for what went wrong. Each carries the number of the request, for the help desk."""

import sys

import psycopg2
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template import Context, loader

from kemnaker_portal.places import PlaceAway

# What is the portal's surroundings' fault, and passes.
_AWAY = (OperationalError, InterfaceError, PlaceAway)


def is_away(error: BaseException | None) -> bool:
    """Whether database or place of files does not answer, rather than that something broke.

    Of a server that dies in the middle of an answer psycopg2 sometimes says no more than DatabaseError.
    """
    has_died = type(error) is DatabaseError and type(error.__cause__) is psycopg2.DatabaseError
    return has_died or isinstance(error, _AWAY)


def bad_request(request, exception=None):
    return _page(request, "400.html", 400)


def permission_denied(request, exception=None):
    return _page(request, "403.html", 403)


def not_found(request, exception=None):
    return _page(request, "404.html", 404)


def too_many_tries(request):
    response = _page(request, "429.html", 429)
    response["Retry-After"] = "60"
    return response


def server_error(request):
    # What a page asks is answered by accounts.middleware; here comes what broke before or after it.
    if is_away(sys.exc_info()[1]):
        return unavailable(request)
    # No context processors: whatever broke may break them too.
    template = loader.get_template("500.html")
    return HttpResponse(
        template.template.render(_bare_context(request)), status=500, headers={"Retry-After": "30"}
    )


def unavailable(request):
    """Database or place of files does not answer: say so, and when to come back, not that something broke."""
    template = loader.get_template("500.html")
    return HttpResponse(
        template.template.render(_bare_context(request, unavailable=True)),
        status=503,
        headers={"Retry-After": "5"},
    )


def csrf_failure(request, reason=""):
    return _page(request, "403.html", 403, stale_form=True)


def _page(request, template, status, **context):
    return render(request, template, {"request_id": request.number, **context}, status=status)


def _bare_context(request, **values):
    return Context({"request_id": getattr(request, "number", ""), **values})
