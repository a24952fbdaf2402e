import sys

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.actions.readings import check_files
from partnerships.models import Commitment, CommitmentStanding, StoredFile


class Command(BaseCommand):
    help = (
        "Compare every stored file with its SHA-256, and every standing of a commitment with its reports and"
        " its calendar. Prints what is changed or missing; then exits with 1."
    )

    def handle(self, *args, **options):
        with translation.override("id"):
            faults = self._files() + self._standings()
        if faults:
            sys.exit(1)

    def _files(self):
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
        return damaged

    def _standings(self):
        different = 0
        for pk in CommitmentStanding.objects.all_that_differ():
            different += 1
            ref = Commitment.objects.filter(pk=pk).values_list("agreement__ref", flat=True).first() or "-"
            self.stdout.write(_("%(ref)s  commitment %(pk)d: its standing differs") % {"ref": ref, "pk": pk})
        said = {"all": Commitment.objects.count(), "different": different}
        self.stdout.write(_("%(all)d standings checked, %(different)d differ.") % said)
        return different
