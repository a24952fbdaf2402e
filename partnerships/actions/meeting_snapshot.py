"""What a meeting will speak about is copied from the register, at one moment, with the ids of its rows."""

from collections import defaultdict

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Value
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
    _commitments(meeting)
    _reports(meeting)
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


def _commitments(meeting):
    """What was promised in the frozen papers and not withdrawn."""
    rows = CommitmentStanding.objects.standing().annotate(
        place=F("position"),
        state=state_on(timezone.localdate()),
        said=F("commitment__text"),
        office=Coalesce("desk__name", Value("")),
        unit=Coalesce("indicator__unit", Value("")),
    )
    same = ("target", "achieved", "rate", "measurable", "state", "due", "demonstration", "office", "unit")
    _copied(
        FrozenCommitment,
        {"commitment_id": "commitment", "text": "said", **{name: name for name in same}},
        rows,
        of=("agreement", FrozenPaper, "agreement_id", "paper_id"),
        in_order=("above", "place", "commitment_id"),
        meeting=meeting,
    )


def _reports(meeting):
    """What was handed in: verified, or waiting for it."""
    proofs = Document.objects.standing().filter(report=OuterRef("pk")).order_by().values("report")
    proofs = Subquery(proofs.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows = ProgressReport.objects.filter(status__in=(ReportStatus.SUBMITTED, ReportStatus.VERIFIED))
    same = ("period_start", "period_end", "status", "value", "proofs", "obstacle", "obstacle_note")
    _copied(
        FrozenReport,
        {"report_id": "pk", **{name: name for name in same}},
        rows.annotate(proofs=Coalesce(proofs, 0), place=Value(0)),
        of=("commitment", FrozenCommitment, "commitment_id", "promise_id"),
        in_order=("report_id",),
        meeting=meeting,
    )


def _copied(model, columns, rows, *, of, in_order, meeting):
    """Write a row of the model for each of the rows (with their ``place``) and each frozen row that it is of;
    ``columns`` says from what. ``of`` is (what the rows are of, its frozen model, the key there, the key to
    it here).

    The database copies them by itself: a meeting of some partners has a hundred thousand.
    """
    above, frozen, key, key_here = of
    sql, params = rows.order_by().values_list(above, "place", *columns.values()).query.sql_with_params()
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {model._meta.db_table} (partner_id, {key_here}, {names})
            SELECT frozen.partner_id, frozen.id, {names}
            FROM ({sql}) AS found (above, place, {names})
            JOIN {frozen._meta.db_table} AS frozen ON frozen.{key} = found.above
            JOIN partnerships_meetingpartner AS partner ON partner.id = frozen.partner_id
            WHERE partner.meeting_id = %s
            ORDER BY {", ".join(in_order)}, frozen.id
            """,  # noqa: S608 - names of the portal's own tables and columns
            [*params, meeting.pk],
        )


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
