"""What the tests of the door have in common: signing in as a browser does, and an authenticator app."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth

PASSWORD = "sandi-untuk-uji-coba"


def sign_in(client, user, password=PASSWORD, **headers):
    return client.post("/masuk/", {"login": user.email, "password": password}, **headers)


def is_signed_in(client):
    return client.get("/akun/").status_code == 200


class App:
    """An authenticator app for an account that gets one, with recovery codes."""

    def __init__(self, user):
        self._secret = auth.generate_totp_secret()
        auth.TOTP.activate(user, self._secret)
        self.recovery_codes = RecoveryCodes.activate(user).get_unused_codes()

    @property
    def shows(self):
        """The six digits of this half minute."""
        return self.shows_for(self._secret)

    @staticmethod
    def shows_for(secret):
        counter = next(iter(auth.yield_hotp_counters_from_time()))
        return auth.format_hotp_value(auth.hotp_value(secret, counter))
