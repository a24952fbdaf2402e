import re
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.actions.readings import check_files
from partnerships.models import Commitment, CommitmentStanding, StoredFile
from partnerships.selectors.chain import check_chain

_HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")
# More lines than these tell nobody more.
_MOST_LINES = 20


class Command(BaseCommand):
    help = (
        "Compare the history with its chain, every stored file with its SHA-256, and every standing of a"
        " commitment with its reports and its calendar. Prints what is changed or missing; then exits with 1."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--head",
            metavar="NUMBER:HASH",
            help="A head of the history's chain that was kept outside: it has to stand in the chain.",
        )

    def handle(self, *args, head=None, **options):
        noted = _HEAD.fullmatch(head) if head else None
        if head and not noted:
            raise CommandError("--head wants NUMBER:HASH, as history_head prints it")
        with translation.override("id"):
            faults = self._history(noted and (int(noted[1]), noted[2])) + self._files() + self._standings()
        if faults:
            sys.exit(1)

    def _history(self, noted):
        found = check_chain(noted)
        for number, table, rows, note in found.restated:
            said = {"number": number, "table": table, "rows": rows, "note": note}
            self.stdout.write(_("block %(number)d, %(table)s: %(rows)d rows put down anew: %(note)s") % said)
        for broken in found.broken[:_MOST_LINES]:
            said = {"number": broken.number, "table": broken.table or "-", "key": broken.key}
            where = (
                _("block %(number)d, %(table)s")
                if broken.key is None
                else _("block %(number)d, %(table)s %(key)d")
            )
            self.stdout.write(f"{where % said}: {broken.fault.label}")
        said = {
            "rows": found.rows,
            "blocks": found.blocks,
            "broken": len(found.broken),
            "waiting": found.not_sealed,
            "head": found.head or "-",
        }
        self.stdout.write(
            _(
                "%(rows)d rows of the history in %(blocks)d blocks checked, %(broken)d links broken;"
                " %(waiting)d rows not sealed yet; head %(head)s"
            )
            % said
        )
        return len(found.broken)

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
