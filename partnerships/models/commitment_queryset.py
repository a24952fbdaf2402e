from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from partnerships.lifecycle import ReportStatus
from partnerships.models.access import access_of
from partnerships.roles import ADMIN, Role

_NUMBER: DecimalField = DecimalField(max_digits=20, decimal_places=2)
_NONE = Value(0, output_field=_NUMBER)


def _model(name):
    # Reports and periods stand above commitments; a query asks for them only when it is made.
    return apps.get_model("partnerships", name).objects


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A commitment is seen by who sees its paper."""
        if access_of(user).has(Role.REGISTRAR, ADMIN):
            return self.all()
        papers = self.model._meta.get_field("agreement").related_model.objects
        papers = papers.visible_to(user).filter(pk=OuterRef("agreement"))
        return self.filter(Exists(papers))

    def standing(self):
        """Not withdrawn."""
        return self.filter(withdrawn_on=None)

    def still_open(self):
        """Still owed: standing, and not known to be achieved. One without a number is never known to be."""
        rows = self.standing().with_achieved()
        return rows.filter(Q(target=None) | Q(target=0) | Q(achieved__lt=F("target")))

    def measurable(self):
        """With number, unit, due date, owner and proof: what an achievement rate may count."""
        return self.filter(
            indicator__isnull=False, target__gt=0, due__isnull=False, owner__isnull=False
        ).exclude(proof_wanted="")

    def unmeasurable(self):
        return self.filter(
            Q(indicator=None)
            | Q(target=None)
            | Q(target=0)
            | Q(due=None)
            | Q(owner=None)
            | Q(proof_wanted="")
        )

    def in_regions(self, codes):
        """Owed or answered for by an office that acts for one of the regions; a province includes its
        kabupaten and kota."""
        return self.filter(
            Q(owner__region__in=codes)
            | Q(owner__region__parent__in=codes)
            | Q(owed_by__organization__region__in=codes)
            | Q(owed_by__organization__region__parent__in=codes)
        )

    def answered_for_by(self, organizations):
        """Owed by one of the organisations (rows or ids), or with one of them as the responsible office."""
        return self.filter(Q(owner__in=organizations) | Q(owed_by__organization__in=organizations))

    def unverified(self):
        """With a report that waits for its verification."""
        return self.filter(Exists(_reports(ReportStatus.SUBMITTED)))

    def with_figures(self, on=None):
        """``next_due``, ``achieved``, ``rate`` and ``waiting`` as the standing keeps them; what had been
        achieved by another day is computed."""
        rows = self.filter(standing__isnull=False).annotate(next_due=F("standing__next_due"))
        if on:
            return rows.with_achieved(on)
        return rows.annotate(
            achieved=F("standing__achieved"), rate=F("standing__rate"), waiting=F("standing__waiting")
        )

    def with_achieved(self, on=None):
        """``achieved`` (verified, in the indicator's unit), ``rate`` (of the target; None when not
        measurable) and ``waiting`` (reports that wait for verification).

        With ``on``, only reports of periods that had ended by then, or had been submitted by then.
        A batch of trainees that another commitment reports counts here by its share.
        """
        verified = _reports(ReportStatus.VERIFIED)
        if on:
            verified = verified.known_by(on)
        total = verified.order_by().values("commitment").annotate(n=Sum("value")).values("n")
        latest = verified.order_by("-period_end").values("value")[:1]
        own = Case(
            When(cumulative=True, then=Subquery(latest, output_field=_NUMBER)),
            default=Subquery(total, output_field=_NUMBER),
        )
        shared = _model("BatchShare").counting_for(OuterRef("pk"), on)
        waiting = _reports(ReportStatus.SUBMITTED).order_by().values("commitment")
        return self.annotate(
            achieved=Coalesce(own, _NONE) + Coalesce(Subquery(shared, output_field=_NUMBER), _NONE),
            waiting=Coalesce(Subquery(waiting.annotate(n=models.Count("pk")).values("n")), 0),
        ).annotate(
            rate=Case(
                When(
                    ~(Q(indicator=None) | Q(due=None) | Q(owner=None) | Q(proof_wanted="")),
                    then=ExpressionWrapper(
                        F("achieved") / NullIf(F("target"), _NONE),
                        output_field=DecimalField(max_digits=24, decimal_places=6),
                    ),
                )
            )
        )


def _reports(status):
    return _model("ProgressReport").filter(commitment=OuterRef("pk"), status=status)
