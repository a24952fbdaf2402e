from django.utils.translation import gettext as _

from partnerships.actions import subjects
from partnerships.actions.erasing import KEPT, KEPT_COLUMNS
from partnerships.management.subject import SubjectCommand


class Command(SubjectCommand):
    help = (
        "Put a neutral word where one human being is named, in the history too, and close their account"
        " (UU 27/2022, articles 8 and 43). Prints what was changed, and where the name still stands and why."
        " It can't be undone."
    )

    def do(self, subject, *, reason, **options):
        changed, remains = subjects.erase(subject=subject, reason=reason)
        for table, rows in sorted(changed.items()):
            self.stdout.write(f"{table:<44}{rows:>8,}")
        for held in remains:
            self.stdout.write(f"{held.table} {held.key} ({', '.join(held.named)}): {_why(held)}")
        self.stdout.write(
            _("Erased. Make a backup now: it notes for every restore whom to erase again.")
            if not remains
            else _(
                "Erased, but for the rows above: look at them by hand. Make a backup now: it notes for every"
                " restore whom to erase again."
            )
        )


def _why(held):
    if held.table in KEPT:
        return KEPT[held.table]
    if held.table in KEPT_COLUMNS:
        return "stays as it is written"
    return "may be somebody else: the name is of one word, or others have it too"
