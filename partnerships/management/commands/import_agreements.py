from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from partnerships.imports.plan import Verdict
from partnerships.imports.run import PUBLIC_RECORDS, apply_plan, plan_import
from partnerships.imports.table import FileRefused

_PORTAL_ACCOUNT = "system@portal.invalid"


class Command(BaseCommand):
    help = "Plan the import of a CSV or XLSX file of agreements; write it only with --apply."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--apply", action="store_true", help="Write what the plan says.")
        parser.add_argument("--source", default=PUBLIC_RECORDS, help="The register that the ids belong to.")
        parser.add_argument("--by", metavar="EMAIL", help="The account that imports.")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Also write rows whose record people have changed since it was imported.",
        )
        parser.add_argument("--brief", action="store_true", help="Print the counts only.")

    def handle(self, *args, **options):
        by = _account(options["by"])
        try:
            plan = plan_import(options["file"], source=options["source"], by=by)
        except (FileRefused, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("The file can't be opened: %(error)s") % {"error": error.strerror}
            ) from error
        if not options["brief"]:
            self._print_rows(plan)
        counts = plan.counts(overwrite=options["overwrite"])
        if options["apply"]:
            outcome = apply_plan(plan, by=by, overwrite=options["overwrite"])
            counts = outcome.counts
            if not options["brief"]:
                self._print_late_refusals(plan, outcome)
        self._print_counts(counts, applied=options["apply"])

    def _print_rows(self, plan):
        for note in plan.notes:
            self.stdout.write(_("Note: %(note)s") % {"note": note})
        for row in plan.rows:
            if row.verdict in (Verdict.NEW, Verdict.CHANGED):
                self.stdout.write(f"{row.number:>5} {row.external_id} {row.label}: {self._verdict(row)}")
            for change in row.changes:
                self.stdout.write(f"        {change.field}: “{change.before}” → “{change.after}”")
            for trouble in row.refusals:
                self.stdout.write(self.style.ERROR(self._line(_("refused"), trouble)))
            for trouble in row.warnings:
                self.stdout.write(self.style.WARNING(self._line(_("warning"), trouble)))

    @staticmethod
    def _verdict(row):
        if row.edited:
            return _("changed in the portal since; written only with --overwrite")
        return str(Verdict(row.verdict).label)

    @staticmethod
    def _line(word, trouble):
        where = _("row %(row)d") % {"row": trouble.row}
        if trouble.column:
            where = _("row %(row)d, column %(column)s") % {
                "row": trouble.row,
                "column": trouble.column,
            }
        return f"        {word}, {where}: {trouble.reason}"

    def _print_late_refusals(self, plan, outcome):
        """What only the database could refuse, or what has changed since the plan was made."""
        said = set(plan.refusals)
        for row in outcome.rows:
            for trouble in row.refusals:
                if trouble not in said:
                    self.stdout.write(self.style.ERROR(self._line(_("refused"), trouble)))

    def _print_counts(self, counts, *, applied):
        self.stdout.write(
            _(
                "%(new)d new, %(changed)d changed, %(kept)d kept as people have changed them, "
                "%(same)d the same, %(refused)d refused; %(warned)d with a warning."
            )
            % vars(counts)
        )
        if not applied:
            self.stdout.write(_("Nothing has been written. Write it with --apply."))


def _account(email):
    """The account named, or the portal's own: nobody can sign in with it."""
    if email:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active account %(email)s.") % {"email": email})
        return user
    user = User.objects.filter(email=_PORTAL_ACCOUNT).first()
    return user or User.objects.create_user(_PORTAL_ACCOUNT, "Portal", is_superuser=True)
