import sys

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.actions import sealing


class Command(BaseCommand):
    help = "Seal now what the history has that is not in its chain yet; the worker does it every minute."

    def handle(self, *args, **options):
        with translation.override("id"):
            try:
                rows = sealing.seal()
            except sealing.HeldUp:
                self.stderr.write(_("A transaction has been open for long; nothing was sealed. Try again."))
                sys.exit(1)
            self.stdout.write(_("%(rows)d rows of the history sealed.") % {"rows": rows})
