"""Which passwords are refused beyond those that Django refuses: docs/accounts.md, "Passwords"."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What stands on the portal's own pages, and what its people would try first.
WORDS_OF_THE_PORTAL = {
    "kemnaker",
    "kementerian",
    "ketenagakerjaan",
    "kemenaker",
    "naker",
    "tenagakerja",
    "kemitraan",
    "mitra",
    "portal",
    "portalkemitraan",
    "kerjasama",
    "birokerjasama",
    "kesepakatan",
    "naskah",
    "disnaker",
    "binalavotas",
    "binapenta",
    "vokasi",
    "indonesia",
    "jakarta",
    "merdeka",
    "garuda",
    "pancasila",
    "registrar",
    "pimpinan",
    "admin",
    "administrator",
    "katasandi",
    "sandi",
    "rahasia",
    "password",
}
_DRESS = re.compile(r"[\W\d_]+")


class DressedUpWord(CommonPasswordValidator):
    """Refuses a password that is a word of the portal, or one of Django's 20,000 common passwords, with
    nothing but digits and signs before, after and between."""

    def validate(self, password, user=None):
        word = _DRESS.sub("", password.lower())
        if word in WORDS_OF_THE_PORTAL or (word and word in self.passwords):
            raise ValidationError(self.get_error_message(), code="password_dressed_up")

    def get_error_message(self):
        return _("That is a word that many try, with digits and signs around it.")

    def get_help_text(self):
        return _("Several words are stronger than one with digits and signs around it.")
