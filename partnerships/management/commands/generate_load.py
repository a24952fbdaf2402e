import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from partnerships.management.load import SOURCE, generation, removal
from partnerships.models import Agreement


class Command(BaseCommand):
    help = (
        "Fill the register with made-up papers and commitments, to measure it; --remove takes exactly these"
        " out again. Refuses where real papers are."
    )

    def add_arguments(self, parser):
        parser.add_argument("--agreements", type=int, default=100_000, help="100000 unless said otherwise")
        parser.add_argument(
            "--commitments", type=int, default=1_000_000, help="1000000 unless said otherwise"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="the same on the same day gives the same records"
        )
        parser.add_argument("--remove", action="store_true", help="take the made-up records out again")

    def handle(self, *args, agreements, commitments, seed, remove, **options):
        self.began = time.monotonic()
        self._check_owner()
        if not remove:
            self._check_place(agreements, commitments)
        with transaction.atomic(), connection.cursor() as cursor:
            if remove:
                rows = removal.remove(cursor, self.say)
            else:
                on = timezone.localdate()
                rows = generation.generate(cursor, agreements, commitments, seed, on, self.say)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.say("statistics")
        for table, number in rows.items():
            if number:
                self.stdout.write(f"{table:<34}{number:>10,}")

    def say(self, what):
        self.stdout.write(f"{time.monotonic() - self.began:7.1f} s  {what}")
        self.stdout.flush()

    @staticmethod
    def _check_owner():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
                " WHERE oid = 'partnerships_agreement'::regclass"
            )
            if not cursor.fetchone()[0]:
                raise CommandError("Only the owner of the tables can do this: set PORTAL_DB_ROLE=owner.")

    @staticmethod
    def _check_place(agreements, commitments):
        if agreements < 1 or commitments < 0:
            raise CommandError("At least one paper is wanted, and no fewer than no commitments.")
        if Agreement.objects.filter(external_source=SOURCE).exists():
            raise CommandError("Made-up papers are here already: generate_load --remove takes them out.")
        if Agreement.objects.exists() and not settings.DEMO:
            raise CommandError(
                "The register holds real papers, and made-up ones never stand beside them:"
                " use a database of its own, or a demonstration (DEMO=1)."
            )
