import json
import logging
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from partnerships.management.subject import SubjectCommand
from partnerships.selectors.personal_data import SECRET, rows_about

log = logging.getLogger(__name__)


class Command(SubjectCommand):
    help = (
        "Everything that is held about one human being, as JSON: the copy that UU 27/2022, articles 7 and 32,"
        " gives them a right to. Read it before it is handed over: see docs/privacy.md."
    )
    writes = False

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--to", type=Path, metavar="FILE", help="A file that only its owner may read.")

    def do(self, subject, to=None, **options):
        about, to_check, did = defaultdict(list), defaultdict(list), defaultdict(list)
        for held in rows_about(subject):
            if held.points or _is_surely(held, subject):
                about[held.table].append(_said(held))
            elif held.named:
                to_check[held.table].append(_said(held))
            else:
                did[held.table].append(_done(held))
        document = {
            "made_at": timezone.localtime().isoformat(timespec="seconds"),
            "who": {name: list(values) for name, values in asdict(subject).items() if name != "asked"},
            "tables": {
                model._meta.db_table: str(model._meta.verbose_name_plural)
                for model in apps.get_models()
                if model._meta.db_table in {*about, *to_check, *did} and not model._meta.proxy
            },
            "held": about,
            "acted": did,
            "named_perhaps_somebody_else": to_check,
            "kept_and_not_shown": {table: sorted(SECRET[table]) for table in SECRET if table in about},
        }
        written = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        # By key alone: the log names nobody.
        keys = [key for key in subject.keys if "@" not in key]
        log.info("a copy of the data was made of %s", ", ".join(keys) or "an address")
        if to is None:
            self.stdout.write(written)
            return
        to.touch(mode=0o600, exist_ok=False)
        to.write_text(f"{written}\n", encoding="utf-8")


def _said(held):
    why = {"points": held.points, "named_in": held.named, "acted": held.did}
    return {"key": held.key, "why": {name: value for name, value in why.items() if value}, "row": held.row}


def _done(held):
    """Of an event that is only theirs because they did it: when and what, not the record of others."""
    context = held.row["pgh_context"]
    said = {name: context.get(name) for name in ("door", "action", "reason", "path") if context.get(name)}
    return {
        "at": held.row["pgh_created_at"],
        "what": held.row["pgh_label"],
        "record": held.row["pgh_obj_id"],
        **said,
    }


def _is_surely(held, subject):
    """Whether it can only be them who is named: by an address or number, or a name that nobody else has."""
    if not held.named:
        return False
    text = " ".join(json.dumps(held.row[column], ensure_ascii=False).casefold() for column in held.named)
    sure = [*subject.sure_names, *subject.addresses, *subject.phones]
    return any(each.casefold() in text for each in sure)
