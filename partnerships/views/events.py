from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.models import SigningEvent
from partnerships.selectors.ceremonies import EventList, EventPage


@require_safe
def event_list(request):
    """The signing events that the reader knows of."""
    events = EventList(request.user, request.GET)
    context = {"events": events, "page": events.page}
    return render(request, "partnerships/event_list.html", context)


@require_safe
def event_detail(request, slug):
    """One signing event: what was announced, and what of it is in the register."""
    events = SigningEvent.objects.visible_to(request.user).select_related("host")
    event = get_object_or_404(events, slug=slug)
    context = {"event": event, "shown": EventPage(event, request.user)}
    return render(request, "partnerships/event_detail.html", context)
