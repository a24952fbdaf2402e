import datetime
import re

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.lifecycle import BEFORE_SIGNING, DRAFTS, NO_LONGER_ALIVE, ONCE_SIGNED, OVER, Status
from partnerships.models.access import access_of
from partnerships.models.agreement_parts import (
    AgreementScope,
    AgreementSearch,
    AgreementTheme,
    StatusChange,
)
from partnerships.models.commitment import Commitment
from partnerships.models.dormancy import decided_until, dormant_on, missed_by, missed_since, signs_of_life
from partnerships.models.kinds import (
    CLASS_OF_KIND,
    AgreementKind,
    OrganizationKind,
    PartnerClass,
    Validity,
    kinds_of_class,
)
from partnerships.models.party import Party
from partnerships.models.source import SourcedFact
from partnerships.models.stage import StageChange
from partnerships.models.term import Term
from partnerships.roles import ADMIN, ANONYMOUS, Role
from regions.models import Region

ENDING_SOON = datetime.timedelta(days=90)
# What a line says of a party, of its organisation, and of the region for which that acts.
_NAMED = (
    *("agreement", "position", "number"),
    *(f"organization__{name}" for name in ("name", "short_name", "slug", "kind", "region")),
    "organization__region__name",
)
ALIVE = [Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN]


def words_in(text):
    """The words of a text that are looked for: the first twenty."""
    return re.findall(r"[^\W_]+", text)[:20]


def wanted_words(text):
    """What a text-search vector has that holds every word of the text; None for a text without words."""
    wanted = None
    for word in words_in(text):
        found = SearchQuery(f"{word}:*", config="simple", search_type="raw") | SearchQuery(
            word, config="indonesian"
        )
        wanted = found if wanted is None else wanted & found
    return wanted


