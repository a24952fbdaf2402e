from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.actions import destruction


class Command(BaseCommand):
    help = (
        "Destroy the papers whose lists two administrators approved, but for those that are held by now; the"
        " job of retention, for a timer. Runs as the owner of the tables."
    )

    def handle(self, *args, **options):
        with translation.override("id"):
            try:
                lists = destruction.carry_out_all()
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            for disposal in lists:
                self.stdout.write(str(disposal))
                for item in disposal.items.all():
                    said = {"rows": item.rows, "files": item.files}
                    self.stdout.write(f"  {item}  " + _("%(rows)d records, %(files)d files") % said)
