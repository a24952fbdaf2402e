"""What the reader asked of the register. Never a permission: the rows handed in are already the reader's."""

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.filters.fields import AskedFilterSet, DayFilter, by_codes
from partnerships.lifecycle import ReportStatus, Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    Commitment,
    Document,
    DormantState,
    Organization,
    PageText,
    PartnerClass,
    ProgressReport,
    Signatory,
    SigningEvent,
    SignOfLife,
    SourcedFact,
    Term,
    Theme,
    Validity,
)
from partnerships.models.dormancy import Timely, showing
from regions.models import Region

HAS_OR_LACKS = {
    "pks": _("a cooperation agreement under it"),
    "rencana_aksi": _("an action plan under it"),
    "follow_up": _("a paper that follows it up"),
    "renewal": _("a paper that renews it"),
    "predecessor": _("an earlier paper that it renews"),
    "progress": _("a report that was handed in"),
    "scan": _("the signed scan"),
    "letters": _("every letter of authority it needs"),
    "term": _("a recorded term"),
    "commitments": _("commitments"),
    "conflict": _("values on which sources differ"),
}
# Of these, and of what a paper renews or is renewed by, it is the reader who decides what a paper has:
# another may not see the paper below it.
BELOW = {
    "pks": [AgreementKind.PKS],
    "rencana_aksi": [AgreementKind.RENCANA_AKSI],
    "follow_up": AgreementKind.values,
}
OF_OTHERS = {*BELOW, "renewal", "predecessor"}
OWN_THINGS = tuple(thing for thing in HAS_OR_LACKS if thing not in OF_OTHERS)


# A sign of life by its code in an address: which one, and when it came.
SIGNS = {f"{sign.value}_{when.value}": (sign, when) for sign in SignOfLife for when in Timely}
_SIGNS_SAID = [
    ("follow_up_in_time", _("a paper under it, in time")),
    ("follow_up_late", _("a paper under it, late or not yet")),
    ("follow_up_shown", _("a paper under it, in time or late")),
    ("action_plan_in_time", _("an action plan under it, in time")),
    ("action_plan_late", _("an action plan under it, late or not yet")),
    ("action_plan_shown", _("an action plan under it, in time or late")),
    ("progress_in_time", _("verified progress, in time")),
    ("progress_late", _("verified progress, late or not yet")),
    ("progress_shown", _("verified progress, in time or late")),
]


