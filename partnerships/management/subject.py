"""What the commands about one human being's data have in common."""

from abc import ABC, abstractmethod

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from partnerships.selectors import subjects


class SubjectCommand(ABC, BaseCommand):
    """A command about the one whom its first arguments name: keys, e-mail addresses or names."""

    # Whether it changes something, so that a reason is asked for.
    writes = True

    def add_arguments(self, parser):
        parser.add_argument(
            "who",
            nargs="+",
            metavar="WHO",
            help="person:12, user:7, an e-mail address or a name; all of them mean one human being.",
        )
        if self.writes:
            parser.add_argument(
                "--reason", required=True, help="The number of the request; it must not name the person."
            )

    def handle(self, *args, who, **options):
        with translation.override("id"):
            try:
                self.do(subjects.find(*who), **options)
            except subjects.NotFound as error:
                raise CommandError(f"Nobody is known as {error}.") from error
            except subjects.Several as error:
                raise CommandError(
                    f"More than one is meant, name them by their keys (all, if they are one): {error}."
                ) from error
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error

    @abstractmethod
    def do(self, subject, **options):
        """What the command is for, with the Subject who was named. Raises ValidationError."""
