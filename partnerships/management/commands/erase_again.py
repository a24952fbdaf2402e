from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import ngettext

from partnerships.actions import subjects


class Command(BaseCommand):
    help = (
        "Erase whom an older backup has brought back, by the list of erasures that script/backup keeps beside"
        " the backups; script/restore calls it."
    )

    def add_arguments(self, parser):
        parser.add_argument("list", type=Path, metavar="FILE")

    def handle(self, *args, **options):
        lines = options["list"].read_text().splitlines()
        with translation.override("id"):
            again = subjects.erase_again(lines=lines)
            self.stdout.write(
                ngettext("%(number)d person was erased again.", "%(number)d people were erased again.", again)
                % {"number": again}
            )
