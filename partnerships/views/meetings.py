"""Evaluation meetings: arranged, frozen, asked about, held, and read again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import permissions
from partnerships.actions import meeting_confirmations, meetings
from partnerships.actions.guard import StaleVersion
from partnerships.forms.meeting import MeetingForm
from partnerships.models import EvaluationMeeting, Organization
from partnerships.permissions import Action, can_see_whole_register
from partnerships.selectors import meeting_choice
from partnerships.selectors.meeting_rows import FrozenRows
from partnerships.selectors.meetings import MeetingList, MeetingPage

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409
# Chosen in one press: the priority partners of a meeting.
A_LIST = 20


@require_safe
def meeting_list(request):
    """The evaluation meetings that the reader knows of."""
    known = MeetingList(request.user, request.GET)
    return render(request, "partnerships/meetings/list.html", {"meetings": known, "page": known.page})


@require_safe
def meeting_detail(request, pk):
    """One meeting: where it stands, its partners with their figures, what was promised and decided."""
    shown = MeetingPage(found(request, pk), request.user)
    return render(request, "partnerships/meetings/detail.html", {"meeting": shown.meeting, "shown": shown})


@require_safe
def meeting_rows(request, pk):
    """The frozen rows behind a figure of the whole meeting."""
    meeting = found(request, pk)
    if not can_see_whole_register(request.user):
        raise PermissionDenied(_("These figures are for who sees the whole register."))
    rows = FrozenRows(meeting, request.GET)
    context = {"meeting": meeting, "rows": rows, "shown": MeetingPage(meeting, request.user)}
    return render(request, "partnerships/meetings/rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_add(request):
    """A new evaluation meeting."""
    permissions.check(request.user, Action.HOLD_MEETING)
    form = MeetingForm(request.user, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        meeting = meetings.arrange(by=request.user, key=form.cleaned_data["key"], **form.said())
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The meeting is in the portal; now choose its partners."))
    return redirect("partnerships:meeting-choice", meeting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request, pk):
    """When and where a meeting is, and what it follows."""
    meeting = found(request, pk)
    permissions.check(request.user, Action.HOLD_MEETING)
    form = MeetingForm(request.user, request.POST if request.method == "POST" else None, meeting=meeting)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        meetings.change(meeting=meeting, by=request.user, version=form.cleaned_data["version"], **form.said())
    except StaleVersion as stale:
        fresh = MeetingForm(request.user, meeting=stale.current)
        return _form_page(request, fresh, STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The change is saved."))
    return redirect(meeting)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_choice_page(request, pk):
    """The list of a meeting: partners are looked for and added, one press takes the first twenty."""
    meeting = found(request, pk)
    permissions.check(request.user, Action.HOLD_MEETING)
    if request.method != "POST":
        return _choice_page(request, meeting)
    try:
        added, gone = meetings.choose(meeting=meeting, by=request.user, **_chosen(request, meeting))
    except ValidationError as refusal:
        return _choice_page(request, meeting, REFUSED, refusal=" ".join(refusal.messages))
    if gone:
        said = ngettext("%(n)d partner is off the list.", "%(n)d partners are off the list.", gone)
    else:
        said = ngettext("%(n)d partner is on the list now.", "%(n)d partners are on the list now.", added)
    messages.success(request, said % {"n": gone or added})
    return redirect(request.get_full_path())


def _chosen(request, meeting):
    presets = {
        "papers": lambda: meeting_choice.with_most_papers(A_LIST),
        "open": lambda: meeting_choice.with_most_open(A_LIST),
        "before": lambda: meeting_choice.of_the_meeting_before(meeting),
    }
    if (preset := request.POST.get("preset")) in presets:
        return {"add": presets[preset]()}
    known = Organization.objects.visible_to(request.user)
    if request.POST.get("remove"):
        return {"remove": known.filter(slug=request.POST["remove"])}
    slugs = request.POST.getlist("add")
    if not slugs:
        raise ValidationError(_("Tick the partners that come to the list."), code="none")
    return {"add": known.filter(slug__in=slugs).order_by("name")}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_freeze(request, pk):
    """The figures of the meeting are taken as they are at this moment, for good."""
    meeting = found(request, pk)
    permissions.check(request.user, Action.HOLD_MEETING)
    shown = MeetingPage(meeting, request.user)
    if request.method != "POST":
        return render(request, "partnerships/meetings/freeze.html", {"meeting": meeting, "shown": shown})
    try:
        meeting = meetings.freeze(meeting=meeting, by=request.user)
    except ValidationError as refusal:
        context = {"meeting": meeting, "shown": shown, "refusal": " ".join(refusal.messages)}
        return render(request, "partnerships/meetings/freeze.html", context, status=REFUSED)
    messages.success(request, _("The snapshot is taken; what is reported from now on no longer changes it."))
    return redirect(meeting)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_confirm(request, pk):
    """The partners' contacts are asked whether what was reported last is still right."""
    meeting = found(request, pk)
    permissions.check(request.user, Action.HOLD_MEETING)
    if request.method != "POST":
        found_questions = meeting_confirmations.questions(meeting) if meeting.is_frozen else []
        context = {
            "meeting": meeting,
            "asked": [each for each in found_questions if not each.reason],
            "skipped": [each for each in found_questions if each.reason],
        }
        return render(request, "partnerships/meetings/confirm.html", context)
    try:
        asked, skipped = meeting_confirmations.ask(meeting=meeting, by=request.user)
    except ValidationError as refusal:
        context = {"meeting": meeting, "refusal": " ".join(refusal.messages)}
        return render(request, "partnerships/meetings/confirm.html", context, status=REFUSED)
    # Shown at once, with each reason: a message on the next page has no room for them.
    context = {"meeting": meeting, "asked": asked, "skipped": skipped, "is_done": True}
    return render(request, "partnerships/meetings/confirm.html", context)


def found(request, pk):
    """The meeting of that number, as far as the reader knows of it."""
    rows = EvaluationMeeting.objects.visible_to(request.user).select_related("previous", "frozen_by")
    return get_object_or_404(rows, pk=pk)


def _form_page(request, form, status=200, **more):
    context = {"form": form, "meeting": form.meeting, **more}
    return render(request, "partnerships/meetings/form.html", context, status=status)


def _choice_page(request, meeting, status=200, **more):
    choice = meeting_choice.PartnerChoice(meeting, request.user, request.GET)
    context = {"meeting": meeting, "choice": choice, "page": choice.page, "a_list": A_LIST, **more}
    context["most"] = meetings.MOST_PARTNERS
    return render(request, "partnerships/meetings/choose.html", context, status=status)
