"""What the library of signing in asks the portal."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import browsers, confirming, door_log, guesses, sealing, telling
from accounts.models import User
from kemnaker_portal import readers


class Door(DefaultAccountAdapter):
    """The door of the portal: by invitation only, guesses counted, and each step asked for by name."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many wrong tries. Wait a quarter of an hour, or choose a new password with a link that comes"
            " by mail."
        ),
    }

    def is_open_for_signup(self, request):
        """Accounts are for named officers: an admin invites, nobody signs up."""
        return False

    def pre_authenticate(self, request, **credentials):
        """Count the guess before it is judged. Raises ValidationError when there were too many."""
        email = credentials["email"]
        self._whose = User.objects.filter(email=email.lower()).values_list("pk", flat=True).first()
        self._purse = _purse(request, email, self._whose)
        is_allowed = ratelimit.consume(request, action="password_of_network") and guesses.take(self._purse)
        if not is_allowed:
            door_log.refused(request, "too many tries", self._whose)
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        """The person whose password it is, None for nobody; a right guess does not count."""
        user = super().authenticate(request, **credentials)
        if user:
            guesses.give_back(self._purse)
        else:
            door_log.refused(request, "wrong password", self._whose)
        return user

    def login(self, request, user):
        """The rest of the request is already for who has signed in."""
        super().login(request, user)
        readers.from_now_on_for(user)

    def post_login(self, request, user, **how):
        """Who has signed in is known in this browser from now on."""
        response = super().post_login(request, user, **how)
        browsers.remember(request, response, user.pk)
        proofs = get_authentication_records(request, user)
        door_log.signed_in(request, user.pk, [proof.get("type", proof["method"]) for proof in proofs])
        return response

    def logout(self, request):
        door_log.signed_out(request, request.user.pk)
        super().logout(request)

    def set_password(self, user, password):
        """A new password: what was guessed of the old one is forgotten, and the owner is told."""
        is_first = not user.has_usable_password()
        super().set_password(user, password)
        guesses.refill(_strangers_of(user.email))
        if not is_first:
            telling.owe(user, telling.Change.PASSWORD)

    def get_reauthentication_methods(self, user):
        """The ways of the next proof that is missing (confirming.py); all of them when none is."""
        methods = super().get_reauthentication_methods(user)
        ids = confirming.next_proofs(self.request)
        return [method for method in methods if method["id"] in ids] or methods


class SecondFactors(DefaultMFAAdapter):
    """Second factors: how the library speaks of them, and how it keeps their secrets."""

    def encrypt(self, text):
        return sealing.seal(text)

    def decrypt(self, encrypted_text):
        return sealing.opened(encrypted_text)

    def generate_authenticator_name(self, user, kind):
        number = Authenticator.objects.filter(user_id=user.pk, type=kind).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def _get_site_name(self):
        return gettext("Kemnaker partnerships")


def _purse(request, email, user_id):
    """Whose guesses are counted: strangers', or those of a browser that this account is known in."""
    if user_id and request.user.is_authenticated and request.user.pk == user_id:
        return f"{user_id}:signed in"
    browser = browsers.is_known(request, user_id)
    return f"{user_id}:{browser}" if browser else _strangers_of(email)


def _strangers_of(email):
    return f"{email.lower()}:strangers"
