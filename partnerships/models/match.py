import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import Status
from partnerships.models.agreement import Agreement
from partnerships.models.commitment import Commitment
from partnerships.models.need import Need
from partnerships.models.offer import Offer


class MatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What became of the needs that the reader sees. The paper itself is for who may see it."""
        return self.filter(Exists(Need.objects.visible_to(user).filter(pk=OuterRef("need"))))

    def standing(self):
        """Matches whose paper was not cancelled, also where it is not the reader's."""
        is_cancelled = models.Func(
            "agreement", function="portal_is_cancelled", output_field=models.BooleanField()
        )
        return self.alias(is_cancelled=is_cancelled).filter(is_cancelled=False)


class Match(models.Model):
    """An offer that was taken for a need: the paper that was proposed for it, the commitment in it, and how
    much of the need this is to meet. Kept for good; a cancelled paper frees both again."""

    need = models.ForeignKey(Need, models.PROTECT, verbose_name=_("need"), related_name="matches")
    offer = models.ForeignKey(Offer, models.PROTECT, verbose_name=_("offer"), related_name="matches")
    agreement = models.OneToOneField(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="match"
    )
    # A commitment may be taken out of a draft again; what was matched stays.
    commitment = models.OneToOneField(
        Commitment,
        models.SET_NULL,
        verbose_name=_("commitment"),
        null=True,
        blank=True,
        related_name="match",
    )
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match of a need and an offer")
        verbose_name_plural = _("matches of needs and offers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="match_number_above_zero", condition=Q(number__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_one_theme_and_paper",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM partnerships_need n, partnerships_offer o, partnerships_commitment c
                        WHERE n.id = NEW.need_id AND o.id = NEW.offer_id AND c.id = NEW.commitment_id
                        AND o.theme_id = n.theme_id AND o.indicator_id = n.indicator_id
                        AND c.agreement_id = NEW.agreement_id
                    ) THEN
                        RAISE EXCEPTION 'need, offer and commitment do not belong together'
                        USING ERRCODE = '23514', CONSTRAINT = 'match_of_one_theme_and_paper';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.need}: {self.offer}"

    @property
    def stands(self):
        """Whether its paper was not cancelled."""
        return self.agreement.status != Status.CANCELLED
