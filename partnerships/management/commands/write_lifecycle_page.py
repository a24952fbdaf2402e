from django.core.management.base import BaseCommand

from partnerships.management.lifecycle_page import PATH, page


class Command(BaseCommand):
    help = "Write docs/lifecycle.md from the tables of moves and rights."

    def handle(self, *args, **options):
        PATH.write_text(page())
        self.stdout.write(str(PATH.relative_to(PATH.parents[1])))
