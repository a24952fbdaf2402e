import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import User
from partnerships.management.breach import BreachReport


class Command(BaseCommand):
    help = (
        "What an account read, wrote and could enter in a span of time, and whose personal data that was:"
        " for the notice that UU 27/2022, article 46, wants within 3 x 24 hours."
    )

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument("--from", required=True, dest="since", metavar="DAY", help="A day or a moment.")
        parser.add_argument("--to", required=True, dest="until", metavar="DAY", help="Included if a day.")
        parser.add_argument("--csv", action="store_true", help="One line for each thing, instead of a text.")

    def handle(self, *args, user, since, until, csv, **options):
        account = User.objects.filter(email__iexact=user).first()
        if account is None:
            raise CommandError(f"There is no account of {user}.")
        begin, end = _moment(since), _moment(until, is_end=True)
        if begin >= end:
            raise CommandError("--from has to lie before --to.")
        with translation.override("id"):
            report = BreachReport(account, begin, end)
            self.stdout.write(report.as_csv() if csv else report.as_text(), ending="")


def _moment(text, is_end=False):
    """The moment that is meant; the end of a day that is the last one. Raises CommandError."""
    try:
        moment, day = parse_datetime(text), parse_date(text[:10]) if len(text) == 10 else None
    except ValueError:
        moment = day = None
    if day:
        moment = datetime.datetime.combine(day + datetime.timedelta(days=is_end), datetime.time())
    if moment is None:
        raise CommandError(f"“{text}” is neither a day (2026-06-03) nor a moment (2026-06-03T08:00).")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
