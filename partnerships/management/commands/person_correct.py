from django.utils.translation import gettext as _

from partnerships.actions import subjects
from partnerships.management.subject import SubjectCommand


class Command(SubjectCommand):
    help = (
        "Correct the name, the titles, the e-mail address or the telephone number of one human being wherever"
        " records say it (UU 27/2022, articles 6 and 30: within 3 x 24 hours)."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--name", default="")
        parser.add_argument("--title-before", metavar="TITLE")
        parser.add_argument("--title-after", metavar="TITLE")
        parser.add_argument("--email", default="")
        parser.add_argument("--phone", default="")

    def do(self, subject, *, reason, name, title_before, title_after, email, phone, **options):
        subjects.correct(
            subject=subject,
            reason=reason,
            name=name,
            title_before=title_before,
            title_after=title_after,
            email=email,
            phone=phone,
        )
        self.stdout.write(_("Corrected: %(who)s.") % {"who": ", ".join(subject.keys)})
