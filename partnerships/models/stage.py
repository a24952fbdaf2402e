import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.lifecycle import BEFORE_SIGNING, FOREIGN_STAGE_MOVES, ForeignStage, arrows_sql, listed_sql

_ARROWS = arrows_sql(FOREIGN_STAGE_MOVES, "NEW.old", "NEW.new")


class StageChange(models.Model):
    """A step of a foreign paper on its way to the signing: since when, by whom, with which note.

    The first step may enter any stage, because a paper may come to the portal half-way. The newest
    row is the stage now.
    """

    agreement = models.ForeignKey(
        "partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"), related_name="stage_changes"
    )
    old = models.CharField(
        pgettext_lazy("stage before", "from"), max_length=12, choices=ForeignStage, blank=True
    )
    new = models.CharField(pgettext_lazy("stage after", "to"), max_length=12, choices=ForeignStage)
    since = models.DateField(_("since"), default=timezone.localdate)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    note = models.TextField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a foreign paper")
        verbose_name_plural = _("steps of foreign papers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="stage_known", condition=models.Q(new__in=ForeignStage.values)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="allowed_stages",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM 1 FROM partnerships_agreement a WHERE a.id = NEW.agreement_id FOR UPDATE;
                    IF NEW.old IS DISTINCT FROM COALESCE((
                        SELECT c.new FROM partnerships_stagechange c
                        WHERE c.agreement_id = NEW.agreement_id ORDER BY c.id DESC LIMIT 1
                    ), '') OR NOT (NEW.old = '' OR {_ARROWS}) THEN
                        RAISE EXCEPTION 'agreement %: no step from stage % to %',
                            NEW.agreement_id, NEW.old, NEW.new
                        USING ERRCODE = '23514', CONSTRAINT = 'stage_allowed_moves';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM partnerships_agreement a WHERE a.id = NEW.agreement_id
                        AND a.status IN ({listed_sql(BEFORE_SIGNING)})
                    ) THEN
                        RAISE EXCEPTION 'agreement % is past its signing', NEW.agreement_id
                        USING ERRCODE = '23514', CONSTRAINT = 'stage_before_signing';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - from our own tables of moves
            ),
        ]

    def __str__(self):
        return f"{self.agreement_id}: {self.old} -> {self.new}"

    @property
    def since_in_words(self):
        return date_format(self.since, "j F Y")
