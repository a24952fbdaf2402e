"""Sessions in the database that end when nobody asks for anything, without a write for each request."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone

_BEGAN = "began_at"
# A session that is used is put off again after so long, so that a page read costs no write.
_STEP = timedelta(minutes=5)


class SessionStore(db.SessionStore):
    """A session ends SESSION_COOKIE_AGE after it began, and SESSION_IDLE_SECONDS after its last use (give or
    take five minutes, to its disadvantage)."""

    def load(self):
        row = self._get_session_from_db()
        if row is None:
            return {}
        data = self.decode(row.session_data)
        end = self._end(data)
        if end - row.expire_date > _STEP:
            self.model.objects.filter(session_key=row.session_key).update(expire_date=end)
        return data

    def save(self, must_create=False):
        self._get_session(no_load=must_create).setdefault(_BEGAN, timezone.now().timestamp())
        super().save(must_create)

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.expire_date = self._end(data)
        return row

    @staticmethod
    def _end(data):
        now = timezone.now()
        age = now.timestamp() - data.get(_BEGAN, now.timestamp())
        left = min(settings.SESSION_COOKIE_AGE - age, settings.SESSION_IDLE_SECONDS)
        return now + timedelta(seconds=left)
