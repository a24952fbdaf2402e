import datetime
import re

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import DRAFTS, ONCE_SIGNED, Status, forbidden_moves_sql
from partnerships.models.access import access_of
from partnerships.models.commitment import Commitment
from partnerships.models.event import SigningEvent
from partnerships.models.kinds import (
    CLASS_OF_KIND,
    AgreementKind,
    Certainty,
    OrganizationKind,
    PartnerClass,
    Validity,
    kinds_of_class,
)
from partnerships.models.partial_date import (
    PartialDateValue,
    Precision,
    partial_date_is_whole,
)
from partnerships.models.party import Party
from partnerships.models.reference import Theme
from partnerships.models.source import SourcedFact
from partnerships.models.term import Term
from partnerships.roles import ADMIN, ANONYMOUS, Role
from regions.models import Region

ENDING_SOON = datetime.timedelta(days=90)


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
            own = self.model.objects.in_regions(access.regions).exclude(status=Status.PROPOSED)
            reach |= Q(pk__in=own.order_by().values("pk"))
        return self.filter(reach)

    def papers(self):
        """Everything that is a paper; a visit or a meeting without one is out of every count."""
        return self.exclude(kind=AgreementKind.ACTIVITY)

    def signed(self):
        return self.filter(status__in=ONCE_SIGNED)

    def in_regions(self, codes):
        """Papers with a party that acts for one of the regions; a province includes its kabupaten and kota."""
        scopes = AgreementScope.objects.filter(
            Q(region__in=codes) | Q(region__parent__in=codes), agreement=OuterRef("pk")
        )
        return self.filter(Exists(scopes))

    def about(self, themes):
        """Papers that cover at least one of the themes."""
        return self.filter(
            Exists(AgreementTheme.objects.filter(agreement=OuterRef("pk"), theme__in=themes))
        )

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

    def signed_between(self, first, last):
        """Papers that may have been signed in the span; a date of unknown day matches by overlap."""
        if first:
            self = self.filter(signed_latest__gte=first)
        if last:
            self = self.filter(signed_earliest__lte=last)
        return self

    def with_follow_up(self, kind):
        """Papers that another paper of that kind implements."""
        return self.filter(
            Exists(Agreement.objects.filter(kind=kind, implements=OuterRef("pk")).order_by())
        )

    def matching(self, text):
        """Papers whose searchable text has every word: by its beginning, or by its Indonesian stem."""
        words = re.findall(r"[^\W_]+", text)[:20]
        if not words:
            return self.none()
        wanted = None
        for word in words:
            found = SearchQuery(f"{word}:*", config="simple", search_type="raw") | SearchQuery(
                word, config="indonesian"
            )
            wanted = found if wanted is None else wanted & found
        return self.filter(
            Q(searchable__words=wanted) | Q(searchable__text__contains=text.strip().lower())
        )

    def as_of(self, on):
        """The papers there were on that day, with the status they had then in ``status_on``."""
        changes = StatusChange.objects.filter(agreement=OuterRef("pk")).filter(
            Q(effective_on=None) | Q(effective_on__lte=on)
        )
        newest = changes.order_by(F("effective_on").desc(nulls_last=True), "-pk")
        return self.annotate(status_on=Subquery(newest.values("new")[:1])).exclude(status_on=None)

    def with_validity(self, on=None):
        """Add ``validity`` (a code of Validity) as it is on that day, today without one.

        The last term that had begun decides; a paper without a term, or with an unknown end, is
        ``unknown`` once it has begun. With a day, call ``as_of`` first.
        """
        status = F("status_on") if on else F("status")
        on = on or timezone.localdate()
        terms = Term.objects.filter(agreement=OuterRef("pk"))
        begun = terms.begun_by(on).order_by("-position", "-pk")
        return self.annotate(
            _status=status,
            ends_latest=Subquery(begun.values("ends_latest")[:1]),
            ends_open=Subquery(begun.values("ends_open")[:1]),
        ).annotate(
            validity=Case(
                When(~Q(_status__in=ONCE_SIGNED), then=Value(Validity.NOT_BEGUN)),
                When(_status__in=[Status.ENDED, Status.TERMINATED], then=Value(Validity.ENDED)),
                When(signed_earliest__gt=on, then=Value(Validity.NOT_BEGUN)),
                When(Exists(terms) & ~Exists(begun), then=Value(Validity.NOT_BEGUN)),
                When(ends_open=True, then=Value(Validity.IN_FORCE)),
                When(ends_latest=None, then=Value(Validity.UNKNOWN)),
                When(ends_latest__lt=on, then=Value(Validity.ENDED)),
                When(ends_latest__lte=on + ENDING_SOON, then=Value(Validity.ENDING)),
                default=Value(Validity.IN_FORCE),
                output_field=models.CharField(),
            )
        )

    def in_force(self, on=None):
        """Signed, begun and not known to be over: in force, ending soon, or of unknown end."""
        alive = [Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN]
        return self.with_validity(on).filter(validity__in=alive)

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
            lead_class=Case(
                *by_kind, default=Value(PartnerClass.UNKNOWN), output_field=models.CharField()
            )
        )

    def with_counts(self):
        """Add ``commitment_count`` and ``conflict_count`` (values that another source contradicts)."""

        def count(rows):
            counted = rows.filter(agreement=OuterRef("pk")).order_by().values("agreement")
            return Coalesce(Subquery(counted.annotate(n=models.Count("pk")).values("n")), 0)

        return self.annotate(
            commitment_count=count(Commitment.objects.all()),
            conflict_count=count(SourcedFact.objects.in_conflict()),
        )

    def with_parties(self):
        """Fetch, for the rows shown, what a line of the register names."""
        return self.select_related("event").prefetch_related(
            models.Prefetch("parties", Party.objects.select_related("organization__region")),
            "themes",
            "terms",
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
    def _parties():
        return Party.objects.filter(agreement=OuterRef("pk"))

    @classmethod
    def _counterparts(cls):
        return cls._parties().exclude(organization__kind=OrganizationKind.UNIT)


@pghistory.track()
class Agreement(models.Model):
    """A naskah kerja sama: one signed (or coming) paper between the ministry and its partners."""

    ref = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    external_source = models.CharField(_("source register"), max_length=60, blank=True)
    external_id = models.CharField(_("number in the source register"), max_length=60, blank=True)
    kind = models.CharField(
        _("kind of paper"), max_length=30, choices=AgreementKind, default=AgreementKind.UNKNOWN
    )
    title = models.CharField(_("title"), max_length=400, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.PROPOSED, editable=False
    )
    signed_earliest = models.DateField(null=True, blank=True, editable=False)
    signed_latest = models.DateField(null=True, blank=True, editable=False)
    signed_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    place = models.CharField(_("place of signing"), max_length=200, blank=True)
    event = models.ForeignKey(
        SigningEvent,
        models.PROTECT,
        verbose_name=_("signing event"),
        null=True,
        blank=True,
        related_name="agreements",
    )
    themes = models.ManyToManyField(
        Theme, through="AgreementTheme", verbose_name=_("themes"), related_name="agreements"
    )
    work_regions = models.ManyToManyField(
        Region,
        through="WorkLocation",
        verbose_name=_("where the work happens"),
        related_name="agreements_at_work",
    )
    represents = models.PositiveIntegerField(
        _("stands for papers"),
        default=1,
        help_text=_("More than 1 when a source names a batch without its papers."),
    )
    implements = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("implements"),
        null=True,
        blank=True,
        related_name="implemented_by",
    )
    renews = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("renews"),
        null=True,
        blank=True,
        related_name="renewed_by",
    )
    certainty = models.CharField(
        _("certainty of the record"), max_length=10, choices=Certainty, default=Certainty.HIGH
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # One key for each opened form: the same form sent twice makes one record.
    entry_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = AgreementQuerySet.as_manager()
    signed = PartialDateValue("signed")

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = [F("signed_latest").desc(nulls_last=True), "ref"]
        constraints = [
            partial_date_is_whole("signed", "agreement"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="agreement_external_id_once_per_source",
            ),
            models.CheckConstraint(name="agreement_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="agreement_kind_known", condition=Q(kind__in=AgreementKind.values)
            ),
            models.CheckConstraint(
                name="agreement_represents_at_least_one", condition=Q(represents__gte=1)
            ),
            models.CheckConstraint(
                name="agreement_not_its_own_parent", condition=Q(implements=None) | ~Q(implements=F("pk"))
            ),
            models.CheckConstraint(
                name="agreement_not_its_own_renewal", condition=Q(renews=None) | ~Q(renews=F("pk"))
            ),
            models.CheckConstraint(
                name="agreement_draft_is_not_public",
                condition=Q(published_at=None) | ~Q(status__in=DRAFTS),
            ),
        ]
        indexes = [
            models.Index(F("signed_latest").desc(nulls_last=True), "ref", name="agreement_register_order"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="allowed_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(forbidden_moves_sql()),
                func="""
                    RAISE EXCEPTION 'agreement %: no move from % to %', OLD.ref, OLD.status, NEW.status
                    USING ERRCODE = '23514', CONSTRAINT = 'agreement_allowed_moves';
                """,
            ),
            pgtrigger.Protect(
                name="ref_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.ref IS DISTINCT FROM NEW.ref"),
            ),
            pgtrigger.Trigger(
                name="refresh_search",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="PERFORM portal_refresh_search(NEW.id); RETURN NULL;",
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.display_title}"

    def get_absolute_url(self):
        return reverse("partnerships:agreement-detail", args=[self.ref])

    @property
    def ministry_parties(self):
        return [party for party in self.parties.all() if party.organization.is_unit]

    @property
    def counterparts(self):
        return [party for party in self.parties.all() if not party.organization.is_unit]

    @property
    def responsible_unit(self):
        """The first of the ministry's units among the parties, or None."""
        return next((party.organization for party in self.ministry_parties), None)

    @property
    def partner_class(self):
        """The one class this paper is counted under: its leading counterpart's."""
        leading = next(iter(self.counterparts), None)
        return PartnerClass(leading.organization.partner_class if leading else PartnerClass.UNKNOWN)

    @property
    def display_title(self):
        """The title, or for a paper whose title no source gives, its kind and partners."""
        if self.title:
            return self.title
        partners = [party.organization.name for party in self.counterparts]
        if not partners:
            return gettext("%(kind)s, partner not named") % {"kind": self.get_kind_display()}
        return gettext("%(kind)s with %(partners)s") % {
            "kind": self.get_kind_display(),
            "partners": ", ".join(partners),
        }

    @property
    def is_draft(self):
        return self.status in DRAFTS


class AgreementSearch(models.Model):
    """What of an agreement can be searched; kept by database triggers, so that raw SQL can't bypass it."""

    agreement = models.OneToOneField(
        Agreement, models.CASCADE, primary_key=True, related_name="searchable"
    )
    words = SearchVectorField()
    text = models.TextField()

    class Meta:
        verbose_name = _("searchable text")
        verbose_name_plural = _("searchable texts")
        indexes = [GinIndex(fields=["words"], name="agreement_search_words")]

    def __str__(self):
        return self.text[:80]


def _refreshes_search():
    return pgtrigger.Trigger(
        name="refresh_search",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            PERFORM portal_refresh_search(COALESCE(NEW.agreement_id, OLD.agreement_id));
            RETURN NULL;
        """,
    )


@pghistory.track()
class AgreementTheme(models.Model):
    """A theme that a paper covers."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name=_("agreement"))
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name=_("theme"))

    class Meta:
        verbose_name = _("theme of an agreement")
        verbose_name_plural = _("themes of agreements")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "theme"], name="theme_once_per_agreement"),
        ]
        triggers = [_refreshes_search()]

    def __str__(self):
        return str(self.theme)


