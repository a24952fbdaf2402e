from django.conf import settings
from django.utils import timezone


def portal(request):
    """What every page shows around its content."""
    return {
        "request_id": getattr(request, "number", ""),
        "demo": settings.DEMO,
        "now": timezone.now(),
    }
