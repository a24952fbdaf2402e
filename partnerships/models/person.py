import pghistory
import pgtrigger
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.names import names_are_seen


class PersonQuerySet(models.QuerySet):
    def called(self, name):
        """People of that name, written with all their titles or with none, whatever the case."""
        before = Case(When(title_before="", then=Value("")), default=Concat("title_before", Value(" ")))
        after = Case(When(title_after="", then=Value("")), default=Concat(Value(", "), "title_after"))
        written = self.annotate(written=Concat(before, "name", after, output_field=models.TextField()))
        return written.filter(Q(written__iexact=name) | Q(name__iexact=name))


@pghistory.track()
class Person(models.Model):
    """A person named in papers. Signatories and contacts point here, so that a name can be corrected
    or erased in one place without touching the history of the papers."""

    name = models.CharField(_("name"), max_length=150)
    title_before = models.CharField(_("title before the name"), max_length=40, blank=True)
    title_after = models.CharField(_("title after the name"), max_length=60, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [names_are_seen("person", "name", "title_before", "title_after")]
        triggers = [
            pgtrigger.Trigger(
                name="refresh_search",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("name"),
                func="""
                    PERFORM portal_refresh_search(s.agreement_id) FROM partnerships_signatory s
                    WHERE s.person_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        name = f"{self.title_before} {self.name}".strip()
        return f"{name}, {self.title_after}" if self.title_after else name