@pghistory.track()
class WorkLocation(models.Model):
    """A region where the work of a paper happens, when no party acts for that region."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name=_("agreement"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))

    class Meta:
        verbose_name = _("work location")
        verbose_name_plural = _("work locations")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "region"], name="location_once_per_agreement"),
        ]
        triggers = [_refreshes_search()]

    def __str__(self):
        return str(self.region)


class AgreementScope(models.Model):
    """A region that a paper's parties act for; kept by trigger, read by every rule of who may see it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="scopes")
    region = models.ForeignKey(Region, models.PROTECT, related_name="scopes")

    class Meta:
        verbose_name = _("region of an agreement")
        verbose_name_plural = _("regions of agreements")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "region"], name="scope_once_per_agreement"),
        ]
        indexes = [models.Index(fields=["region", "agreement"], name="scope_by_region")]
        triggers = [_refreshes_search()]

    def __str__(self):
        return str(self.region)


class StatusChange(models.Model):
    """A step in the life of a paper: what was true from which day, by whose decision."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, verbose_name=_("agreement"), related_name="status_changes"
    )
    old = models.CharField(pgettext_lazy("status before", "from"), max_length=20, blank=True)
    new = models.CharField(pgettext_lazy("status after", "to"), max_length=20, choices=Status)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["agreement", "effective_on"], name="status_change_by_day")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.agreement_id}: {self.old} -> {self.new}"


class ReferenceSerial(models.Model):
    """The last serial given in a year; locked while the next is taken, so that none is given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("reference serial")
        verbose_name_plural = _("reference serials")

    def __str__(self):
        return f"KS-{self.year}-{self.last:04d}"

