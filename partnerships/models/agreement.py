from functools import lru_cache

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.readers import whole_register
from partnerships.lifecycle import DRAFTS, MOVES, Status, forbidden_moves_sql, listed_sql
from partnerships.models.agreement_queryset import ALIVE, AgreementQuerySet
from partnerships.models.dormancy import DormantState
from partnerships.models.event import SigningEvent
from partnerships.models.kinds import (
    FOREIGN_KINDS,
    AgreementKind,
    Certainty,
    OrganizationKind,
    PartnerClass,
    kinds_of_class,
)
from partnerships.models.partial_date import PartialDateValue, Precision, partial_date_is_whole
from partnerships.models.reference import Theme
from regions.models import Region


# A page names the same papers several times.
@lru_cache(maxsize=4096)
def _address_of(ref):
    return reverse("partnerships:agreement-detail", args=[ref])


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
            models.CheckConstraint(name="agreement_kind_known", condition=Q(kind__in=AgreementKind.values)),
            models.CheckConstraint(name="agreement_represents_at_least_one", condition=Q(represents__gte=1)),
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
                condition=pgtrigger.Condition(forbidden_moves_sql(MOVES)),
                func="""
                    RAISE EXCEPTION 'agreement %: no move from % to %', OLD.ref, OLD.status, NEW.status
                    USING ERRCODE = '23514', CONSTRAINT = 'agreement_allowed_moves';
                """,
            ),
            pgtrigger.Trigger(
                name="signed_at_the_last_stage",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status <> NEW.status AND NEW.status = 'signed'"),
                # A foreign paper of which no stage is known is not at the last one either.
                func=f"""
                    IF COALESCE((
                        SELECT c.new FROM partnerships_stagechange c WHERE c.agreement_id = NEW.id
                        ORDER BY c.id DESC LIMIT 1
                    ), CASE WHEN NEW.kind IN ({listed_sql(FOREIGN_KINDS)}) OR (
                        SELECT o.kind FROM partnerships_party p
                        JOIN partnerships_organization o ON o.id = p.organization_id
                        WHERE p.agreement_id = NEW.id AND o.kind <> '{OrganizationKind.UNIT.value}'
                        ORDER BY p.position, p.id LIMIT 1
                    ) IN ({listed_sql(kinds_of_class(PartnerClass.INTERNATIONAL))})
                    THEN '' ELSE 'signing' END) <> 'signing' THEN
                        RAISE EXCEPTION 'agreement %: not at the stage of signing', NEW.ref
                        USING ERRCODE = '23514', CONSTRAINT = 'agreement_signed_at_the_last_stage';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - from our own vocabularies
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
        return _address_of(self.ref)

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
    def is_foreign(self):
        """Whether the paper passes the stages of a foreign paper on its way to the signing."""
        return self.kind in FOREIGN_KINDS or self.partner_class == PartnerClass.INTERNATIONAL

    @property
    def stage(self):
        """The newest step of a foreign paper (StageChange), or None."""
        return self.stage_changes.first()

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

    def sleep_on(self, day):
        """(the day since which the paper sleeps on a day, its DormantState), or (None, None): what
        ``with_dormancy`` says, of a row with validity and signs of life of that day."""
        goes_on = self.status_then == Status.SIGNED and self.validity in ALIVE
        if not goes_on or self.missed_since is None or self.missed_since > day:
            return None, None
        is_decided = self.decided_until is not None and self.decided_until >= day
        return self.missed_since, DormantState.DECIDED if is_decided else DormantState.UNDECIDED

    @property
    def is_draft(self):
        return self.status in DRAFTS

    @whole_register()
    def leads_to(self, paper, relation):
        """Whether following ``implements`` or ``renews`` upwards from this paper comes to that one."""
        seen, here = set(), self
        while here and here.pk not in seen:
            if here.pk == paper.pk:
                return True
            seen.add(here.pk)
            here = getattr(here, relation)
        return False
