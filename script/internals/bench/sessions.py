"""Prints the cookie of each reader's session, for clients that come from outside."""

from script.internals.bench import inside
from script.internals.bench.people import reader


def main() -> None:
    inside.set_up()
    from django.conf import settings
    from django.test import Client

    for name in ("registrar", "officer", "admin"):
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(reader(name))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        inside.say(**{name: f"{cookie.key}={cookie.value}"})


if __name__ == "__main__":
    main()
