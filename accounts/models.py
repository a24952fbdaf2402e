import pghistory
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.names import names_are_seen


class UserManager(BaseUserManager):
    def create_user(self, email, name, password=None, **extra):
        """Make an account; without a password nobody can sign in until one is set by mail."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, name, password=None):
        return self.create_user(email, name, password, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Language(models.TextChoices):
    INDONESIAN = "id", "Bahasa Indonesia"
    ENGLISH = "en", "English"


# The password, the time of the last sign-in and what sessions hang on are nobody's history.
@pghistory.track(exclude=["password", "last_login", "session_seed"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. What the person may do comes from the postings to an office."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.INDONESIAN)
    shortcuts = models.BooleanField(_("single keys do something in lists"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    date_joined = models.DateTimeField(_("account made"), auto_now_add=True)
    # Every session carries a hash of it: a new one ends them all.
    session_seed = models.CharField(max_length=22, default="", editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_the_case"),
            names_are_seen("user", "name"),
        ]

    def __str__(self):
        return f"{self.name} <{self.email}>"

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    def end_sessions(self):
        """Sign the person out everywhere, on the very next request of each browser."""
        self.session_seed = get_random_string(22)
        self.save(update_fields=["session_seed"])

    def _get_session_auth_hash(self, secret=None):
        # The one place from which Django takes the hash for the key of today and for older ones.
        salt = "accounts.User.session"
        return salted_hmac(
            salt, self.password + self.session_seed, secret=secret, algorithm="sha256"
        ).hexdigest()


# Neither the secret nor how often it was used is history.
@pghistory.track(fields=["id", "user", "type", "created_at"], model_name="SecondFactorEvent")
class SecondFactor(Authenticator):
    """What somebody proves besides the password: an app's code, a passkey, a list of recovery codes.

    The rows are the library's; this name of them gives them a history and a page of the administration.
    """

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        ordering = ["-created_at"]

    def __str__(self):
        return str(KINDS_OF_FACTOR[self.type])


KINDS_OF_FACTOR = {
    Authenticator.Type.TOTP: _("authenticator app"),
    Authenticator.Type.WEBAUTHN: _("passkey"),
    Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
}


class ErrorReport(models.Model):
    """An error that somebody met on a page, by the number that the page told them to quote."""

    request_id = models.CharField(_("number"), max_length=32, unique=True)
    happened_at = models.DateTimeField(_("time"), auto_now_add=True)
    method = models.CharField(_("method"), max_length=8)
    path = models.CharField(_("page"), max_length=300)
    kind = models.CharField(_("kind of error"), max_length=200)
    place = models.CharField(_("place in the code"), max_length=300)
    user = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("met by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-happened_at"]

    def __str__(self):
        return f"{self.request_id} {self.kind}"
