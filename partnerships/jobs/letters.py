"""What a message of the outbox says: subject, text and simple HTML, in the reader's language."""

import datetime
import re

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from partnerships.actions import confirmations, mail_preferences
from partnerships.actions.mail_preferences import Mail
from partnerships.models import (
    Commitment,
    ConfirmationRequest,
    FileScan,
    Match,
    MessageKind,
    OutboxMessage,
    Posting,
    ProgressReport,
    ReportMove,
    Restriction,
    StoredFile,
)
from partnerships.selectors import lateness

# A digest names as many reports and says how many more there are.
MOST_LINES = 30

# The mails that a reader may turn off, and by which choice.
_TURNED_OFF_BY = {
    MessageKind.DIGEST: Mail.REMINDERS,
    MessageKind.REPORT_RETURNED: Mail.DECISIONS,
    MessageKind.REPORT_VERIFIED: Mail.DECISIONS,
    MessageKind.NEED_TAKEN_UP: Mail.DECISIONS,
}


def letter(message: OutboxMessage):
    """The mail that the message stands for. Raises ValueError when it may no longer go out."""
    recipient = message.recipient
    if recipient and not recipient.is_active:
        raise ValueError("the account of the recipient is deactivated")
    if recipient and Restriction.objects.filter(user=recipient).exists():
        raise ValueError("the data of the recipient is restricted")
    with translation.override(recipient.language if recipient else settings.LANGUAGE_CODE):
        name, context = _WORDS[MessageKind(message.kind)](message)
        headers = {"Auto-Submitted": "auto-generated"}
        context = {"recipient": recipient, **context, "portal_url": settings.PORTAL_URL}
        if choice := _TURNED_OFF_BY.get(MessageKind(message.kind)):
            off = _address("partnerships:mail-off", mail_preferences.token(user=recipient, mail=choice))
            context["turn_off_url"] = off
            headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        subject = render_to_string(f"mail/{name}_subject.txt", context)
        text = render_to_string(f"mail/{name}.txt", context)
        mail = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
            to=[message.mail_address],
            headers=headers,
        )
        mail.attach_alternative(render_to_string(f"mail/{name}.html", context), "text/html")
        return mail


def _invitation(message):
    posting = _posting(message)
    new = posting is None or not message.recipient.has_usable_password()
    asked = message.about.get("asked", False)
    context = {"posting": posting, "asked": asked, **_way_in(message.recipient, needs_password=new)}
    return ("invitation" if posting else "password_link"), context


def _transfer(message):
    posting = _posting(message)
    if message.about["side"] == "left":
        return "office_left", {"posting": posting}
    new = not message.recipient.has_usable_password()
    return "office_taken_over", {"posting": posting, **_way_in(message.recipient, needs_password=new)}


def _digest(message):
    on = datetime.date.fromisoformat(message.about["on"])
    entries = message.about["entries"]
    seen = Commitment.objects.visible_to(message.recipient).select_related(
        "agreement", "owner", "owed_by__organization"
    )
    commitments = seen.in_bulk([pk for pk, _ends, _step in entries])
    lines = [
        _line(commitments[pk], datetime.date.fromisoformat(ends), on)
        for pk, ends, _step in sorted(entries, key=lambda entry: entry[1])
        if pk in commitments
    ]
    if not lines:
        raise ValueError("the recipient may no longer see anything of what the mail is about")
    late = sum(line["late"] for line in lines)
    return "digest", {
        "on": on,
        "lines": lines[:MOST_LINES],
        "more": len(lines) - len(lines[:MOST_LINES]),
        "late": late,
        "ahead": len(lines) - late,
        "tasks_url": _address("partnerships:tasks"),
    }


def _line(commitment, ends, on):
    return {
        "commitment": commitment,
        "office": commitment.office,
        "ends": ends,
        "late": ends < on,
        "when": lateness.said(ends, on),
        "url": _address("partnerships:progress-report", commitment.pk, ends),
    }


def _decision(message):
    rows = ProgressReport.objects.visible_to(message.recipient)
    report = (
        rows.select_related("commitment__agreement", "commitment__indicator")
        .filter(pk=message.about["report"])
        .first()
    )
    if report is None:
        raise ValueError("the recipient may no longer see the report")
    move = ReportMove.objects.select_related("by").get(pk=message.about["move"])
    return message.kind, {
        "report": report,
        "move": move,
        "url": _address("partnerships:progress-report", report.commitment_id, report.period_end),
    }


def _confirmation(message):
    asked = ConfirmationRequest.objects.select_related(
        "asked_by", "report__commitment__agreement", "report__posting__organization"
    ).get(pk=message.about["confirmation"])
    posting = asked.asked_by.postings.active().select_related("organization").first()
    return "confirmation", {
        "recipient": asked,
        "request": asked,
        "office": posting.organization if posting else None,
        "url": _address("partnerships:confirmation", confirmations.token(asked)),
    }


def _need_taken_up(message):
    rows = Match.objects.visible_to(message.recipient).select_related(
        "need__theme", "need__region", "need__indicator", "offer__organization", "by"
    )
    match = rows.filter(pk=message.about["match"]).first()
    if match is None:
        raise ValueError("the recipient may no longer see the need")
    return message.kind, {"match": match, "url": _address("partnerships:need-detail", match.need_id)}


def _file_quarantined(message):
    files = StoredFile.objects.visible_to(message.recipient)
    rows = FileScan.objects.select_related("file__document__agreement", "file__uploaded_by")
    scan = rows.filter(pk=message.about["scan"], file__in=files).first()
    if scan is None:
        raise ValueError("the recipient may no longer see the document")
    return message.kind, {"scan": scan, "url": settings.PORTAL_URL + scan.file.document.get_absolute_url()}


_WORDS = {
    MessageKind.INVITATION: _invitation,
    MessageKind.TRANSFER: _transfer,
    MessageKind.DIGEST: _digest,
    MessageKind.REPORT_RETURNED: _decision,
    MessageKind.REPORT_VERIFIED: _decision,
    MessageKind.CONFIRMATION: _confirmation,
    MessageKind.NEED_TAKEN_UP: _need_taken_up,
    MessageKind.FILE_QUARANTINED: _file_quarantined,
}


def _posting(message):
    if "posting" not in message.about:
        return None
    return Posting.objects.select_related("organization").get(pk=message.about["posting"])


def _way_in(user, *, needs_password):
    return {
        "password_link": _password_link(user) if needs_password else None,
        "link_hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }


def _password_link(user):
    """A link that sets the password once."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.PORTAL_URL + path.replace("UID-KEY", key)


def _address(name, *arguments):
    """The address of a page; it names the portal's own host, never a request's."""
    return settings.PORTAL_URL + reverse(name, args=arguments)
