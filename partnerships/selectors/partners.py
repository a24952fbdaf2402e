"""The partners of the ministry as one reader knows them."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from partnerships.models import Agreement, Organization, OrganizationAlias, PartnerClass, Party
from partnerships.register import agreements_for
from partnerships.selectors import achievement, tally
from partnerships.selectors.asking import Question

PARTNERS_A_PAGE = 50
_ORDERS = {
    "name": Lower("name"),
    "papers": F("papers"),
    "in_force": F("in_force"),
}


@dataclass(frozen=True)
class ClassChoice:
    """A class of partner, with how many partners choosing it shows; the empty value is every class."""

    value: str
    label: str
    count: int


class PartnerList:
    """Partners with at least one paper that the reader may see; ``all=1`` adds those without."""

    def __init__(self, user, params):
        self.user = user
        self.question = Question(
            params, sorts=["name", "papers", "in_force"], choices={"class": set(PartnerClass)}, flags=["all"]
        )

    @cached_property
    def page(self):
        return self.question.page_of(self._rows(), PARTNERS_A_PAGE)

    @cached_property
    def class_choices(self):
        """How many partners there are of each class, as the search and ``all`` leave them."""
        kinds = self._searched().order_by().values("kind").annotate(n=Count("pk", distinct=True))
        counts = dict.fromkeys(PartnerClass, 0)
        for kind, n in kinds.values_list("kind", "n"):
            counts[Organization(kind=kind).partner_class] += n
        return [ClassChoice(c.value, c.label, n) for c, n in counts.items() if n]

    def _searched(self):
        partners = Organization.objects.visible_to(self.user).partners()
        for word in self.question.q.split()[:10]:
            named = OrganizationAlias.objects.filter(organization=OuterRef("pk"), name__icontains=word)
            partners = partners.filter(
                Q(name__icontains=word) | Q(short_name__icontains=word) | Exists(named)
            )
        if not self.question["all"]:
            papers = tally.papers(self.user, tally.asking())
            party = Party.objects.filter(organization=OuterRef("pk"), agreement__in=papers)
            partners = partners.filter(Exists(party))
        return partners

    def _rows(self):
        partners = self._searched()
        if self.question["class"]:
            partners = partners.of_class(self.question["class"])
        counted = partners.annotate(**tally.papers_and_in_force(self.user, "parties__agreement"))
        order = _ORDERS[self.question.sort.removeprefix("-")]
        order = order.desc() if self.question.sort.startswith("-") else order.asc()
        return counted.select_related("region").order_by(order, Lower("name"), "pk")


class OrganizationPage(tally.PapersOf):
    """One organisation with what a reader may know of it; a unit's papers are those of its parts too."""

    def __init__(self, organization, user):
        super().__init__(user, **{"unit" if organization.is_unit else "partner": organization.slug})
        self.organization = organization

    @cached_property
    def promises(self):
        return achievement.promises_of_organization(self.user, self.organization)

    @cached_property
    def children(self):
        """The parts of the organisation, each with its own papers."""
        parts = Organization.objects.visible_to(self.user).filter(parent=self.organization)
        parts = list(
            parts.annotate(**tally.papers_and_in_force(self.user, "parties__agreement")).order_by(
                Lower("name")
            )
        )
        if self.organization.is_unit:
            self._count_what_is_below(parts)
        return parts

    def _count_what_is_below(self, units):
        """The register shows for a unit the papers of everything below it; so does its figure."""
        papers = agreements_for(self.user, tally.asking()).counts_by("unit")
        in_force = agreements_for(self.user, tally.in_force()).counts_by("unit")
        for unit in units:
            unit.papers = papers.get(unit.pk, 0)
            unit.in_force = in_force.get(unit.pk, 0)

    @cached_property
    def parent(self):
        return Organization.objects.visible_to(self.user).filter(pk=self.organization.parent_id).first()

    @cached_property
    def contacts(self):
        """Contacts as papers that the reader may see give them, the newest paper first."""
        papers = Agreement.objects.visible_to(self.user).order_by().values("pk")
        parties = self.organization.parties.filter(agreement__in=papers).exclude(
            contact=None, contact_details=""
        )
        return list(
            parties.select_related("agreement", "contact").order_by(
                F("agreement__signed_latest").desc(nulls_last=True), "pk"
            )[:10]
        )
