"""Messages that a decision owes somebody: each is a row of the decision's own transaction.

The row says whom and about what, never a secret: links that open an account are made when the
worker sends (jobs.py).
"""

from django.utils.module_loading import import_string

from partnerships.models import MessageKind, OutboxMessage


def invited(posting):
    """To a person without a password: the account exists, choose a password."""
    return _owe(MessageKind.INVITATION, posting.user, posting=posting.pk)


def password_link(user):
    """To anyone who has to choose a new password."""
    return _owe(MessageKind.INVITATION, user)


def office_left(posting):
    """To the person whose posting ends by a transfer."""
    return _owe(MessageKind.TRANSFER, posting.user, posting=posting.pk, side="left")


def office_taken_over(posting):
    """To the successor; one without a password gets a link to choose it."""
    return _owe(MessageKind.TRANSFER, posting.user, posting=posting.pk, side="taken_over")


def repeat(message):
    """The same message once more: a new row when it was sent, a fresh start when it was not."""
    if message.sent_at:
        return _owe(message.kind, message.recipient, **message.about)
    message.attempts, message.problem = 0, ""
    message.save(update_fields=["attempts", "problem"])
    _wake_the_worker()
    return message


def _owe(kind, recipient, **about):
    message = OutboxMessage.objects.create(kind=kind, recipient=recipient, about=about)
    _wake_the_worker()
    return message


def _wake_the_worker():
    # Jobs stand above this module; a task is known by its path, as in the queue itself.
    import_string("partnerships.jobs.deliver_messages").enqueue()
