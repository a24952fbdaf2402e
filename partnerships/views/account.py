from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships.actions import calendar_feeds, mail_preferences, own_settings
from partnerships.forms.mail_preference import MailForm


@require_safe
def own_account(request):
    """Who is signed in, posted to which offices, which mails and calendar, and the ways to security."""
    return _page(request)


@require_POST
def own_mail(request):
    """Which mails one wants."""
    form = MailForm(request.POST)
    form.is_valid()
    mail_preferences.choose(by=request.user, **form.cleaned_data)
    messages.success(request, _("Your choice of mails is saved."))
    return redirect("partnerships:own-account")


@require_POST
def own_keys(request):
    """Whether single keys do something in lists."""
    own_settings.choose_shortcuts(on="shortcuts" in request.POST, by=request.user)
    messages.success(request, _("Your choice is saved."))
    return redirect("partnerships:own-account")


@require_POST
def own_calendar(request):
    """Make a private address for one's calendar, or close it."""
    if request.POST.get("step") == "revoke":
        calendar_feeds.revoke(by=request.user)
        messages.success(request, _("The calendar address no longer works."))
        return redirect("partnerships:own-account")
    path = reverse("partnerships:calendar-feed", args=[calendar_feeds.renew(by=request.user)])
    # Shown in this answer and nowhere else: only its hash is kept, so no redirect can carry it.
    return _page(request, calendar_url=settings.PORTAL_URL + path)


def _page(request, **more):
    chosen = mail_preferences.of(request.user)
    context = {
        "postings": request.user.postings.select_related("organization"),
        "mail_form": MailForm(initial={"reminders": chosen.reminders, "decisions": chosen.decisions}),
        "feed": request.user.calendar_feeds.filter(revoked_at=None).first(),
        **more,
    }
    return render(request, "partnerships/own_account.html", context)