class AgreementFilter(AskedFilterSet):
    """The parameters of the register (docs/glossary.md); ``request`` carries only the reader."""

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    kind = django_filters.MultipleChoiceFilter(
        choices=AgreementKind.choices, distinct=False, label=_("Kind of paper")
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices, method="of_status", label=_("Status")
    )
    validity = django_filters.MultipleChoiceFilter(
        choices=Validity.choices, distinct=False, label=_("Validity")
    )
    region = by_codes(lambda user: Region.objects.all(), "in_regions", _("Region"), code="code")
    theme = by_codes(lambda user: Theme.objects.all(), "about_themes", _("Theme"))
    unit = by_codes(lambda user: Organization.objects.units(), "of_units", _("Unit"))
    event = by_codes(lambda user: SigningEvent.objects.visible_to(user), "of_events", _("Event"))
    partner = by_codes(
        lambda user: Organization.objects.visible_to(user).partners(), "of_partners", _("Partner")
    )
    ref = by_codes(
        lambda user: Agreement.objects.visible_to(user), "selected", _("Selected papers"), code="ref"
    )
    signed_after = DayFilter(method="signed_from", label=_("Signed from"))
    signed_before = DayFilter(method="signed_until", label=_("Signed until"))
    ends_after = DayFilter(method="ending_from", label=_("Ends from"))
    ends_before = DayFilter(method="ending_until", label=_("Ends by"))
    on = DayFilter(method="leave", label=_("Status as of"))
    dormant = django_filters.MultipleChoiceFilter(
        choices=DormantState.choices, method="asleep", label=_("Asleep")
    )
    sign = django_filters.MultipleChoiceFilter(
        choices=_SIGNS_SAID, method="with_sign", label=_("Sign of life")
    )
    has = django_filters.MultipleChoiceFilter(
        choices=list(HAS_OR_LACKS.items()), method="having", label=_("Has")
    )
    lacks = django_filters.MultipleChoiceFilter(
        choices=list(HAS_OR_LACKS.items()), method="lacking", label=_("Lacks")
    )
    # The parameter's name is a Python keyword.
    locals()["class"] = django_filters.MultipleChoiceFilter(
        choices=PartnerClass.choices, method="of_classes", label=_("Partner class")
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def search(self, rows, name, text):
        # A paper is found by what stands in its documents too, as far as the reader may read them.
        return rows.matching(text, pages=PageText.objects.in_force().visible_to(self.request.user))

    def of_status(self, rows, name, statuses):
        if not statuses:
            return rows
        # Read as of a day, the status is the one of that day.
        return rows.filter(status_then__in=statuses)

    def in_regions(self, rows, name, regions):
        return rows.in_regions([region.code for region in regions]) if regions else rows

    def about_themes(self, rows, name, themes):
        return rows.about(themes) if themes else rows

    def of_units(self, rows, name, units):
        if not units:
            return rows
        return rows.with_party_among(Organization.objects.subtree_ids(unit.pk for unit in units))

    def of_events(self, rows, name, events):
        return rows.filter(event__in=[event.pk for event in events]) if events else rows

    def of_partners(self, rows, name, partners):
        return rows.with_party_among([partner.pk for partner in partners]) if partners else rows

    def of_classes(self, rows, name, classes):
        return rows.with_counterpart_of(*classes) if classes else rows

    def selected(self, rows, name, papers):
        return rows.filter(pk__in=[paper.pk for paper in papers]) if papers else rows

    def signed_from(self, rows, name, day):
        return rows.signed_between(day, None)

    def signed_until(self, rows, name, day):
        return rows.signed_between(None, day)

    def ending_from(self, rows, name, day):
        return rows.filter(ends_latest__gte=day)

    def ending_until(self, rows, name, day):
        return rows.filter(ends_latest__lte=day)

    def leave(self, rows, name, day):
        """``on`` decides which rows there are and what holds; the register applies it first."""
        return rows

    def asleep(self, rows, name, states):
        return (
            rows.with_dormancy(self.form.cleaned_data.get("on")).filter(dormant__in=states)
            if states
            else rows
        )

    def with_sign(self, rows, name, codes):
        if not codes:
            return rows
        day = self.form.cleaned_data.get("on") or timezone.localdate()
        papers = Agreement.objects.order_by()
        found = Q(pk__in=[])
        for code in codes:
            sign, when = SIGNS[code]
            found |= Q(pk__in=showing(papers, sign.value, day, when).values("pk"))
        return rows.filter(found)

    def having(self, rows, name, things):
        for thing in things:
            rows = rows.filter(self._present(thing))
        return rows

    def lacking(self, rows, name, things):
        for thing in things:
            rows = rows.filter(~self._present(thing))
        return rows

    def _present(self, thing):
        if thing not in OF_OTHERS:
            return present(thing)
        known = Agreement.objects.visible_to(self.request.user).exclude(status=Status.CANCELLED).order_by()
        if thing == "predecessor":
            return Exists(known.filter(pk=OuterRef("renews")))
        if thing == "renewal":
            return Exists(known.filter(renews=OuterRef("pk")))
        return Exists(known.filter(implements=OuterRef("pk"), kind__in=BELOW[thing]))


def present(thing):
    """Whether a paper has the thing of OWN_THINGS, as a condition."""
    of_paper = OuterRef("pk")
    return {
        # What waits for verification was handed in; a draft or a returned report still has to be.
        "progress": Exists(
            ProgressReport.objects.filter(
                commitment__agreement=of_paper, status__in=(ReportStatus.SUBMITTED, ReportStatus.VERIFIED)
            )
        ),
        "scan": Exists(Document.objects.scans().filter(agreement=of_paper)),
        "letters": ~Exists(Signatory.objects.without_filed_letter().filter(agreement=of_paper)),
        "term": Exists(
            Term.objects.filter(Q(ends_latest__isnull=False) | Q(ends_open=True), agreement=of_paper)
        ),
        "commitments": Exists(Commitment.objects.standing().filter(agreement=of_paper)),
        "conflict": Exists(SourcedFact.objects.in_conflict().filter(agreement=of_paper)),
    }[thing]
