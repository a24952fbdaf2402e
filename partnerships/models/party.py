import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.organization import Organization
from partnerships.models.person import Person


@pghistory.track()
class Party(models.Model):
    """An organisation in a paper, in the order the paper names it, with its own number of the paper."""

    agreement = models.ForeignKey(
        "partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"), related_name="parties"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organisation"), related_name="parties"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    number = models.CharField(
        _("number of the paper at this party"),
        max_length=120,
        blank=True,
        help_text=_("Each party numbers the same paper in its own way."),
    )
    contact = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("contact person"),
        null=True,
        blank=True,
        related_name="contact_for",
    )
    contact_details = models.CharField(_("how to reach the contact"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organization"], name="party_once_per_agreement"),
            # The target of the composite keys that keep a commitment's or a signatory's party
            # within its own paper.
            models.UniqueConstraint(fields=["id", "agreement"], name="party_with_its_agreement"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refresh_scope",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP <> 'INSERT' THEN
                        PERFORM portal_refresh_scope(OLD.agreement_id);
                        PERFORM portal_refresh_search(OLD.agreement_id);
                    END IF;
                    IF TG_OP <> 'DELETE' THEN
                        PERFORM portal_refresh_scope(NEW.agreement_id);
                        PERFORM portal_refresh_search(NEW.agreement_id);
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.organization.name


class Capacity(models.TextChoices):
    DEFINITIVE = "definitive", _("in office")
    DEPUTY = "deputy", _("deputy")
    PLT = "plt", _("acting (Plt.)")
    PLH = "plh", _("daily acting (Plh.)")
    PJ = "pj", _("interim (Pj.)")
    AN = "an", _("on behalf of (a.n.)")
    PROXY = "proxy", _("by power of attorney")
    UNKNOWN = "", _("capacity unknown")


# Who signs in one of these stands in for somebody else, by a letter of that person or office.
BY_LETTER = (Capacity.PLT, Capacity.PLH, Capacity.AN, Capacity.PROXY)
# Who fills a post for a time; the post itself may have a holder on leave, or none.
ACTING = (Capacity.PLT, Capacity.PLH, Capacity.PJ)


class Presence(models.TextChoices):
    SIGNED = "signed", _("signed")
    WITNESSED = "witnessed", _("witnessed")
    PRESENT = "present", _("was present")


class SignatoryQuerySet(models.QuerySet):
    def signed(self):
        """Those who signed; a witness, or who was only present, signed nothing."""
        return self.filter(presence=Presence.SIGNED)

    def without_filed_letter(self):
        """Those who signed by a letter of authority of which no file stands in the record."""
        letters = apps.get_model("partnerships", "Document").objects.standing()
        filed = letters.filter(purpose="authority", signatory=OuterRef("pk"))
        return self.signed().filter(~Exists(filed), capacity__in=BY_LETTER)


@pghistory.track()
class Signatory(models.Model):
    """Who signed for a party, in which post and capacity, or only witnessed it or was present."""

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.CASCADE,
        verbose_name=_("agreement"),
        related_name="signatories",
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("for the party"),
        null=True,
        blank=True,
        related_name="signatories",
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("person"),
        null=True,
        blank=True,
        related_name="signatures",
    )
    post = models.CharField(_("post"), max_length=200, blank=True)
    capacity = models.CharField(
        _("capacity"), max_length=12, choices=Capacity, blank=True, default=Capacity.UNKNOWN
    )
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True)
    letter = models.CharField(_("letter of authority"), max_length=200, blank=True)
    presence = models.CharField(
        _("what the person did"), max_length=12, choices=Presence, default=Presence.SIGNED
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="signatory_has_a_name_or_a_post", condition=Q(person__isnull=False) | ~Q(post="")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refresh_search",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    PERFORM portal_refresh_search(COALESCE(NEW.agreement_id, OLD.agreement_id));
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return str(self.person) if self.person else self.post
