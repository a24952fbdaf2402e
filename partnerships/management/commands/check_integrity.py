import sys

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.actions.readings import check_files
from partnerships.models import StoredFile


class Command(BaseCommand):
    help = "Compare every stored file with its SHA-256. Prints what is changed or missing; then exits with 1."

    def handle(self, *args, **options):
        with translation.override("id"):
            damaged = 0
            for file, state in check_files():
                damaged += 1
                self.stdout.write(
                    f"{file.document.agreement.ref}  {file.document.title}, "
                    + _("version %(number)d, key %(key)s: %(state)s")
                    % {"number": file.number, "key": file.key, "state": state.label}
                )
            said = {"all": StoredFile.objects.count(), "damaged": damaged}
            self.stdout.write(_("%(all)d files checked, %(damaged)d not as they came.") % said)
        if damaged:
            sys.exit(1)
