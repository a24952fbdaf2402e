"""Before a meeting, the partners' contacts are asked whether what was reported last is still right."""

import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.actions import confirmations, guard
from partnerships.models import (
    EvaluationMeeting,
    FrozenReport,
    MeetingConfirmation,
    MeetingPartner,
    Party,
    ProgressReport,
)
from partnerships.permissions import Action, check

# One contact is not asked about everything at once: of each partner the papers reported on last.
MOST_A_PARTNER = 3
_MAIL = re.compile(r"[^\s<>,;:()\"']+@[^\s<>,;:()\"']+\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A report of the snapshot of which a partner's contact will be asked, or why nobody will be."""

    partner: MeetingPartner
    report: ProgressReport | None = None
    ref: str = ""
    name: str = ""
    email: str = ""
    reason: str = ""


def questions(meeting):
    """Whom a meeting would ask about what, partner by partner, and why it would not: Questions."""
    asked = set(
        MeetingConfirmation.objects.filter(partner__meeting=meeting).values_list("partner", "request__report")
    )
    newest = _newest_of_each_paper(meeting)
    contacts = _contacts(meeting)
    found = []
    for partner in meeting.partners.select_related("organization"):
        rows = newest.get(partner.pk, [])
        if not rows:
            reason = gettext("nothing has been handed in that could be confirmed")
            found.append(Question(partner, reason=reason))
        found += [_question(partner, row, contacts, asked) for row in rows[:MOST_A_PARTNER]]
    return found


def ask(*, meeting, by):
    """Send every partner's contact a link for what was reported last on each paper. Each is asked once for a
    meeting, so a second press asks only who could not be asked before.

    Gives (asked, skipped), both Questions, the skipped with their reason. Raises PermissionDenied, and
    ValidationError for a meeting that is not frozen.
    """
    check(by, Action.HOLD_MEETING)
    with transaction.atomic():
        meeting = EvaluationMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        if not meeting.is_frozen:
            raise ValidationError(
                _("Freeze the meeting first: it asks about the snapshot."), code="not_frozen"
            )
        asked, skipped = [], []
        for question in questions(meeting):
            reason = question.reason or _ask(question, by)
            if reason:
                skipped.append(Question(**{**vars(question), "reason": reason}))
            else:
                asked.append(question)
    return asked, skipped


def _ask(question, by):
    """Ask; why it could not be done, or nothing."""
    try:
        # What one refuses undoes nothing of the others.
        with transaction.atomic(), guard.history(by, "meeting.confirm"):
            request = confirmations.ask(
                report=question.report, name=question.name, email=question.email, by=by
            )
            MeetingConfirmation.objects.create(partner=question.partner, request=request)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except PermissionDenied as refusal:
        return str(refusal)
    return ""


def _newest_of_each_paper(meeting):
    """{partner: (report, reference) of the report that was handed in last on each paper}, newest first."""
    rows = FrozenReport.objects.filter(partner__meeting=meeting)
    in_order = rows.order_by("promise__paper_id", "-period_end", "-pk")
    newest = in_order.distinct("promise__paper_id").values("pk")
    found: dict[int, list] = {}
    for row in (
        FrozenReport.objects.filter(pk__in=newest)
        .select_related("report__commitment", "promise__paper")
        .order_by("-period_end", "-pk")
    ):
        found.setdefault(row.partner_id, []).append(row)
    return found


def _contacts(meeting):
    """{(agreement, organization): (name, e-mail)} of each party's contact; the e-mail may be empty."""
    organizations = meeting.partners.values("organization")
    parties = Party.objects.filter(
        organization__in=organizations, agreement__in=_papers(meeting)
    ).select_related("contact", "organization")
    found = {}
    for party in parties:
        mail = _MAIL.search(party.contact_details)
        name = party.contact.name if party.contact else party.organization.name
        found[party.agreement_id, party.organization_id] = (name[:150], mail.group() if mail else "")
    return found


def _papers(meeting):
    reports = FrozenReport.objects.filter(partner__meeting=meeting)
    return reports.values("promise__paper__agreement")


def _question(partner, row, contacts, asked):
    paper = row.promise.paper
    name, email = contacts.get((paper.agreement_id, partner.organization_id), ("", ""))
    reason = ""
    if (partner.pk, row.report_id) in asked:
        reason = gettext("was asked already for this meeting")
    elif not email:
        reason = gettext("the paper names no contact with an e-mail address")
    return Question(partner, report=row.report, ref=paper.ref, name=name, email=email, reason=reason)
