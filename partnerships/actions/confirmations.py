"""Asking the partner's contact, who has no account, whether a report is right."""

import datetime

import pghistory
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships import notifications
from partnerships.actions import guard
from partnerships.lifecycle import ReportStatus
from partnerships.models import Answer, ConfirmationRequest, ProgressReport
from partnerships.permissions import Action, can

HOLDS_FOR = datetime.timedelta(days=14)
# The portal writes to strangers at the word of an officer: not without end.
MOST_OPEN = 5

_SALT = "partnerships.confirmation"


class LinkIsSpent(Exception):
    """The link was answered or is too old; ``request`` is what it was about."""

    def __init__(self, request):
        super().__init__(f"request for confirmation {request.pk}")
        self.request = request


def may_ask(user, report):
    """Who may report or verify a commitment may ask the other side about it."""
    return any(
        can(user, action, commitment=report.commitment)
        for action in (Action.REPORT_PROGRESS, Action.VERIFY_PROGRESS)
    )


@transaction.atomic
def ask(*, report, name, email, by):
    """Send the partner's contact a link to say whether the report is right.

    While a link to the same address is open, that one is given again and no second mail goes out.
    Raises PermissionDenied, and ValidationError for a report that is not handed in.
    """
    report = (
        ProgressReport.objects.select_for_update(of=("self",))
        .select_related("commitment__agreement", "commitment__owner", "commitment__owed_by__organization")
        .get(pk=report.pk)
    )
    if not may_ask(by, report):
        raise PermissionDenied(_("Who may report or verify a commitment may ask the partner about it."))
    if report.status not in {ReportStatus.SUBMITTED, ReportStatus.VERIFIED}:
        raise ValidationError(
            _("Hand the report in first; a partner is asked about what stands."), code="not_submitted"
        )
    name, email = " ".join(name.split()), email.strip()
    if not name:
        raise ValidationError(_("Say whom you ask."), code="name")
    validate_email(email)
    open_links = report.confirmations.open()
    if already := open_links.filter(email__iexact=email).first():
        return already
    if open_links.count() >= MOST_OPEN:
        raise ValidationError(
            _("%(most)s people are being asked about this report already. Wait for their answers."),
            code="too_many",
            params={"most": MOST_OPEN},
        )
    with guard.history(by, "confirmation.ask"):
        request = ConfirmationRequest.objects.create(
            report=report,
            name=name,
            email=email,
            asked_by=by,
            expires_at=timezone.now() + HOLDS_FOR,
        )
    notifications.confirmation_asked(request)
    return request


@transaction.atomic
def answer(*, token, answer, comment=""):
    """Take the answer of who holds the link; once. It stands beside the verification and changes nothing
    there. Raises BadSignature for a link that is none, and LinkIsSpent for one that no longer holds."""
    request = ConfirmationRequest.objects.select_for_update(of=("self",)).get(pk=_pk(token))
    _check_holds(request)
    request.answer, request.comment = Answer(answer), comment.strip()
    request.answered_at = timezone.now()
    with pghistory.context(action="confirmation.answer"):
        request.save(update_fields=["answer", "comment", "answered_at"])
    return request


def asked(*, token):
    """The open request of a link. Raises BadSignature and LinkIsSpent like ``answer``."""
    rows = ConfirmationRequest.objects.select_related(
        "asked_by",
        "report__commitment__agreement",
        "report__commitment__indicator",
        "report__commitment__owed_by__organization",
        "report__commitment__owner",
    )
    request = rows.get(pk=_pk(token))
    _check_holds(request)
    return request


def token(request):
    """The link's own part: signed from the id, so that no secret is stored."""
    return signing.Signer(salt=_SALT).sign(request.pk)


def _pk(token):
    pk = signing.Signer(salt=_SALT).unsign(token)
    if not ConfirmationRequest.objects.filter(pk=pk).exists():
        raise signing.BadSignature("no such request")
    return pk


def _check_holds(request):
    if request.answered_at or request.expires_at <= timezone.now():
        raise LinkIsSpent(request)
