"""Rules that may be left out without any reader, right or move becoming another, with the reason."""

UNNOTICED: dict[str, str] = {}
