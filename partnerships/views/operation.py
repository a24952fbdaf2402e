"""Pages for programs that watch the portal."""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from kemnaker_portal.metrics import exposition
from kemnaker_portal.readers import whole_register
from partnerships.selectors.operation import operating_figures


@require_safe
@login_not_required
def metrics(request):
    """The figures, for who knows METRICS_TOKEN (Authorization: Bearer). For everybody else there is no such
    page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    with whole_register():
        text, media_type = exposition(operating_figures())
    return HttpResponse(text, content_type=media_type)
