from functools import cached_property

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns import Rate
from partnerships.models import DormantState
from partnerships.selectors import headlines, tally, trend
from partnerships.selectors.headlines import Headline, grouped
from partnerships.selectors.places import RegionPage


class RegionProfile(RegionPage):
    """A region on paper: what its page tells, with its figures on top and how its papers became more."""

    @cached_property
    def headlines(self):
        asked = {"region": self.region.code, **tally.day(self.on)}
        promises = self.promises
        done, urls = promises.figure, promises.urls
        return [
            Headline(_("Papers"), grouped(self.papers.count), self.papers.url, self.stands_for),
            Headline(_("Of these not over"), grouped(self.in_force.count), self.in_force.url),
            headlines.of_papers(self.user, _("Signed and asleep"), dormant=DormantState.values, **asked),
            Headline(
                _("Term unknown"),
                grouped(self.unknown_end.count),
                self.unknown_end.url,
                _("no source gives the end"),
            ),
            Headline(
                _("Commitments"),
                grouped(done.commitments),
                promises.url,
                gettext("%(n)s not measurable yet") % {"n": grouped(done.unmeasurable)},
            ),
            Headline(
                _("Achieved, verified"),
                "–" if done.rate is None else Rate(done.rate).percent,
                tally.ledger_address(tally.asking(measurable="yes", **asked)),
                _("mean of what can be measured"),
            ),
            Headline(_("Commitments overdue"), grouped(done.overdue), urls["overdue"]),
            headlines.of_commitments(
                self.user, _("Reports to verify"), _("commitments with one"), unverified="yes", **asked
            ),
        ]

    @property
    def trend(self):
        """How many papers of the region were in force at the end of each quarter: the points of a line."""
        return trend.in_force(self.user, self.on, region=self.region.code)
