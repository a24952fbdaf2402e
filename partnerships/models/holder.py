import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.organization import Organization
from partnerships.models.party import Capacity
from partnerships.models.person import Person


class OfficeHolderQuerySet(models.QuerySet):
    def holding(self, on):
        """Who held a post on that day; an unknown beginning or end counts as holding."""
        begun = Q(starts_on=None) | Q(starts_on__lte=on)
        return self.filter(begun).filter(Q(ends_on=None) | Q(ends_on__gt=on))


@pghistory.track()
class OfficeHolder(models.Model):
    """A person holds a post of an organisation from a day to a day, such as Bupati Asahan from 2021-02-26.

    Kept to tell whether who signed held the post on the day of signing. It warns and refuses nothing.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organisation"), related_name="holders"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="posts")
    post = models.CharField(_("post"), max_length=200)
    capacity = models.CharField(_("capacity"), max_length=12, choices=Capacity, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day on which it no longer holds.")
    )
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Where the public can read of it.")
    )

    objects = OfficeHolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("office holder")
        verbose_name_plural = _("office holders")
        ordering = ["organization", "post", F("starts_on").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                name="holder_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.post}"

    def may_have_held(self, date):
        """Whether the post was held at some time of a date that may be known in part (PartialDate)."""
        begun = self.starts_on is None or self.starts_on <= date.latest
        return begun and (self.ends_on is None or self.ends_on > date.earliest)
