"""How much one person may bring in a day: more is a mistake, or somebody who fills the disk."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import StoredFile

# A ceremony of a hundred papers with its letters, scanned, fits in.
MOST_FILES, MOST_BYTES = 500, 5 * 2**30


def check_may_bring(by):
    """Raises ValidationError for who has brought as much as the portal takes of one person in a day.

    To be asked before a file is looked into. Files that come at the same time may go a little beyond.
    """
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = StoredFile.objects.filter(uploaded_by=by, uploaded_at__gte=day).aggregate(
        files=Count("pk"), size=Coalesce(Sum("size"), 0)
    )
    if today["files"] >= MOST_FILES or today["size"] >= MOST_BYTES:
        raise ValidationError(
            _("The portal takes at most %(files)d files or %(size)s of one person in a day. Go on tomorrow."),
            code="quota",
            params={"files": MOST_FILES, "size": filesizeformat(MOST_BYTES)},
        )
