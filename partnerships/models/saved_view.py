import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.access import access_of
from partnerships.roles import Role


class ListName(models.TextChoices):
    """The lists that have views of their own."""

    AGREEMENTS = "agreements", _("Agreements")
    COMMITMENTS = "commitments", _("Commitments")


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own views, and those that somebody at work here shares with a role one holds."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        shared = Q(shared_with__in=access_of(user).roles, owner__is_active=True)
        return self.filter(Q(owner=user) | shared)

    def of(self, name):
        """The views of one list (ListName)."""
        return self.filter(list=name)


@pghistory.track()
class SavedView(models.Model):
    """A question to a list under a name, to be asked again: filters, order, columns and page size.

    It holds the question and never an answer: who opens a shared view gets the rows of their own scope.
    ``query`` is written as the list writes its own address, without the page.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("owner"), related_name="saved_views"
    )
    list = models.CharField(_("list"), max_length=12, choices=ListName, editable=False)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("question"), blank=True, max_length=4000, editable=False)
    shared_with = models.CharField(_("shared with"), max_length=20, choices=Role, blank=True)
    is_default = models.BooleanField(_("opens with the list"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # One key for each opened form: the same form sent twice makes one view.
    entry_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint("owner", "list", Lower("name"), name="saved_view_once_by_name"),
            models.UniqueConstraint(
                fields=["owner", "list"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
            models.CheckConstraint(name="saved_view_list_known", condition=Q(list__in=ListName.values)),
            models.CheckConstraint(
                name="saved_view_role_known", condition=Q(shared_with__in=["", *Role.values])
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The list as the view asks for it."""
        return f"{self.list_url}?view={self.pk}"

    @property
    def list_url(self):
        return reverse(LIST_PAGES[self.list])

    @property
    def question(self):
        """The parameters of the list that it stands for."""
        return QueryDict(self.query, mutable=True)


LIST_PAGES = {
    ListName.AGREEMENTS: "partnerships:agreement-list",
    ListName.COMMITMENTS: "partnerships:commitment-list",
}
