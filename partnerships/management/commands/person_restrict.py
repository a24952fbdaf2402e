from django.utils.translation import gettext as _

from partnerships.actions import subjects
from partnerships.management.subject import SubjectCommand


class Command(SubjectCommand):
    help = (
        "Withhold the name and the addresses of one human being from every page, file and mail; only the"
        " administration shows them (UU 27/2022, articles 11 and 41: within 3 x 24 hours)."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--lift", action="store_true", help="Put everything back.")

    def do(self, subject, *, reason, lift, **options):
        (subjects.lift if lift else subjects.restrict)(subject=subject, reason=reason)
        words = _("No longer restricted: %(who)s.") if lift else _("Restricted: %(who)s.")
        self.stdout.write(words % {"who": ", ".join(subject.keys)})
