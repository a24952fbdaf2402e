"""What somebody with a stolen account had in hands: told from the log of files read and from the history."""

import csv
import datetime
import io
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from partnerships.exports.asked import extract_of
from partnerships.exports.cells import harmless
from partnerships.exports.extract import Refused
from partnerships.models import Access, Agreement, Commitment, FileRead, Party, ReadContent, Signatory

# A text that names more than these is read by nobody; the CSV has all.
MOST_IN_TEXT = 200
# UU 27/2022, article 46: who is concerned and the authority are told within 3 x 24 hours.
_TO_TELL = datetime.timedelta(hours=72)
_NO_PAPERS, _NO_COMMITMENTS = Agreement.objects.none(), Commitment.objects.none()


@dataclass(frozen=True)
class Read:
    """One file that the account was handed."""

    at: datetime.datetime
    what: str
    which: str
    rows: int
    request: str


@dataclass(frozen=True)
class Write:
    """One change of a record that names the account as who made it."""

    at: datetime.datetime
    label: str
    record: str
    request: str


@dataclass
class Concerned:
    """A person whose data stood in what was read: since when, in which papers, and which data."""

    name: str
    first_read: datetime.datetime
    papers: set = field(default_factory=set)
    fields: set = field(default_factory=set)


class BreachReport:
    """The account ``user``, and what it did from one moment to before another.

    Lists are asked for again as far as their reader saw then, but of today's records; ``not_answered`` are
    those for which that is not possible any more. A list of the register names no person. What was only
    looked at on a page of the portal is in no log, so it is not in here.
    """

    def __init__(self, user, since, until):
        self.user, self.since, self.until = user, since, until
        self.made_at = timezone.localtime()
        self.tell_until = self.made_at + _TO_TELL
        self.not_answered = []

    @cached_property
    def _log(self):
        rows = FileRead.objects.filter(reader=self.user, at__gte=self.since, at__lt=self.until)
        return list(rows.select_related("file__document__agreement").order_by("at", "pk"))

    @cached_property
    def reads(self):
        return [
            Read(row.at, f"{row.get_content_display()} ({row.form})", _which(row), row.rows, row.request)
            for row in self._log
        ]

    @property
    def reads_counted(self):
        return sorted(Counter(row.get_content_display() for row in self._log).items())

    @cached_property
    def writes(self):
        during = Q(pgh_created_at__gte=self.since, pgh_created_at__lt=self.until)
        found = []
        for model in apps.get_models():
            if not hasattr(model, "pgh_tracked_model"):
                continue
            name = capfirst(model.pgh_tracked_model._meta.verbose_name)
            events = model.objects.filter(during, pgh_context__actor=self.user.pk).order_by("pgh_id")
            for at, label, key, context in events.values_list(
                "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context"
            ):
                found.append(Write(at, label, f"{name} #{key}", context.get("request", "")))
        return sorted(found, key=lambda each: each.at)

    @cached_property
    def sessions(self):
        """Until when each session goes on with which the account can still be used."""
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        rows = Session.objects.filter(expire_date__gt=timezone.now()).order_by("expire_date").iterator()
        own = str(self.user.pk)
        return [row.expire_date for row in rows if store.decode(row.session_data).get("_auth_user_id") == own]

    @cached_property
    def concerned(self):
        """The people of every paper that was read, by name."""
        found, told = {}, set()
        for row in self._log:
            asked = row.content, row.question, row.file_id, str(row.scope)
            if asked in told:
                continue
            told.add(asked)
            papers, commitments = self._behind(row)
            for key, name, ref, what in _people_of(papers, commitments):
                one = found.setdefault(key, Concerned(name, row.at))
                one.papers.add(ref)
                one.fields.add(what)
        return sorted(found.values(), key=lambda each: each.name)

    def _behind(self, row):
        """The papers and the commitments whose people stand in what was read."""
        asked = QueryDict(row.question)
        match row.content:
            case ReadContent.DOCUMENT | ReadContent.PAGE:
                papers = Agreement.objects.filter(documents=row.file.document_id)
                return papers, Commitment.objects.filter(agreement__in=papers)
            case ReadContent.PROFILE:
                return Agreement.objects.filter(ref=asked["ref"]), _NO_COMMITMENTS
            case ReadContent.PACKET | ReadContent.DOOR_SHEET:
                return Agreement.objects.filter(event__slug=asked["event"]), _NO_COMMITMENTS
            case ReadContent.DOSSIER:
                papers = self._rows_asked_for(row, ReadContent.REGISTER).order_by().values("pk")
                return Agreement.objects.filter(pk__in=papers), Commitment.objects.filter(
                    agreement__in=papers
                )
            case ReadContent.LEDGER if "contact" in asked.get("columns", "").split(","):
                shown = self._rows_asked_for(row, ReadContent.LEDGER).order_by().values("pk")
                return _NO_PAPERS, Commitment.objects.filter(pk__in=shown)
        return _NO_PAPERS, _NO_COMMITMENTS

    def _rows_asked_for(self, row, content):
        reader = User.objects.get(pk=self.user.pk)
        reader.is_active, reader._access = True, Access.of_data(row.scope)
        try:
            return extract_of(content, reader, QueryDict(row.question)).listing.rows()
        except Refused:
            self.not_answered.append(row)
            return Agreement.objects.none() if content == ReadContent.REGISTER else _NO_COMMITMENTS

    def as_text(self):
        """The report to read, and the notice that the law asks for, filled in as far as the portal knows."""
        # Who is concerned says which lists can't be asked for again.
        context = {"report": self, "concerned": self.concerned, "most": MOST_IN_TEXT}
        return render_to_string("partnerships/breach_report.txt", context)

    def as_csv(self):
        """A line for each thing read and written, each session, and each person."""
        out = io.StringIO()
        lines = csv.writer(out)
        lines.writerow([_("what"), _("time"), _("which"), _("rows"), _("number of the request")])
        for each in self.reads:
            lines.writerow(
                ["read", _iso(each.at), harmless(f"{each.what}: {each.which}"), each.rows, each.request]
            )
        for each in self.writes:
            lines.writerow(
                ["write", _iso(each.at), harmless(f"{each.label}: {each.record}"), 1, each.request]
            )
        for ends in self.sessions:
            lines.writerow(["session", _iso(ends), "", "", ""])
        for one in self.concerned:
            said = f"{one.name}: {', '.join(sorted(one.fields))}: {', '.join(sorted(one.papers))}"
            lines.writerow(["person", _iso(one.first_read), harmless(said), len(one.papers), ""])
        return out.getvalue()


def _which(row):
    if row.file is None:
        return row.question or _("all that the account saw")
    document = row.file.document
    page = _(", page %(number)d") % {"number": row.page} if row.page else ""
    return f"{document.agreement.ref}: {document.title}, v{row.file.number}{page}"


def _people_of(papers, commitments):
    """(key, name, reference of the paper, which data) of each person whom these name."""
    parties = Party.objects.filter(agreement__in=papers).exclude(contact=None, contact_details="")
    for party in parties.select_related("contact", "agreement", "organization"):
        name = str(party.contact or _("contact of %(office)s") % {"office": party.organization.name})
        key = party.contact_id or (party.organization_id, party.contact_details)
        yield key, name, party.agreement.ref, _("contact person, and how to reach them")
    for line in Signatory.objects.filter(agreement__in=papers, person__isnull=False).select_related(
        "person", "agreement"
    ):
        yield line.person_id, str(line.person), line.agreement.ref, _("name and post of who signed")
    for promise in commitments.exclude(contact=None).select_related("contact", "agreement"):
        yield (
            promise.contact_id,
            str(promise.contact),
            promise.agreement.ref,
            _("contact person of a commitment"),
        )


def _iso(moment):
    return timezone.localtime(moment).isoformat(timespec="seconds")
