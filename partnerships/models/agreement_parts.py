import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.lifecycle import OVER, Status, listed_sql
from partnerships.models.reference import Theme
from regions.models import Region


class Trigrams(models.Func):
    """Every three signs that stand side by side in a text: what an index can find a part of a word by. The
    database of one's own machine brings no pg_trgm."""

    function = "portal_trigrams"
    output_field: ArrayField = ArrayField(models.TextField())


class Saying(models.Func):
    """The keys of what a search finds, for ``pk__in``, by a ``function`` that asks the index; behind a policy
    the database would read every text instead."""

    template = "(SELECT %(function)s(%(expressions)s))"
    output_field: models.BigIntegerField = models.BigIntegerField()


class Among(models.Func):
    """Whether a key is one of many, which are said as one value however many they are. Of no policy's
    business: PostgreSQL may ask it before the policies."""

    arity = 2
    arg_joiner = " = ANY ("
    template = "%(expressions)s::bigint[])"
    output_field: models.BooleanField = models.BooleanField()

    def __init__(self, key, keys):
        super().__init__(key, models.Value("{" + ",".join(map(str, keys)) + "}"))


# Fewer signs are no part of a text: the index knows every three that stand side by side.
LEAST_SIGNS = 3


class AgreementSearchQuerySet(models.QuerySet):
    def saying(self, words):
        """Texts that match a text-search query."""
        return self.filter(agreement__in=Saying(words, function="portal_papers_saying"))

    def containing(self, text):
        """Texts of which this, in small letters, is a part; less than three signs are no part."""
        if len(text) < LEAST_SIGNS:
            return self.none()
        return self.filter(agreement__in=Saying(models.Value(text), function="portal_papers_containing"))


class AgreementSearch(models.Model):
    """What of an agreement can be searched; kept by database triggers, so that raw SQL can't bypass it."""

    agreement = models.OneToOneField(
        "partnerships.Agreement", models.CASCADE, primary_key=True, related_name="searchable"
    )
    words = SearchVectorField()
    text = models.TextField()

    objects = AgreementSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("searchable text")
        verbose_name_plural = _("searchable texts")
        indexes = [
            GinIndex(fields=["words"], name="agreement_search_words"),
            GinIndex(Trigrams("text"), name="agreement_search_parts"),
        ]

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

    agreement = models.ForeignKey("partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"))
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

    agreement = models.ForeignKey("partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"))
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

    agreement = models.ForeignKey("partnerships.Agreement", models.CASCADE, related_name="scopes")
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
        "partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"), related_name="status_changes"
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
            pgtrigger.Trigger(
                name="papers_below_are_decided",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                # At the end of the transaction, when the decisions have been written too.
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition(f"NEW.new IN ({listed_sql(OVER)}) AND NEW.old <> ''"),
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM partnerships_agreement a
                        WHERE a.implements_id = NEW.agreement_id
                        AND a.status NOT IN ({listed_sql((*OVER, Status.CANCELLED))})
                        AND NOT EXISTS (
                            SELECT 1 FROM partnerships_childdecision d
                            WHERE d.change_id = NEW.id AND d.child_id = a.id
                        )
                    ) THEN
                        RAISE EXCEPTION 'agreement %: a paper below it is not decided', NEW.agreement_id
                        USING ERRCODE = '23514', CONSTRAINT = 'agreement_papers_below_are_decided';
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - from our own tables of moves
            ),
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
