"""The papers of a ceremony together: entered, moved to signed, printed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import permissions
from partnerships.actions import ceremonies
from partnerships.exports.ceremony import MOST_PAPERS, door_page, packet_page, pdf_of_ceremony
from partnerships.exports.extract import snapshot
from partnerships.exports.packet import MOST_IN_REQUEST
from partnerships.forms import CeremonySheet, SigningForm
from partnerships.models import Agreement, ExportContent, ReadContent, SigningEvent
from partnerships.permissions import Action, can_see_whole_register
from partnerships.selectors.protocol import papers_in_protocol_order
from partnerships.selectors.signatures import findings_of
from partnerships.views.downloads import made_in_background
from partnerships.views.issued import pdf_response
from partnerships.views.noting import note_read

REFUSED = 422
_private = cache_control(private=True, no_store=True)


@require_http_methods(["GET", "HEAD", "POST"])
def event_papers(request, slug):
    """The papers of a ceremony typed or pasted in one grid, and entered all or none."""
    event = _event(request, slug)
    permissions.check(request.user, Action.ADD_AGREEMENT)
    sheet = CeremonySheet(request.user, event, request.POST if request.method == "POST" else None)
    if not sheet.is_judged:
        return _entry_page(request, sheet)
    valid = sheet.is_valid()
    if not valid or not sheet.saves:
        return _entry_page(request, sheet, 200 if valid else REFUSED)
    try:
        papers = ceremonies.enter_papers(by=request.user, **sheet.said())
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _entry_page(request, sheet, REFUSED)
    said = ngettext("%(n)d paper is in the register.", "%(n)d papers are in the register.", len(papers))
    messages.success(request, said % {"n": len(papers)})
    return redirect(event)


def _entry_page(request, sheet, status=200):
    context = {"sheet": sheet, "event": sheet.event}
    return render(request, "partnerships/event_entry.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def event_sign(request, slug):
    """The scheduled papers of a ceremony become signed by one confirmation."""
    event = _event(request, slug)
    permissions.check(request.user, Action.MOVE_AGREEMENT)
    papers = papers_in_protocol_order(event, request.user)
    form = SigningForm(event, papers, request.POST if request.method == "POST" else None)
    context = {"event": event, "form": form}
    if request.method != "POST":
        return render(request, "partnerships/event_sign.html", context)
    if not form.is_valid():
        return render(request, "partnerships/event_sign.html", context, status=REFUSED)
    moved, skipped = ceremonies.sign_papers(by=request.user, **form.said())
    if skipped:
        # Shown at once, with each reason: a message on the next page has no room for sixty of them.
        done = {"event": event, "moved": moved, "skipped": skipped}
        return render(request, "partnerships/event_signed.html", done)
    said = ngettext("%(n)d paper is signed now.", "%(n)d papers are signed now.", len(moved))
    messages.success(request, said % {"n": len(moved)})
    return redirect(event)


@require_safe
@_private
def event_packet(request, slug):
    """The packet of a ceremony to print and hand out."""
    event = _event(request, slug)
    papers = Agreement.objects.visible_to(request.user).papers().filter(event=event)
    if papers.count() > MOST_IN_REQUEST and can_see_whole_register(request.user):
        return made_in_background(request, ExportContent.PACKET, "pdf", QueryDict(f"event={slug}"))
    return _printed(request, slug, packet_page, "paket", ReadContent.PACKET)


@require_safe
@_private
def event_door(request, slug):
    """The day's sheet for who stands at the door."""
    return _printed(request, slug, door_page, "lembar", ReadContent.DOOR_SHEET)


def _printed(request, slug, page_of, name, content):
    event = _event(request, slug)
    if not can_see_whole_register(request.user):
        raise PermissionDenied(_("These files are for who sees the whole register."))
    with snapshot():
        papers = papers_in_protocol_order(event, request.user)
        if len(papers) > MOST_PAPERS:
            return render(
                request,
                "partnerships/event_too_large.html",
                {"event": event, "most": MOST_PAPERS},
                status=400,
            )
        page = page_of(event, papers, findings_of(papers), request.user)
    note_read(request, content, "pdf", question=f"event={slug}", rows=len(papers))
    return pdf_response(pdf_of_ceremony(page), page.issue, f"{name}-{slug}.pdf")


def _event(request, slug):
    known = SigningEvent.objects.visible_to(request.user).select_related("host")
    return get_object_or_404(known, slug=slug)
