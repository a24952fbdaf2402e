import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.organization import Organization
from partnerships.roles import Role


class PostingQuerySet(models.QuerySet):
    def active(self, on=None):
        """Postings that hold on that day (today without one)."""
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def visible_to(self, user):
        return self if user.is_superuser else self.filter(user=user)


@pghistory.track()
class Posting(models.Model):
    """A user holds a role in an office from a day to a day. Access follows the office: on a transfer
    this posting ends and the successor's begins."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("user"), related_name="postings"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("office"), related_name="postings"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day on which it no longer holds.")
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=Q(ends_on=None),
                name="posting_open_once",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="office_fits_role",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.role = 'regional_officer' AND NOT EXISTS (
                        SELECT 1 FROM partnerships_organization
                        WHERE id = NEW.organization_id AND region_id IS NOT NULL
                    ) OR NEW.role IN ('registrar', 'unit_officer') AND NOT EXISTS (
                        SELECT 1 FROM partnerships_organization
                        WHERE id = NEW.organization_id AND kind = 'unit'
                    ) THEN
                        RAISE EXCEPTION 'posting: the office does not fit the role'
                        USING ERRCODE = '23514', CONSTRAINT = 'posting_office_fits_role';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.organization.label}"
