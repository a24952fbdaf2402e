import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from kemnaker_portal import scanner
from partnerships import files
from partnerships.actions.scanning import scan, unscanned_files
from partnerships.models import StoredFile, Verdict


class Command(BaseCommand):
    help = (
        "Show the virus scanner the stored files that it has not looked at; with --again, all of them. Prints"
        " those in which it finds something or that it can't look at; then exits with 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="Also those that it has looked at.")

    def handle(self, *args, again, **options):
        if not scanner.is_configured():
            raise CommandError("CLAMD names no scanner")
        rows = StoredFile.objects.order_by("pk") if again else unscanned_files()
        with translation.override("id"):
            clean = others = 0
            for file in rows.select_related("document__agreement").iterator():
                if problem := self._problem_of(file):
                    others += 1
                    where = f"{file.document.agreement.ref}  {file.name}, {file.document.title}"
                    self.stdout.write(f"{where}: {problem}")
                else:
                    clean += 1
            said = {"clean": clean, "others": others}
            self.stdout.write(_("%(clean)d files without a virus, %(others)d others.") % said)
        if others:
            sys.exit(1)

    @staticmethod
    def _problem_of(file):
        try:
            said = scan(file=file)
        except (scanner.NoVerdict, files.FileDamaged) as problem:
            return _("not scanned (%(problem)s)") % {"problem": problem}
        except scanner.ScannerAway as problem:
            raise CommandError(f"the scanner: {problem}") from problem
        return said.virus if said.verdict == Verdict.INFECTED else ""
