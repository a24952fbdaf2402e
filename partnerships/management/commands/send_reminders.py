import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.actions.reminders import remind
from partnerships.models import Commitment
from partnerships.selectors.lateness import said
from partnerships.selectors.reminders import digests_on


class Command(BaseCommand):
    help = "Print whom to remind of which report; write the mails only with --apply."

    def add_arguments(self, parser):
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="As if it were that day; today without it.")
        parser.add_argument("--apply", action="store_true", help="Write the mails; the worker sends them.")

    def handle(self, *args, on, apply, **options):
        on = _day(on)
        with translation.override("id"):
            self._print(on)
            if not apply:
                self.stdout.write(_("Nothing has been written. Write it with --apply."))
                return
            written = remind(on=on)
            self.stdout.write(
                ngettext("%(n)d mail written.", "%(n)d mails written.", written) % {"n": written}
            )

    def _print(self, on):
        digest = None
        for digest in digests_on(on):
            wanted = [each.commitment for each in digest.reminders]
            commitments = Commitment.objects.select_related("agreement").in_bulk(wanted)
            off = "" if digest.wanted else f" ({_('wants no reminders')})"
            self.stdout.write(f"{digest.reader.email}{off}")
            for each in digest.reminders:
                commitment = commitments[each.commitment]
                day = date_format(each.ends, "j F Y")
                self.stdout.write(
                    f"    {commitment.agreement.ref}  {day}, {said(each.ends, on)}: {commitment.text}"
                )
        if digest is None:
            day = date_format(on, "j F Y")
            self.stdout.write(_("Nobody has to be reminded of anything on %(day)s.") % {"day": day})


def _day(text):
    if not text:
        return timezone.localdate()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("“%(day)s” is not a day. Write it like 2026-01-31.") % {"day": text[:20]}
        ) from None
