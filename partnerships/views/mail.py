from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnerships.actions import mail_preferences


# Public: the link stands in the mail. Without a cookie, because a mail program presses it too
# (RFC 8058); its signature says for whom it is, and it can do nothing else.
@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request, token):
    """Turn off one kind of mail: asked on the page, done at the press."""
    try:
        user, mail = mail_preferences.read(token)
        with translation.override(user.language):
            if request.method == "POST":
                mail_preferences.turn_off(token=token)
            context = {"mail": mail, "done": request.method == "POST"}
            response = render(request, "partnerships/mail_off.html", context)
    except BadSignature:
        raise Http404 from None
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
