from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import addresses, sessions
from accounts.confirming import confirmed, was_here_lately
from accounts.forms import AddressForm

REFUSED, GONE = 422, 410


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request):
    """Where one is signed in; ending one of these sessions, or all but this one, after signing in or
    confirming within the last quarter of an hour."""
    if request.method != "POST":
        return render(request, "account/sessions.html", {"sessions": sessions.of(request)})
    if not was_here_lately(request):
        raise ReauthenticationRequired
    number = request.POST.get("end", "")
    if number == "others":
        sessions.end_others(request)
        messages.success(request, _("You are signed out everywhere but here."))
    elif number.isascii() and number.isdigit() and len(number) < 19:
        sessions.end(request, int(number))
        messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def own_address(request):
    """Ask for another e-mail address; it counts once the link that goes there was opened."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = REFUSED if form.is_bound else 200
        return render(request, "account/address.html", {"form": form}, status=status)
    if limited := ratelimit.consume_or_429(request, action="manage_email"):
        return limited
    addresses.ask(user=request.user, address=form.cleaned_data["address"])
    said = _("A link goes to %(address)s, if no other account has it. Your address changes once you open it.")
    messages.success(request, said % form.cleaned_data)
    return redirect("partnerships:own-account")


# Public: the link is opened where the mail is read, which may be another device.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request, token):
    """The link that proves a new address: it changes with a press, not by being looked at."""
    try:
        if request.method == "POST":
            user = addresses.confirm(token)
            return _public(request, {"address": user.email, "is_done": True})
        _user, address = addresses.asked(token)
    except BadSignature:
        raise Http404 from None
    except addresses.Spent:
        return _public(request, {"is_spent": True}, GONE)
    return _public(request, {"address": address})


def _public(request, context, status=200):
    response = render(request, "account/new_address.html", context, status=status)
    # The address is the key: it is told to nobody, and no search engine keeps the page.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
