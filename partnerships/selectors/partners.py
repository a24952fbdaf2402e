"""The partners of the ministry as one reader knows them."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from partnerships.models import Agreement, Organization, OrganizationAlias, PartnerClass
from partnerships.register import agreements_for
from partnerships.selectors import achievement, tally
from partnerships.selectors.asking import Question

PARTNERS_A_PAGE = 50


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
        page = self.question.page_of(self._in_order(), PARTNERS_A_PAGE)
        shown = Organization.objects.select_related("region").in_bulk(list(page.object_list))
        page.object_list = self._counts.put(shown[pk] for pk in page.object_list)
        return page

    @cached_property
    def _counts(self):
        return tally.PapersPer(self.user, "organization")

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
            partners = partners.filter(pk__in=list(self._counts.papers))
        return partners

    def _in_order(self):
        """The ids of the partners in the order asked for; equals in a number stand by their names."""
        partners = self._searched()
        if self.question["class"]:
            partners = partners.of_class(self.question["class"])
        sort, down = self.question.sort.removeprefix("-"), self.question.sort.startswith("-")
        by_name = Lower("name").desc() if down and sort == "name" else Lower("name").asc()
        ordered = partners.order_by(by_name, "pk").values_list("pk", flat=True)
        if sort == "name":
            return ordered
        numbers = getattr(self._counts, sort)
        return sorted(ordered, key=lambda pk: numbers.get(pk, 0), reverse=down)


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
        parts = tally.PapersPer(self.user, "organization").put(parts.order_by(Lower("name")))
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
