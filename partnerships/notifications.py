"""Messages that a decision owes somebody: each is a row of the decision's own transaction.

The row says whom and about what, never a secret: links that open an account are made when the
worker sends (jobs.py).
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string

from accounts.models import User
from partnerships.models import MailPreference, MessageKind, OutboxMessage, Posting
from partnerships.roles import Role


def invited(posting):
    """To a person without a password: the account exists, choose a password."""
    return _owe(MessageKind.INVITATION, posting.user, posting=posting.pk)


def password_link(user):
    """To anyone who has to choose a new password."""
    return _owe(MessageKind.INVITATION, user)


def password_link_asked_for(user):
    """To who asked for it at the door."""
    return _owe(MessageKind.INVITATION, user, asked=True)


def office_left(posting):
    """To the person whose posting ends by a transfer."""
    return _owe(MessageKind.TRANSFER, posting.user, posting=posting.pk, side="left")


def office_taken_over(posting):
    """To the successor; one without a password gets a link to choose it."""
    return _owe(MessageKind.TRANSFER, posting.user, posting=posting.pk, side="taken_over")


def report_returned(report):
    """To who submitted a report: what has to be changed."""
    return _decided(MessageKind.REPORT_RETURNED, report)


def report_verified(report):
    """To who submitted a report: it counts from now on."""
    return _decided(MessageKind.REPORT_VERIFIED, report)


def digest(user, on, entries):
    """What is due, to one reader, in one mail; ``entries`` are (commitment id, last day, step)."""
    return _owe(MessageKind.DIGEST, user, on=on.isoformat(), entries=entries)


def confirmation_asked(request):
    """To the partner's contact, who has no account: is this report right?"""
    return _owe_to_address(MessageKind.CONFIRMATION, request.email, confirmation=request.pk)


def need_taken_up(match):
    """To who stated the need: a paper was proposed for it."""
    stated_by = match.need.stated_by
    unwanted = MailPreference.objects.filter(user=stated_by, decisions=False)
    if stated_by == match.by or unwanted.exists():
        return None
    return _owe(MessageKind.NEED_TAKEN_UP, stated_by, match=match.pk)


def file_quarantined(scan):
    """To who brought a stored file, and to the registrars: a virus was found in it."""
    registrars = Posting.objects.active().filter(role=Role.REGISTRAR, user=OuterRef("pk"))
    told = User.objects.filter(Q(pk=scan.file.uploaded_by_id) | Exists(registrars), is_active=True)
    return [_owe(MessageKind.FILE_QUARANTINED, person, scan=scan.pk) for person in told.order_by("pk")]


def repeat(message):
    """The same message once more: a new row when it was sent, a fresh start when it was not."""
    if message.sent_at and message.recipient is None:
        return _owe_to_address(message.kind, message.address, **message.about)
    if message.sent_at:
        return _owe(message.kind, message.recipient, **message.about)
    message.attempts, message.problem = 0, ""
    message.save(update_fields=["attempts", "problem"])
    _wake_the_worker()
    return message


def _decided(kind, report):
    # The move says when and why; a report may be decided on more than once.
    move = report.moves.first()
    unwanted = MailPreference.objects.filter(user=report.submitted_by, decisions=False)
    if unwanted.exists():
        return None
    return _owe(kind, report.submitted_by, report=report.pk, move=move.pk)


def _owe_to_address(kind, address, **about):
    message = OutboxMessage.objects.create(kind=kind, address=address, about=about)
    _wake_the_worker()
    return message


def _owe(kind, recipient, **about):
    message = OutboxMessage.objects.create(kind=kind, recipient=recipient, about=about)
    _wake_the_worker()
    return message


def _wake_the_worker():
    # Jobs stand above this module; a task is known by its path, as in the queue itself.
    import_string("partnerships.jobs.deliver_messages").enqueue()
