"""A new e-mail address of an account: asked for by its owner, proved by a link that goes to it."""

import pghistory
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_tasks import task

from accounts import telling
from accounts.models import User

HOURS = 24
_SALT = "accounts.addresses"


class Spent(Exception):
    """The link was used, is too old, or its address belongs to an account by now."""


def ask(*, user, address):
    """Have a link sent to the new address. Whether it belongs to another account is told to nobody: then
    no mail is sent, and that takes no longer here."""
    send_link.enqueue(user.pk, address.lower())


@task()
def send_link(user_id, address):
    """Send the link that proves an address, unless an account has it."""
    user = User.objects.get(pk=user_id)
    if User.objects.filter(email=address).exists() or not user.is_active:
        return
    token = signing.dumps([user.pk, user.email, address], salt=_SALT)
    url = settings.PORTAL_URL + reverse("account_new_address", args=[token])
    telling.send(user, "new_address", address, {"url": url, "hours": HOURS, "address": address})


def asked(token):
    """Whose address a link changes, and to which. Raises Spent, and BadSignature for what is no link."""
    try:
        user_id, before, address = signing.loads(token, salt=_SALT, max_age=HOURS * 3600)
    except signing.SignatureExpired:
        raise Spent from None
    user = User.objects.filter(pk=user_id, email=before, is_active=True).first()
    if user is None or User.objects.filter(email=address).exists():
        raise Spent
    return user, address


def confirm(token):
    """Change the address as the link says; returns the user. Raises what ``asked`` raises."""
    user, address = asked(token)
    try:
        with pghistory.context(actor=user.pk, action="account.address"):
            change(user=user, address=address)
    except IntegrityError:
        raise Spent from None
    return user


@transaction.atomic
def change(*, user, address):
    """Give an account another address; whoever is signed in is out, and both addresses are told."""
    before, user.email = user.email, address.lower()
    user.save(update_fields=["email"])
    user.end_sessions()
    telling.owe(user, telling.Change.ADDRESS_LEFT, before)
    telling.owe(user, telling.Change.ADDRESS)
