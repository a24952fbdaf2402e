"""The record of the PDFs that leave the portal, and whether their rows are still those of the register."""

import enum

from django.core.cache import cache
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation

from kemnaker_portal.readers import reading_for
from partnerships.exports.ceremony import door_sheet, packet_sheet
from partnerships.exports.enclosing import digest_of
from partnerships.exports.extract import Refused, snapshot
from partnerships.exports.leadership import brief_page, region_page, report_page
from partnerships.exports.meeting import handout_page, slides_page
from partnerships.exports.of_disposal import certificate_page
from partnerships.exports.of_funnel import funnel_page
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.exports.of_matrix import MatrixExtract
from partnerships.exports.of_regions import matrix_page
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.page_sheet import sheet_of
from partnerships.exports.profile import profile_said
from partnerships.exports.profile_sheet import sheet_of as sheet_of_paper
from partnerships.models import Agreement, EvaluationMeeting, IssuedFile, IssuedKind, SigningEvent, access_of
from partnerships.permissions import can_see_whole_register
from partnerships.selectors.brief import Brief
from partnerships.selectors.funnel import Funnel
from partnerships.selectors.matrix import Matrix
from partnerships.selectors.meeting_handout import sheets_of
from partnerships.selectors.meetings import MeetingPage
from partnerships.selectors.period_report import PeriodReport
from partnerships.selectors.periods import Period
from partnerships.selectors.protocol import papers_in_protocol_order
from partnerships.selectors.region_profile import RegionProfile
from partnerships.selectors.retention import disposals_for
from regions.models import Region

# Asking a long list again takes seconds: who asks again within a minute gets the same answer.
_REMEMBERED = 60


class Since(enum.StrEnum):
    """What became of the rows of an issued file."""

    SAME = "same"
    OTHER = "other"
    # Its reader's rights are not those of then, or what was asked for is not there any more.
    UNKNOWN = "unknown"


@transaction.atomic
def record(*, issues):
    """Write down finished PDFs (exports.issue.Issue), before they are given out."""
    return IssuedFile.objects.bulk_create(
        IssuedFile(
            code=issue.code,
            kind=issue.kind,
            params=issue.params.urlencode(),
            language=issue.language,
            issued_for=issue.user,
            scope=access_of(issue.user).as_data(),
            as_of=issue.as_of,
            rows=issue.enclosed.rows,
            rows_sha256=issue.enclosed.rows_sha256,
            size=issue.size,
            sha256=issue.sha256,
        )
        for issue in issues
    )


def rows_since(issued):
    """(Since, when that was looked at) of the rows of an IssuedFile.

    The question of the file is asked again for its reader, with the same rights, in the same language; the
    rows are the same if their JSON is, byte by byte.
    """
    return cache.get_or_set(
        f"rows-since-{issued.code}", lambda: (_compared(issued), timezone.now()), _REMEMBERED
    )


def _compared(issued):
    reader = issued.issued_for
    if access_of(reader).as_data() != issued.scope:
        return Since.UNKNOWN
    try:
        with translation.override(issued.language), reading_for(reader), snapshot():
            now = digest_of(_ROWS_OF[IssuedKind(issued.kind)](reader, issued.query), issued.as_of)
    except (Refused, Http404):
        return Since.UNKNOWN
    return Since.SAME if now == issued.rows_sha256 else Since.OTHER


def _profile(user, params):
    papers = Agreement.objects.visible_to(user).with_validity().with_parties()
    return [sheet_of_paper(profile_said(_known(papers.filter(ref=params.get("ref", ""))), user))]


def _packet(user, params):
    return [packet_sheet(papers_in_protocol_order(_event(user, params), user))]


def _door(user, params):
    return [door_sheet(papers_in_protocol_order(_event(user, params), user))]


def _brief(user, _params):
    return [sheet_of(brief_page(Brief(user)))]


def _period(user, params):
    period = Period(int(params["year"]), int(params["half"]) if "half" in params else None)
    return [sheet_of(report_page(PeriodReport(user, period)))]


def _region(user, params):
    region = _known(Region.objects.select_related("parent", "succeeded_by").filter(code=params["region"]))
    asked = params.copy()
    del asked["region"]
    return [sheet_of(region_page(RegionProfile(region, user, asked)))]


def _of_a_meeting(page_of, user, params):
    meetings = EvaluationMeeting.objects.visible_to(user).select_related("previous", "frozen_by")
    shown = MeetingPage(_known(meetings.filter(pk=params["meeting"])), user)
    return [sheet_of(page_of(shown, sheets_of(shown.partners), user))]


def _disposal(user, params):
    disposal = _known(disposals_for(user).filter(pk=params["disposal"], done_at__isnull=False))
    return [sheet_of(certificate_page(disposal, user))]


def _event(user, params):
    if not can_see_whole_register(user):
        raise Http404
    return _known(SigningEvent.objects.visible_to(user).filter(slug=params.get("event", "")))


def _known(rows):
    found = rows.first()
    if found is None:
        raise Http404
    return found


# What rows a PDF of each kind is made of.
_ROWS_OF = {
    IssuedKind.REGISTER: lambda user, params: [RegisterExtract(user, params)],
    IssuedKind.LEDGER: lambda user, params: [LedgerExtract(user, params)],
    IssuedKind.MATRIX: lambda user, params: [MatrixExtract(user, params, ref=params.get("agreement", ""))],
    IssuedKind.PROFILE: _profile,
    IssuedKind.PACKET: _packet,
    IssuedKind.DOOR: _door,
    IssuedKind.BRIEF: _brief,
    IssuedKind.PERIOD: _period,
    IssuedKind.REGION: _region,
    IssuedKind.HANDOUT: lambda user, params: _of_a_meeting(handout_page, user, params),
    IssuedKind.SLIDES: lambda user, params: _of_a_meeting(slides_page, user, params),
    IssuedKind.FUNNEL: lambda user, params: [sheet_of(funnel_page(Funnel(user, params)))],
    IssuedKind.DISPOSAL: _disposal,
    IssuedKind.REGIONS: lambda user, params: [sheet_of(matrix_page(Matrix(user, params)))],
}
