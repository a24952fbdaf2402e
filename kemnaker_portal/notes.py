"""Where the sentence waits that the next page shows ("Saved.")."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NoteCookie(CookieStorage):
    """A cookie that no other host can set; the library knows no setting for its name."""

    cookie_name = "__Host-messages" if settings.HTTPS else "messages"

    def _update_cookie(self, encoded_data, response):
        super()._update_cookie(encoded_data, response)
        # A cookie of this name is taken back only by who says that it was a secure one.
        if self.cookie_name in response.cookies and settings.HTTPS:
            response.cookies[self.cookie_name]["secure"] = True


class NoteStorage(FallbackStorage):
    """The cookie, and the session for what is too long for one."""

    storage_classes = (NoteCookie, SessionStorage)
