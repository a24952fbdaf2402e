"""What an administrator mends about the protection of an account: a lost second factor, a wrong address."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import addresses, telling
from accounts.models import SecondFactor, User
from partnerships.actions import guard, refusals
from partnerships.permissions import Action, check

_TAKEN = _("Another account has this address.")
_SENTENCES = {"user_email_unique_whatever_the_case": _TAKEN, "accounts_user_email": _TAKEN}


@transaction.atomic
def remove_second_factors(*, user, by, reason):
    """Let somebody in who lost phone, keys and recovery codes: by the password alone, until a new factor is
    set up. Whoever is signed in with the account is out, and its owner is told."""
    check(by, Action.MANAGE_ACCOUNTS)
    with guard.history(by, "user.remove_second_factors", reason):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.pk == by.pk:
            raise ValidationError(_("Have another administrator do this for you."))
        factors = SecondFactor.objects.filter(user=user)
        if not factors.exists():
            raise ValidationError(_("This account has no second factor."))
        factors.delete()
        user.end_sessions()
        telling.owe(user, telling.Change.RESET)
        return user


@transaction.atomic
def correct_address(*, user, address, by, reason):
    """Give an account the address that is right. Both addresses are told, and its sessions end."""
    check(by, Action.MANAGE_ACCOUNTS)
    with refusals.in_words(_SENTENCES), guard.history(by, "user.correct_address", reason):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.pk == by.pk:
            raise ValidationError(_("Change your own address on the page of your account."))
        if user.email == address.lower():
            raise ValidationError(_("This is the address of the account already."))
        addresses.change(user=user, address=address)
        return user
