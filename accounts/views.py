from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import sessions


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request):
    """Where one is signed in; ending one of these sessions, or all but this one."""
    if request.method != "POST":
        return render(request, "account/sessions.html", {"sessions": sessions.of(request)})
    number = request.POST.get("end", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        sessions.end(request, int(number))
        messages.success(request, _("That browser is signed out."))
    elif number == "others":
        sessions.end_others(request)
        messages.success(request, _("You are signed out everywhere but here."))
    return redirect("usersessions_list")
