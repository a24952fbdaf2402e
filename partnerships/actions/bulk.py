"""One thing done to a selection of papers: each by the action that does it to one paper, in a savepoint
of its own, and what became of each in a report."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import agreements, guard, reminders
from partnerships.actions.guard import StaleVersion
from partnerships.actions.record import PartyLine
from partnerships.actions.standing import record_of
from partnerships.models import (
    Agreement,
    BulkRun,
    BulkVerb,
    OrganizationKind,
)
from partnerships.permissions import Action, can, papers_within
from partnerships.selectors.reminders import digests_about, papers_told_of

# So many papers are changed within one request and one transaction; more are several selections.
MOST_PAPERS = 300

RIGHT_TO = {
    BulkVerb.ADD_THEME: Action.CHANGE_AGREEMENT,
    BulkVerb.REMOVE_THEME: Action.CHANGE_AGREEMENT,
    BulkVerb.SET_UNIT: Action.CHANGE_AGREEMENT,
    BulkVerb.SET_EVENT: Action.CHANGE_AGREEMENT,
    # Who judges reports asks for those that are missing.
    BulkVerb.REMIND: Action.VERIFY_PROGRESS,
}


class Outcome(models.TextChoices):
    """Why a paper of the selection stays as it is."""

    RIGHT = "right", _("you may not do this to the paper as it is now")
    ALREADY = "already", _("it is so already")
    STALE = "stale", _("somebody has changed it meanwhile")
    NOTHING = "nothing", _("no report on it is overdue")
    TOLD = "told", _("whoever answers for it has had a mail today, or wants none")
    REFUSED = "refused", _("it was refused")


@dataclass(frozen=True)
class Verdict:
    """What is to become of one paper; without an ``outcome`` it can be done."""

    paper: Agreement
    outcome: str = ""

    @property
    def why(self):
        return Outcome(self.outcome).label if self.outcome else ""


def may(user, verb):
    """Whether the user may do this to any paper at all."""
    return can(user, RIGHT_TO[verb])


def judged(*, verb, target, papers, by):
    """A Verdict for each paper of the selection, in its order."""
    ids = [paper.pk for paper in papers]
    within = papers_within(by, RIGHT_TO[verb]).filter(pk__in=ids).order_by()
    allowed = set(within.values_list("pk", flat=True))
    left = _left_as_they_are(verb, target, allowed)
    return [
        Verdict(paper, left.get(paper.pk, "") if paper.pk in allowed else Outcome.RIGHT) for paper in papers
    ]


@transaction.atomic
def run(*, verb, target, papers, seen, by, key, reason=""):
    """Do it to each paper that it can be done to, and keep what became of every one.

    ``seen`` is the version of each paper (by reference) that was confirmed: a paper that somebody has
    changed since is left. The same ``key`` twice is done once. Raises PermissionDenied for who may do
    this to no paper, ValidationError for a selection that is empty or too large.
    """
    guard.wait_for_the_first(key)
    if already := done_already(key, by):
        return already
    if not may(by, verb):
        raise PermissionDenied(_("You may not %(action)s.") % {"action": RIGHT_TO[verb].label})
    if not 0 < len(papers) <= MOST_PAPERS:
        raise ValidationError(_("Select between 1 and %(most)s papers."), params={"most": MOST_PAPERS})
    verdicts = judged(verb=verb, target=target, papers=papers, by=by)
    if verb == BulkVerb.REMIND:
        found = _reminded(verdicts, by)
    else:
        found = _changed(verdicts, verb, target, seen, by, reason)
    return BulkRun.objects.create(
        entry_key=key,
        by=by,
        verb=verb,
        target=str(target or "")[:200],
        reason=reason,
        results=[[paper.ref, *found[paper.pk]] for paper in papers],
    )


def done_already(key, by):
    """What this person's form of that key has done, or None."""
    return BulkRun.objects.filter(entry_key=key, by=by).first()


def _left_as_they_are(verb, target, ids):
    """{id of a paper: Outcome} of those that need nothing, or can't be helped."""
    if verb == BulkVerb.REMIND:
        return _nobody_to_tell(ids)
    papers = Agreement.objects.filter(pk__in=ids).order_by()
    if verb == BulkVerb.ADD_THEME:
        so = papers.about([target])
    elif verb == BulkVerb.REMOVE_THEME:
        so = papers.exclude(pk__in=papers.about([target]).values("pk"))
    elif verb == BulkVerb.SET_UNIT:
        so = papers.with_lead().filter(unit_slug=target.slug)
    else:
        so = papers.filter(event=target)
    return dict.fromkeys(so.values_list("pk", flat=True), Outcome.ALREADY)


def _changed(verdicts, verb, target, seen, by, reason):
    """{id of a paper: (outcome, words)}. Rows are locked in the order of their ids, so that two runs over
    the same papers wait for each other instead of standing in each other's way."""
    found = {}
    for verdict in sorted(verdicts, key=lambda each: each.paper.pk):
        paper = verdict.paper
        found[paper.pk] = (
            (verdict.outcome, "")
            if verdict.outcome
            else _change(paper, verb, target, seen.get(paper.ref, 0), by, reason)
        )
    return found


def _change(paper, verb, target, version, by, reason):
    record = record_of(paper)
    _CHANGES[verb](record, target)
    try:
        with transaction.atomic():
            agreements.revise(agreement=paper, record=record, version=version, by=by, reason=reason)
    except StaleVersion:
        return Outcome.STALE, ""
    except PermissionDenied:
        return Outcome.RIGHT, ""
    except ValidationError as refusal:
        return Outcome.REFUSED, " ".join(refusal.messages)
    return "", ""


def _add_theme(record, theme):
    record.themes.append(theme)


def _remove_theme(record, theme):
    record.themes = [each for each in record.themes if each.pk != theme.pk]


def _set_unit(record, unit):
    """The responsible unit is the first of the ministry's among the parties: the one asked for goes
    there, those that were there stay after it, and a paper without any begins with it."""
    lines = record.parties
    line = next((each for each in lines if each.organization.pk == unit.pk), PartyLine(organization=unit))
    lines = [each for each in lines if each is not line]
    units = [i for i, each in enumerate(lines) if each.organization.kind == OrganizationKind.UNIT]
    lines.insert(units[0] if units else 0, line)
    record.parties = lines


def _set_event(record, event):
    record.event = event


_CHANGES = {
    BulkVerb.ADD_THEME: _add_theme,
    BulkVerb.REMOVE_THEME: _remove_theme,
    BulkVerb.SET_UNIT: _set_unit,
    BulkVerb.SET_EVENT: _set_event,
}


def _nobody_to_tell(ids):
    digests = digests_about(ids, timezone.localdate())
    overdue = papers_told_of(digests)
    told = papers_told_of(digest for digest in digests if digest.can_be_given)
    return {pk: Outcome.TOLD if pk in overdue else Outcome.NOTHING for pk in ids if pk not in told}


def _reminded(verdicts, by):
    """{id of a paper: (outcome, words)}: done where somebody is told of a report on it."""
    wanted = [each.paper.pk for each in verdicts if not each.outcome]
    told = reminders.remind_of(papers=wanted, on=timezone.localdate())
    return {
        each.paper.pk: (each.outcome or ("" if each.paper.pk in told else Outcome.TOLD), "")
        for each in verdicts
    }