def keys_matching(text):
    """The ids of the papers whose searchable text matches (AgreementQuerySet.matching), as rows of them."""
    wanted = wanted_words(text)
    if wanted is None:
        return AgreementSearch.objects.none().values("agreement")
    # Each question by itself finds its index; joined by "or", every text would be read.
    by_words = AgreementSearch.objects.saying(wanted)
    by_parts = AgreementSearch.objects.containing(text.strip().lower())
    return by_words.values("agreement").union(by_parts.values("agreement"))


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The papers this reader may know of; everything else does not exist for the reader."""
        access = access_of(user)
        if access.has(Role.REGISTRAR, ADMIN):
            return self.all()
        reach = Q(pk__in=[])
        if access.has(ANONYMOUS):
            reach |= Q(published_at__isnull=False) & ~Q(status__in=DRAFTS)
        if access.has(Role.LEADERSHIP, Role.UNIT_OFFICER):
            reach |= ~Q(status__in=DRAFTS)
        if access.units:
            reach |= Exists(self._parties().filter(organization__in=access.units))
        if access.regions:
            reach |= Exists(self._scopes_in(access.regions)) & ~Q(status=Status.PROPOSED)
        return self.filter(reach)

    def papers(self):
        """Everything that is a paper; a visit or a meeting without one is out of every count."""
        return self.exclude(kind=AgreementKind.ACTIVITY)

    def signed(self):
        return self.filter(status__in=ONCE_SIGNED)

    def in_regions(self, codes):
        """Papers with a party that acts for one of the regions; a province includes its kabupaten/kota."""
        return self.filter(Exists(self._scopes_in(codes)))

    def about(self, themes):
        """Papers that cover at least one of the themes."""
        return self.filter(Exists(AgreementTheme.objects.filter(agreement=OuterRef("pk"), theme__in=themes)))

    def with_counterpart_of(self, *partner_classes):
        """Papers with a counterpart of one of the classes; without any counterpart: class unknown."""
        kinds = [kind for each in partner_classes for kind in kinds_of_class(each)]
        found = Q(Exists(self._parties().filter(organization__kind__in=kinds)))
        if PartnerClass.UNKNOWN in partner_classes:
            found |= ~Exists(self._counterparts())
        return self.filter(found)

    def with_party_among(self, organizations):
        """Papers in which one of the organisations (rows or ids) is a party."""
        return self.filter(Exists(self._parties().filter(organization__in=organizations)))

    def alive(self):
        """Papers that are not over and were not cancelled."""
        return self.exclude(status__in=NO_LONGER_ALIVE)

    def signed_between(self, first, last):
        """Papers that may have been signed in the span; a date of unknown day matches by overlap."""
        if first:
            self = self.filter(signed_latest__gte=first)
        if last:
            self = self.filter(signed_earliest__lte=last)
        return self

    def matching(self, text, pages=None):
        """Papers whose searchable text has every word: by its beginning, or by its Indonesian stem; or of
        whose text the whole is a part.

        ``pages`` (PageTexts) adds the papers of which one of these pages of a document has all words.
        """
        found = keys_matching(text)
        if pages is not None:
            found = found.union(pages.saying(text).order_by().values("file__document__agreement"))
        return self.filter(pk__in=found)

    def as_of(self, on):
        """The papers there were on that day, with the status they had then in ``status_on``."""
        changes = StatusChange.objects.filter(agreement=OuterRef("pk")).filter(
            Q(effective_on=None) | Q(effective_on__lte=on)
        )
        # Steps follow one another as they were recorded: one that holds from an earlier day than the
        # step before it, because it was entered late, still comes after it.
        newest = changes.order_by("-pk")
        return self.annotate(status_on=Subquery(newest.values("new")[:1])).exclude(status_on=None)

    def with_validity(self, on=None):
        """Add ``validity`` (a code of Validity) as it is on that day, today without one.

        The last term that had begun decides (its key is ``term_then``); a paper without a term, or with
        an unknown end, is ``unknown`` once it has begun. A term that was closed early counts before that
        day as it had been agreed. ``status_then`` is the status of the day. With a day, call ``as_of`` first.
        """
        status = F("status_on") if on else F("status")
        on = on or timezone.localdate()
        terms = Term.objects.filter(agreement=OuterRef("pk"))
        begun = terms.begun_by(on).as_agreed_on(on).order_by("-position", "-pk")
        return self.annotate(
            status_then=status,
            term_then=Subquery(begun.values("pk")[:1]),
            ends_latest=Subquery(begun.values("end_then")[:1]),
            ends_open=Subquery(begun.values("open_then")[:1]),
        ).annotate(
            validity=Case(
                When(~Q(status_then__in=ONCE_SIGNED), then=Value(Validity.NOT_BEGUN)),
                When(status_then__in=OVER, then=Value(Validity.ENDED)),
                When(signed_earliest__gt=on, then=Value(Validity.NOT_BEGUN)),
                # Of most papers no term is known; that is found out before the terms are ordered.
                When(~Exists(terms), then=Value(Validity.UNKNOWN)),
                When(~Exists(begun), then=Value(Validity.NOT_BEGUN)),
                When(ends_open=True, then=Value(Validity.IN_FORCE)),
                When(ends_latest=None, then=Value(Validity.UNKNOWN)),
                When(ends_latest__lt=on, then=Value(Validity.ENDED)),
                When(ends_latest__lte=on + ENDING_SOON, then=Value(Validity.ENDING)),
                default=Value(Validity.IN_FORCE),
                output_field=models.CharField(),
            )
        )

    def with_stage(self, on=None):
        """Add ``stage_then``: the stage in which a foreign paper is on its way to the signing on that day,
        today without one; None on any other paper. Call ``with_validity`` first."""
        steps = StageChange.objects.filter(agreement=OuterRef("pk"), since__lte=on or timezone.localdate())
        newest = Subquery(steps.order_by("-pk").values("new")[:1])
        on_its_way = When(status_then__in=BEFORE_SIGNING, then=newest)
        return self.annotate(stage_then=Case(on_its_way, default=None, output_field=models.CharField()))

    def with_signs_of_life(self, on=None):
        """Add the ``signs_of_life`` by that day (today without one), ``missed_since`` and ``decided_until``:
        what decides whether a paper sleeps. Of one paper, its ``sleep_on`` tells the rest."""
        on = on or timezone.localdate()
        rows = self.annotate(**signs_of_life(self, on))
        return rows.annotate(missed_since=missed_since(), decided_until=decided_until(on))

    def with_dormancy(self, on=None):
        """Add ``asleep_since``, the day since which a signed paper, which is not over, sleeps on that day
        (today without one), or None; and ``dormant``, a code of DormantState, or None. Adds what
        ``with_signs_of_life`` does. Call ``with_validity`` first."""
        on = on or timezone.localdate()
        goes_on = When(status_then=Status.SIGNED, validity__in=ALIVE, then=missed_by(on))
        return (
            self.with_signs_of_life(on)
            .annotate(asleep_since=Case(goes_on, output_field=models.DateField()))
            .annotate(dormant=dormant_on(on))
        )

    def in_force(self, on=None):
        """Signed, begun and not known to be over: in force, ending soon, or of unknown end."""
        return self.with_validity(on).filter(validity__in=ALIVE)

    def with_lead(self):
        """Add ``lead_class`` and ``lead_name`` of the leading counterpart, and ``unit_name``, ``unit_slug``
        of the responsible unit, which is the first of the ministry's units among the parties."""
        leading = self._counterparts().order_by("position", "pk")
        units = self._parties().filter(organization__kind=OrganizationKind.UNIT)
        responsible = units.order_by("position", "pk")
        by_kind = [When(lead_kind=kind, then=Value(cls)) for kind, cls in CLASS_OF_KIND.items()]
        return self.annotate(
            lead_kind=Subquery(leading.values("organization__kind")[:1]),
            lead_name=Subquery(leading.values("organization__name")[:1]),
            unit_name=Subquery(responsible.values("organization__name")[:1]),
            unit_slug=Subquery(responsible.values("organization__slug")[:1]),
        ).annotate(
            lead_class=Case(*by_kind, default=Value(PartnerClass.UNKNOWN), output_field=models.CharField())
        )

    def with_counts(self):
        """Add ``commitment_count`` and ``conflict_count``."""
        counted = self._counted(Commitment.objects.standing())
        return self.annotate(commitment_count=counted).with_conflict_count()

    def with_conflict_count(self):
        """Add ``conflict_count``: how many values another source contradicts."""
        return self.annotate(conflict_count=self._counted(SourcedFact.objects.in_conflict()))

    @staticmethod
    def _counted(rows):
        counted = rows.filter(agreement=OuterRef("pk")).order_by().values("agreement")
        return Coalesce(Subquery(counted.annotate(n=models.Count("pk")).values("n")), 0)

    def with_parties(self, parts=("event", "themes", "terms"), named_only=False):
        """Fetch, for the rows shown, what a line of the register names: parties, and these parts; of parties
        ``named_only`` fetches no more than what they are called, of which kind and region."""
        rows = self.select_related("event") if "event" in parts else self
        parties = Party.objects.select_related("organization__region")
        if named_only:
            parties = parties.only(*_NAMED)
        return rows.prefetch_related(
            models.Prefetch("parties", parties),
            *(part for part in parts if part != "event"),
        )

    def newest_first(self):
        """The order of the register: newest signature first, unknown last, then reference."""
        return self.order_by(F("signed_latest").desc(nulls_last=True), "ref")

    def likely_duplicates(self, *, partners, signed, kind, title):
        """Papers with one of the same partners that were signed in the same span or say the same title."""
        same = Q(pk__in=[])
        if signed:
            same |= Q(signed_earliest__lte=signed.latest, signed_latest__gte=signed.earliest, kind=kind)
        if title:
            same |= Q(title__iexact=title)
        return self.filter(same, Exists(self._parties().filter(organization__in=partners)))

    @staticmethod
    def _scopes_in(codes):
        # The regions are named first: joined to their rows, every scope would be read to compare the parent.
        regions = Region.objects.filter(Q(code__in=codes) | Q(parent__in=codes)).order_by()
        return AgreementScope.objects.filter(region__in=regions.values("code"), agreement=OuterRef("pk"))

    @staticmethod
    def _parties():
        return Party.objects.filter(agreement=OuterRef("pk"))

    @classmethod
    def _counterparts(cls):
        return cls._parties().exclude(organization__kind=OrganizationKind.UNIT)
