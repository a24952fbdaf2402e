import sys

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.models import HistoryBlock


class Command(BaseCommand):
    help = "Print the head of the history's chain (NUMBER:HASH and its time), to be kept outside the portal."

    def handle(self, *args, **options):
        head = HistoryBlock.objects.head()
        if head is None:
            with translation.override("id"):
                self.stderr.write(_("Nothing of the history is sealed yet."))
            sys.exit(1)
        self.stdout.write(f"{head}  {head.sealed_at.isoformat(timespec='seconds')}")
