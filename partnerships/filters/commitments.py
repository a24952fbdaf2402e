"""What the reader asked of the ledger. Never a permission: the rows handed in are already the reader's."""

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.filters.fields import AskedFilterSet, DayFilter, by_codes
from partnerships.models import (
    Agreement,
    BatchShare,
    Commitment,
    Funding,
    Indicator,
    Organization,
    PartnerClass,
    Recurrence,
    SigningEvent,
    Theme,
)
from partnerships.models.agreement_queryset import keys_matching
from partnerships.models.commitment_state import STANDING
from regions.models import Region

MOST_WORDS = 12
YES = [("yes", _("yes"))]
YES_OR_NO = [*YES, ("no", _("no"))]
HAS = [("batches", _("people followed by batch, verified"))]
# What may be missing of what a commitment is counted by.
LACKS = [("indicator", _("Indicator")), ("due", _("Due date"))]


def _of_codes(choices, method, label):
    return django_filters.MultipleChoiceFilter(choices=choices, method=method, label=label)


class CommitmentFilter(AskedFilterSet):
    """The parameters of the ledger (docs/glossary.md); ``request`` carries only the reader.

    The rows are commitments or their standings, which speak the same words.
    """

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    state = _of_codes([(each.value, each.label) for each in STANDING], "leave", _("State"))
    measurable = _of_codes(YES_OR_NO, "that_can_be_measured", _("Measurable"))
    unverified = _of_codes(YES, "with_a_report_waiting", _("With a report to verify"))
    overdue = _of_codes(YES, "leave", _("With an overdue report"))
    withdrawn = _of_codes(YES_OR_NO, "that_was_withdrawn", _("Withdrawn"))
    demonstration = _of_codes(YES_OR_NO, "made_up", _("Made up for the demonstration"))
    region = by_codes(lambda user: Region.objects.all(), "in_regions", _("Region"), code="code")
    indicator = by_codes(lambda user: Indicator.objects.all(), "in_indicators", _("Indicator"))
    owner = by_codes(
        lambda user: Organization.objects.visible_to(user), "answered_for_by", _("Responsible office")
    )
    partner = by_codes(
        lambda user: Organization.objects.visible_to(user).partners(), "of_partners", _("Partner")
    )
    theme = by_codes(lambda user: Theme.objects.all(), "about_themes", _("Theme"))
    unit = by_codes(lambda user: Organization.objects.units(), "of_units", _("Unit"))
    agreement = by_codes(
        lambda user: Agreement.objects.visible_to(user), "of_agreements", _("Paper"), code="ref"
    )
    event = by_codes(lambda user: SigningEvent.objects.visible_to(user), "of_events", _("Event"))
    has = _of_codes(HAS, "having", _("Has"))
    lacks = _of_codes(LACKS, "lacking", _("Lacks"))
    funding = _of_codes(Funding.choices, "funded_by", _("Source of funds"))
    recurrence = _of_codes(Recurrence.choices, "reported_each", _("Reported"))
    due_after = DayFilter(method="due_from", label=_("Due from"))
    due_before = DayFilter(method="due_until", label=_("Due by"))
    on = DayFilter(method="leave", label=_("As of"))
    # The parameter's name is a Python keyword.
    locals()["class"] = _of_codes(PartnerClass.choices, "of_classes", _("Partner class"))

    class Meta:
        model = Commitment
        fields: list[str] = []

    def search(self, rows, name, text):
        """Each word stands in the commitment or belongs to its paper, as a search of the register finds."""
        # The rows may be standings, which leave the words to their commitment.
        path = "" if rows.model is Commitment else "commitment__"
        for word in text.split()[:MOST_WORDS]:
            said = Q(**{f"{path}text__icontains": word}) | Q(**{f"{path}clause__icontains": word})
            # By their ids: looked for paper by paper, a word that most have would be searched anew for each.
            rows = rows.filter(said | Q(agreement__in=keys_matching(word)))
        return rows

    def that_can_be_measured(self, rows, name, said):
        if set(said) == {"yes"}:
            return rows.measurable()
        return rows.unmeasurable() if set(said) == {"no"} else rows

    def with_a_report_waiting(self, rows, name, said):
        return rows.unverified() if said else rows

    def that_was_withdrawn(self, rows, name, said):
        withdrawn = Q(withdrawn_on__lte=self._day)
        if set(said) == {"yes"}:
            return rows.filter(withdrawn)
        return rows.exclude(withdrawn) if set(said) == {"no"} else rows

    def made_up(self, rows, name, said):
        return rows.filter(demonstration="yes" in said) if len(set(said)) == 1 else rows

    def in_regions(self, rows, name, regions):
        return rows.in_regions([region.code for region in regions]) if regions else rows

    def in_indicators(self, rows, name, indicators):
        return rows.filter(indicator__in=[each.pk for each in indicators]) if indicators else rows

    def answered_for_by(self, rows, name, offices):
        if not offices:
            return rows
        return rows.answered_for_by(Organization.objects.subtree_ids(office.pk for office in offices))

    def of_partners(self, rows, name, partners):
        if not partners:
            return rows
        return rows.filter(_of(Agreement.objects.with_party_among([partner.pk for partner in partners])))

    def of_units(self, rows, name, units):
        if not units:
            return rows
        below = Organization.objects.subtree_ids(unit.pk for unit in units)
        return rows.filter(_of(Agreement.objects.with_party_among(below)))

    def of_agreements(self, rows, name, agreements):
        return rows.filter(agreement__in=[each.pk for each in agreements]) if agreements else rows

    def about_themes(self, rows, name, themes):
        return rows.filter(_of(Agreement.objects.about(themes))) if themes else rows

    def of_events(self, rows, name, events):
        return rows.filter(agreement__event__in=[each.pk for each in events]) if events else rows

    def having(self, rows, name, things):
        verified = BatchShare.objects.verified().filter(commitment=OuterRef("pk"))
        return rows.filter(Exists(verified)) if things else rows

    def lacking(self, rows, name, things):
        return rows.filter(**{f"{thing}__isnull": True for thing in things})

    def of_classes(self, rows, name, classes):
        return rows.filter(_of(Agreement.objects.with_counterpart_of(*classes))) if classes else rows

    def funded_by(self, rows, name, sources):
        return rows.filter(funding__in=sources) if sources else rows

    def reported_each(self, rows, name, recurrences):
        return rows.filter(recurrence__in=recurrences) if recurrences else rows

    def due_from(self, rows, name, day):
        return rows.filter(due__gte=day)

    def due_until(self, rows, name, day):
        return rows.filter(due__lte=day)

    def leave(self, rows, name, value):
        """``on`` is the day on which states are read; these and ``overdue`` the ledger applies first."""
        return rows

    @property
    def _day(self):
        return self.form.cleaned_data.get("on") or timezone.localdate()


def _of(papers):
    """Whether the paper of a commitment is one of these, as a condition."""
    return Exists(papers.filter(pk=OuterRef("agreement")).order_by())
