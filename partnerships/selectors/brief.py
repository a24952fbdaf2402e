"""What leadership is told on two pages: where the partnerships stand, what goes well, what is dead, and what
has to be decided."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns import Rate
from partnerships.models import Agreement, DormantState, ProgressReport
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors import achievement, headlines, tally, trend
from partnerships.selectors.coverage import Coverage
from partnerships.selectors.front import FrontPage
from partnerships.selectors.headlines import Headline, grouped
from partnerships.selectors.period_cells import changed
from partnerships.selectors.sleep import longest_asleep

_FIVE = 5
_ASKED = 3


@dataclass(frozen=True)
class Named:
    """A paper that the brief names: the office that answers for it, and a day or a rate in words, with the
    address that proves it and a word beside it; ``about`` is what of the paper is meant."""

    paper: Agreement
    office: str
    said: str
    url: str
    note: str = ""
    about: str = ""


@dataclass(frozen=True)
class Asked:
    """A decision that leadership is asked for: in how many cases, where these are, and some of them."""

    label: str | Promise
    figure: tally.Figure
    since: str | Promise
    rows: list


class Brief:
    """The brief of a reader, of today, within what the reader may see."""

    def __init__(self, user):
        self.user = user
        self.day = timezone.localdate()

    @cached_property
    def headlines(self):
        figures = commitments_for(self.user, tally.asking())
        done = achievement.of_ledger(figures)
        return [
            self._in_force,
            self._covered,
            Headline(
                _("Commitments"),
                grouped(done.commitments),
                tally.ledger_address(tally.asking()),
                ngettext("%(n)s measurable", "%(n)s measurable", done.measurable)
                % {"n": grouped(done.measurable)},
            ),
            Headline(
                _("Achieved, verified"),
                "–" if done.rate is None else Rate(done.rate).percent,
                tally.ledger_address(tally.asking(measurable="yes")),
                _("mean of what can be measured"),
            ),
            headlines.of_papers(
                self.user, _("Signed and asleep"), self._asleep_before, dormant=DormantState.values
            ),
            headlines.of_papers(
                self.user, _("Ending within 90 days"), _("of the papers in force"), validity="ending"
            ),
            headlines.of_commitments(
                self.user, _("Commitments overdue"), _("with an overdue report"), overdue="yes"
            ),
            headlines.of_commitments(
                self.user, _("Reports to verify"), _("commitments with one"), unverified="yes"
            ),
        ]

    @cached_property
    def map(self):
        """The papers in force on the provinces, or on the kabupaten and kota of the reader's province."""
        return FrontPage(self.user).map

    @cached_property
    def in_force(self):
        """How many papers were in force at the end of each quarter: the points of a line."""
        return trend.in_force(self.user)

    @cached_property
    def asleep(self):
        """How many papers slept at the end of each quarter."""
        return trend.asleep(self.user)

    @cached_property
    def best(self):
        """The papers in force of which most of what was promised has been verified."""
        ledger = commitments_for(self.user, tally.asking(measurable="yes"))
        in_force = agreements_for(self.user, tally.in_force())
        found = ledger.measured.best_papers(in_force.selection(), _FIVE)
        papers = in_force.rows_of([paper for paper, _rate, _number in found]).order_by().in_bulk()
        return [
            self._achieved(papers[paper], rate, number) for paper, rate, number in found if paper in papers
        ]

    @cached_property
    def dead(self):
        """The papers that have slept longest, decided on or not."""
        papers = longest_asleep(self.user, _FIVE, dormant=DormantState.values)
        return [self._sleeping(paper) for paper in papers]

    @cached_property
    def decisions(self):
        """What leadership is asked to decide; what is asked of nobody is left out."""
        asked = [self._to_be_woken, self._to_be_renewed, self._to_be_verified]
        return [each for each in asked if each.figure.count]

    # --- headlines ----------------------------------------------------------------------------

    @property
    def _in_force(self):
        return headlines.of_papers(
            self.user, _("Papers in force"), self._since_then(self.in_force), **_alive()
        )

    @property
    def _asleep_before(self):
        return self._since_then(self.asleep)

    def _since_then(self, points):
        """By how many they became more or fewer since the end of the last quarter."""
        _name, now, *_rest = points[-1]
        _name, before, *_rest = points[-2]
        day = date_format(trend.ends_of_quarters(self.day, 1)[0], "j M Y")
        return gettext("%(change)s since %(day)s") % {"change": changed(now, before), "day": day}

    @property
    def _covered(self):
        figures = Coverage(self.user, tally.asking()).figures
        return Headline(
            _("Kabupaten and kota with a paper"),
            grouped(figures["below_covered"]),
            reverse("partnerships:coverage"),
            gettext("of %(all)s, and %(some)s of %(provinces)s provinces")
            % {
                "all": grouped(figures["below"]),
                "some": figures["provinces_covered"],
                "provinces": figures["provinces"],
            },
        )

    # --- papers that are named ----------------------------------------------------------------

    @staticmethod
    def _achieved(paper, rate, number):
        url = tally.ledger_address(tally.asking(agreement=paper.ref, measurable="yes"))
        said = ngettext("%(n)s commitment", "%(n)s commitments", number) % {"n": grouped(number)}
        percent = Rate(rate).percent
        return Named(paper, _office_of(paper), percent, url, said)

    def _sleeping(self, paper):
        url = tally.address(
            tally.asking(ref=paper.ref, columns="ref,title,signed,dormant,asleep", dormant=paper.dormant)
        )
        days = (self.day - paper.asleep_since).days + 1
        note = ngettext("%(n)s day", "%(n)s days", days) % {"n": grouped(days)}
        return Named(paper, _office_of(paper), date_format(paper.asleep_since, "j M Y"), url, note)

    # --- decisions ----------------------------------------------------------------------------

    @property
    def _to_be_woken(self):
        asked = {"dormant": DormantState.UNDECIDED.value}
        papers = longest_asleep(self.user, _ASKED, last=True, **asked)
        return Asked(
            _("Revive, amend or end a paper that sleeps"),
            tally.figure(self.user, tally.asking(**asked)),
            _("asleep since"),
            [
                Named(
                    paper,
                    _office_of(paper),
                    date_format(paper.asleep_since, "j M Y"),
                    reverse("partnerships:agreement-dormancy", args=[paper.ref]),
                )
                for paper in papers
            ],
        )

    @property
    def _to_be_renewed(self):
        query = tally.asking(validity="ending", lacks="renewal", sort="ends", columns="ref,title,unit,ends")
        register = agreements_for(self.user, query)
        return Asked(
            _("Renew or let go a paper that ends within 90 days"),
            tally.Figure(register.count, tally.address(query)),
            _("ends on"),
            [
                Named(
                    paper,
                    _office_of(paper),
                    date_format(paper.ends_latest, "j M Y"),
                    f"{paper.get_absolute_url()}#validity",
                )
                for paper in register.rows_between(0, _ASKED)
            ],
        )

    @property
    def _to_be_verified(self):
        query = tally.asking(unverified="yes")
        waiting = ProgressReport.objects.visible_to(self.user).waiting().order_by("submitted_at", "pk")
        of_standing = waiting.filter(commitment__withdrawn_on=None)
        reports = of_standing.select_related("commitment")[:_ASKED]
        papers = Agreement.objects.with_parties(()).in_bulk(
            [each.commitment.agreement_id for each in reports]
        )
        return Asked(
            _("Have a report verified that waits"),
            tally.Figure(commitments_for(self.user, query).count, tally.ledger_address(query)),
            _("handed in on"),
            [
                Named(
                    papers[report.commitment.agreement_id],
                    _office_of(papers[report.commitment.agreement_id]),
                    date_format(timezone.localtime(report.submitted_at), "j M Y"),
                    report.get_absolute_url(),
                    about=report.commitment.text,
                )
                for report in reports
            ],
        )


def _alive():
    return {"validity": [code.value for code in tally.IN_FORCE]}


def _office_of(paper):
    """The unit that answers for the paper; without one, the side on which it lies is not known."""
    unit = paper.responsible_unit
    return unit.label if unit else "–"
