from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from partnerships import permissions
from partnerships.actions import events
from partnerships.actions.guard import StaleVersion
from partnerships.forms import EventChangeForm, EventForm
from partnerships.models import SigningEvent
from partnerships.permissions import Action
from partnerships.selectors.ceremonies import EventList, EventPage

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_safe
def event_list(request):
    """The signing events that the reader knows of."""
    events_known = EventList(request.user, request.GET)
    context = {"events": events_known, "page": events_known.page}
    return render(request, "partnerships/event_list.html", context)


@require_safe
def event_detail(request, slug):
    """One signing event: what was announced, and what of it is in the register."""
    known = SigningEvent.objects.visible_to(request.user).select_related("host")
    event = get_object_or_404(known, slug=slug)
    context = {"event": event, "shown": EventPage(event, request.user)}
    return render(request, "partnerships/event_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def event_add(request):
    """A signing event is planned, or one that was held is entered."""
    permissions.check(request.user, Action.CHANGE_EVENT)
    form = EventForm(request.user, request.POST if request.method == "POST" else None)
    if request.method != "POST" or form.only_looks:
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        event = events.enter(record=form.record(), by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("“%(event)s” is in the portal.") % {"event": event})
    return redirect(event)


@require_http_methods(["GET", "HEAD", "POST"])
def event_change(request, slug):
    """An event changed by somebody who has read the version that stands; else both are shown."""
    known = SigningEvent.objects.visible_to(request.user).select_related("host")
    event = get_object_or_404(known, slug=slug)
    permissions.check(request.user, Action.CHANGE_EVENT)
    form = EventChangeForm(request.user, event, request.POST if request.method == "POST" else None)
    if request.method != "POST" or form.only_looks:
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    said = {name: form.cleaned_data[name] for name in ("version", "reason")}
    try:
        events.change(event=event, record=form.record(), by=request.user, **said)
    except StaleVersion as stale:
        return _conflict_page(request, form, stale.current)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The change is saved."))
    return redirect(event)


def _form_page(request, form, status=200, **more):
    context = {"form": form, "event": form.event, **more}
    return render(request, "partnerships/event_form.html", context, status=status)


def _conflict_page(request, form, current):
    """What was typed beside what stands there now; nothing is saved."""
    last = current.events.order_by("-pgh_id").first()
    conflict = {
        "differences": form.differences(current),
        "who": User.objects.filter(pk=(last.pgh_context or {}).get("actor")).first() if last else None,
        "when": last and last.pgh_created_at,
    }
    return _form_page(request, form.over(current), STALE, conflict=conflict)
