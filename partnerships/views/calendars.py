import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from kemnaker_portal.readers import reading_for
from partnerships.actions import calendar_feeds
from partnerships.exports.as_calendar import CONTENT_TYPE, calendar_file
from partnerships.selectors.calendar import days_of


# Public: a calendar program can't sign in; the address is the key.
@login_not_required
@require_safe
def calendar_feed(request, token):
    """The calendar of whose private address it is, with what that person may see at this moment."""
    reader = calendar_feeds.reader_of(token)
    if reader is None:
        raise Http404
    with translation.override(reader.language), reading_for(reader):
        today = timezone.localdate()
        file = calendar_file(days_of(reader, today), today)
    etag = f'"{hashlib.sha256(file).hexdigest()}"'
    headers = {
        "Cache-Control": "private, no-store",
        "ETag": etag,
        "Content-Disposition": 'inline; filename="kemitraan.ics"',
        "Content-Language": reader.language,
        "X-Robots-Tag": "noindex",
    }
    response = HttpResponse(file, content_type=CONTENT_TYPE, headers=headers)
    return get_conditional_response(request, etag=etag, response=response)
