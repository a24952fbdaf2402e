"""A meeting partner by partner: the frozen page, the minutes, and the papers that are handed out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.actions import meetings
from partnerships.exports.extract import snapshot
from partnerships.exports.meeting_file import MOST_IN_REQUEST, Handout, Slides
from partnerships.forms.meeting import MinutesForm
from partnerships.models import ExportContent, MeetingPartner
from partnerships.permissions import can_see_whole_register
from partnerships.selectors.meeting_figures import Figures, figures_of_each
from partnerships.selectors.meeting_handout import sheets_of
from partnerships.selectors.meeting_minutes import MinutesPage
from partnerships.selectors.meeting_rows import FrozenRows
from partnerships.selectors.meetings import MeetingPage, decisions_of
from partnerships.views.downloads import made_in_background
from partnerships.views.issued import pdf_response
from partnerships.views.meetings import REFUSED, found
from partnerships.views.noting import note_read

_private = cache_control(private=True, no_store=True)


@require_safe
def meeting_partner(request, pk, slug):
    """One partner as it was frozen: its figures, and the rows behind one of them."""
    partner = _partner(request, pk, slug)
    partner.figures = figures_of_each(partner.meeting).get(partner.pk, Figures())
    context = {
        "partner": partner,
        "meeting": partner.meeting,
        "rows": FrozenRows(partner.meeting, request.GET, partner),
        "decisions": decisions_of(partner),
    }
    return render(request, "partnerships/meetings/partner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_minutes(request, pk, slug):
    """What is decided with a partner, written down while it is said."""
    partner = _partner(request, pk, slug)
    papers = meetings.may_write_minutes(request.user, partner)
    may_write = papers.exists()
    form = MinutesForm(partner, papers, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _minutes_page(request, partner, form, may_write)
    if not may_write:
        raise PermissionDenied(_("The Cooperation Bureau and the unit of the paper write minutes."))
    if not form.is_valid():
        return _minutes_page(request, partner, form, may_write, REFUSED)
    try:
        decision = meetings.note(partner=partner, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _minutes_page(request, partner, form, may_write, REFUSED)
    if decision.action_point_id:
        messages.success(request, _("Written down; the action point is open."))
    else:
        messages.success(request, _("Written down."))
    return redirect(partner.minutes_url)


@require_safe
@_private
def meeting_handout(request, pk):
    """The hand-out: a cover and one page for each partner that the reader may see."""
    return _printed(request, _frozen(request, pk), ExportContent.HANDOUT, Handout)


@require_safe
@_private
def meeting_slides(request, pk):
    """The slides, in landscape, for whom the whole meeting is shown to."""
    meeting = _frozen(request, pk)
    if not can_see_whole_register(request.user):
        raise PermissionDenied(_("These files are for who sees the whole register."))
    return _printed(request, meeting, ExportContent.SLIDES, Slides)


def _printed(request, meeting, content, made_of):
    """A paper of the meeting: at once of a few partners, of more in the background."""
    question = QueryDict(f"meeting={meeting.pk}")
    if meeting.partners.visible_to(request.user).count() > MOST_IN_REQUEST:
        return made_in_background(request, content, "pdf", question)
    with snapshot():
        shown = MeetingPage(meeting, request.user)
        page = made_of.page_of(shown, sheets_of(shown.partners), request.user)
    note_read(request, content, "pdf", question=question.urlencode(), rows=len(shown.partners))
    return pdf_response(made_of.pdf_of(page), page.issue, f"rapat-{meeting.pk}-{made_of.stem}.pdf")


def _partner(request, pk, slug):
    """The partner of a meeting whose figures stand still."""
    rows = MeetingPartner.objects.visible_to(request.user).filter(meeting__frozen_at__isnull=False)
    rows = rows.select_related("meeting__previous", "organization")
    return get_object_or_404(rows, meeting=pk, organization__slug=slug)


def _frozen(request, pk):
    meeting = found(request, pk)
    if not meeting.is_frozen:
        raise Http404
    return meeting


def _minutes_page(request, partner, form, may_write, status=200):
    context = {
        "partner": partner,
        "meeting": partner.meeting,
        "form": form,
        "may_write": may_write,
        "page": MinutesPage(partner, request.user),
    }
    return render(request, "partnerships/meetings/minutes.html", context, status=status)
