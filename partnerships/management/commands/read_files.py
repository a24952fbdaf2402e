from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.actions.readings import read, waiting_files
from partnerships.models import StoredFile


class Command(BaseCommand):
    help = "Read what stands in the stored files that have not been read yet; with --again, in all of them."

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="Also those that have been read.")

    def handle(self, *args, again, **options):
        rows = StoredFile.objects.readable().let_out().order_by("pk") if again else waiting_files()
        with translation.override("id"):
            number = 0
            for file in list(rows.select_related("document__agreement")):
                found = read(file=file)
                number += 1
                pages = ngettext("%(n)d page", "%(n)d pages", found.pages) % {"n": found.pages}
                self.stdout.write(
                    f"{file.document.agreement.ref}  {file.name}: {found.get_state_display()}, {pages}"
                )
            if not number:
                self.stdout.write(_("No file waits to be read."))
