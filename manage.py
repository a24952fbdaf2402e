#!/usr/bin/env python
"""The portal's commands. Those that read or write data find the embedded PostgreSQL running."""

import os
import signal
import sys
from contextlib import ExitStack

from django.core.management import execute_from_command_line

from kemnaker_portal.embedded_postgres import in_use, portal_data
from kemnaker_portal.postgres_programs import EmbeddedPostgresError

WITHOUT_DATABASE = {
    *("", "help", "version", "check", "diffsettings", "startapp", "startproject"),
    *("makemessages", "compilemessages", "collectstatic", "findstatic"),
}
# What changes the tables is done by the role that owns them, pages are served by the web role; everything
# else is background work.
AS_OWNER = {
    *("migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations"),
    *("flush", "sqlflush", "pgtrigger", "generate_load"),
    *("person_erase", "erase_again", "destroy_approved"),
}


AS_WEB = {"runserver", "check"}


def main(arguments: list[str]) -> None:
    command = arguments[1] if len(arguments) > 1 and not arguments[1].startswith("-") else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kemnaker_portal.settings")
    if command not in AS_WEB:
        os.environ.setdefault("PORTAL_DB_ROLE", "owner" if command in AS_OWNER else "jobs")
    asks_for_help = {"-h", "--help"} & set(arguments)
    needs_none = command in WITHOUT_DATABASE and "--database" not in arguments
    with ExitStack() as stack:
        if not (needs_none or asks_for_help or os.environ.get("DATABASE_URL")):
            # Ended politely, a command still lets go of the server it may be the last to use.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
            stack.enter_context(in_use(portal_data()))
        execute_from_command_line(arguments)


if __name__ == "__main__":
    try:
        main(sys.argv)
    except EmbeddedPostgresError as error:
        sys.exit(str(error))
