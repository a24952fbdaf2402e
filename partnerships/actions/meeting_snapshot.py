"""What a meeting will speak about is copied from the register, at one moment, with the ids of its rows."""

from collections import defaultdict

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.lifecycle import ReportStatus
from partnerships.models import (
    ActionPoint,
    Agreement,
    CommitmentStanding,
    Document,
    FrozenCommitment,
    FrozenPaper,
    FrozenPoint,
    FrozenReport,
    MeetingDecision,
    Party,
    ProgressReport,
)
from partnerships.models.standing import state_on

_AT_ONCE = 2_000
_LONGEST_TITLE = 500


def take(meeting, partners):
    """Copy the signed papers of the partners (MeetingPartners), what was promised in them, what was
    reported of it, and what is still to be done.

    Drafts stay out, so that everybody in the ministry may read the copy.
    """
    organizations = [partner.organization_id for partner in partners]
    papers = Agreement.objects.signed().papers().with_party_among(organizations)
    frozen = _papers(papers, partners)
    promises = _commitments(papers.order_by().values("pk"), frozen)
    _reports(papers.order_by().values("pk"), promises)
    _points(meeting, papers.order_by().values("pk"), frozen, partners)


def _papers(papers, partners):
    """{agreement: its frozen rows}; a paper of several partners stands with each."""
    partner_of = {partner.organization_id: partner for partner in partners}
    parties = defaultdict(list)
    for agreement, organization in Party.objects.filter(
        organization__in=list(partner_of), agreement__in=papers.order_by().values("pk")
    ).values_list("agreement", "organization"):
        parties[agreement].append(partner_of[organization])
    rows = papers.with_validity().with_parties(parts=()).newest_first()
    made = [
        FrozenPaper(
            partner=partner,
            agreement_id=paper.pk,
            ref=paper.ref,
            title=paper.display_title[:_LONGEST_TITLE],
            kind=paper.kind,
            validity=paper.validity,
            signed_on=paper.signed_latest,
            ends_on=paper.ends_latest,
        )
        for paper in rows.iterator(chunk_size=_AT_ONCE)
        for partner in parties[paper.pk]
    ]
    return _kept(FrozenPaper, made, "agreement_id")


def _commitments(papers, frozen):
    """{commitment: its frozen rows} of what was not withdrawn."""
    rows = (
        CommitmentStanding.objects.standing()
        .filter(agreement__in=papers)
        .annotate(state=state_on(timezone.localdate()))
        .order_by("agreement", "position", "commitment")
        .values(
            *("agreement", "commitment", "target", "achieved", "rate", "measurable", "state", "due"),
            *("demonstration", "commitment__text", "indicator__unit", "desk__name"),
        )
    )
    made = []
    for row in rows.iterator(chunk_size=_AT_ONCE):
        copied = {name: row[name] for name in ("target", "achieved", "rate", "measurable", "state", "due")}
        made += [
            FrozenCommitment(
                partner_id=paper.partner_id,
                paper=paper,
                commitment_id=row["commitment"],
                text=row["commitment__text"],
                office=row["desk__name"] or "",
                unit=row["indicator__unit"] or "",
                demonstration=row["demonstration"],
                **copied,
            )
            for paper in frozen[row["agreement"]]
        ]
    return _kept(FrozenCommitment, made, "commitment_id")


def _reports(papers, promises):
    """What was handed in: verified, or waiting for it."""
    proofs = Document.objects.standing().filter(report=OuterRef("pk")).order_by().values("report")
    rows = (
        ProgressReport.objects.filter(
            status__in=(ReportStatus.SUBMITTED, ReportStatus.VERIFIED), commitment__agreement__in=papers
        )
        .annotate(
            proofs=Coalesce(
                Subquery(proofs.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
            )
        )
        .order_by("pk")
    )
    names = ("period_start", "period_end", "status", "value", "proofs", "obstacle", "obstacle_note")
    made = [
        FrozenReport(
            partner_id=promise.partner_id,
            promise=promise,
            report_id=row["pk"],
            **{name: row[name] for name in names},
        )
        for row in rows.values("pk", "commitment", *names).iterator(chunk_size=_AT_ONCE)
        for promise in promises[row["commitment"]]
    ]
    _kept(FrozenReport, made, "report_id")


def _points(meeting, papers, frozen, partners):
    """What is still to be done for these papers, and whatever the meeting before promised for a partner."""
    promised = defaultdict(set)
    if meeting.previous_id:
        decisions = MeetingDecision.objects.filter(partner__meeting=meeting.previous_id)
        for organization, point in decisions.exclude(action_point=None).values_list(
            "partner__organization", "action_point"
        ):
            promised[organization].add(point)
    before = {point for points in promised.values() for point in points}
    rows = ActionPoint.objects.filter(
        Q(pk__in=ActionPoint.objects.open().filter(agreement__in=papers).values("pk")) | Q(pk__in=before)
    ).select_related("agreement", "owner")
    made = []
    for point in rows.order_by("due", "pk").iterator(chunk_size=_AT_ONCE):
        of_paper = {paper.partner_id for paper in frozen[point.agreement_id]}
        for partner in partners:
            was_promised = point.pk in promised[partner.organization_id]
            if partner.pk in of_paper or was_promised:
                made.append(
                    FrozenPoint(
                        partner=partner,
                        point=point,
                        ref=point.agreement.ref,
                        text=point.text,
                        office=point.owner.name,
                        due=point.due,
                        status=point.status,
                        promised_before=was_promised,
                    )
                )
    _kept(FrozenPoint, made, "point_id")


def _kept(model, made, source):
    """Write the rows; they by the id of what they were copied from."""
    by_source = defaultdict(list)
    for row in model.objects.bulk_create(made, batch_size=_AT_ONCE):
        by_source[getattr(row, source)].append(row)
    return by_source
