"""What the page and the files of every list have in common."""

import logging

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django_htmx.http import push_url

from kemnaker_portal.streams import SentAsMade
from partnerships.actions import issuing
from partnerships.exports.asked import CONTENT_OF, question_of
from partnerships.exports.extract import Refused
from partnerships.exports.files import FORMS, MOST_IN_REQUEST, make_file, stream_file
from partnerships.register import PAGE_SIZES
from partnerships.views.downloads import made_in_background
from partnerships.views.noting import note_read
from partnerships.views.whole import check_taking

_log = logging.getLogger(__name__)


def way_to_default(request, listing):
    """The way to the view with which the list opens for its reader, where nothing was asked of it."""
    view = None if request.GET else listing.default_view
    return view and redirect(view)


def list_page(request, listing, name, **context):
    """The page of a list, or its rows alone for htmx; ``name`` begins the names of its two templates."""
    page = listing.page
    context |= {
        "listing": listing,
        "page": page,
        "sizes": PAGE_SIZES,
        "all_columns": listing.all_columns.values(),
    }
    template = "results" if request.htmx else "list"
    response = render(request, f"partnerships/{name}_{template}.html", context)
    if request.htmx and "opened" not in request.GET:
        # The address without the boxes that a form sends empty.
        turned = f"&page={page.number}" if page.number > 1 else ""
        push_url(response, f"{reverse(listing.page_name)}{listing.url()}{turned}")
    return response


def file_of(request, form, made_of):
    """A file of exactly the rows that the list shows for the same parameters, or a page that says why
    none is made."""
    if form not in FORMS:
        raise Http404
    try:
        extract = made_of(request.user, request.GET)
        rows = extract.count
        check_taking(request, extract)
        if rows > MOST_IN_REQUEST and not FORMS[form].parts and type(extract) in CONTENT_OF:
            return made_in_background(request, CONTENT_OF[type(extract)], form, question_of(extract))
        note_read(
            request, CONTENT_OF[type(extract)], form, question=question_of(extract).urlencode(), rows=rows
        )
        if FORMS[form].parts:
            name, parts = stream_file(form, request.user, request.GET, made_of)
            sent = StreamingHttpResponse(SentAsMade(request, parts))
            sent["Content-Disposition"] = content_disposition_header(True, name)
        else:
            name, file, issued = make_file(form, request.user, request.GET, made_of)
            issuing.record(issues=issued)
            sent = FileResponse(file, filename=name, as_attachment=not FORMS[form].shown_in_browser)
    except Refused as refusal:
        return render(request, "print/refused.html", {"refusal": refusal, "form": form}, status=400)
    # What was asked may name somebody; the log of files read has it.
    _log.info("file taken: %s by user %s, %s rows", request.path, request.user.pk, rows)
    sent["Content-Type"] = FORMS[form].content_type
    return sent


def csv_response(text, name):
    """The answer with a CSV that is small enough to be made at once."""
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
