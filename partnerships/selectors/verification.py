"""The reports that wait for somebody to judge them."""

from django.db.models import Count, Q

from partnerships.selectors.inbox import reports_to_verify


def reports_to_decide(user):
    """Submitted reports that the reader may verify or return, oldest first; never an entry of their own."""
    return reports_to_verify(user).order_by("submitted_at", "pk")


def with_all_they_say(reports):
    """The reports with what a row of the queue names, and how much evidence each has."""
    evidence = Count("documents", filter=Q(documents__withdrawn_at=None))
    return reports.annotate(evidence=evidence).select_related(
        "submitted_by",
        "commitment__agreement",
        "commitment__indicator",
        "commitment__owner",
        "commitment__owed_by__organization",
    )


def neighbours(reports, report):
    """The reports before and after one in the queue; either may be None."""
    order = list(reports.values_list("pk", flat=True))
    if report.pk not in order:
        return None, order[0] if order else None
    place = order.index(report.pk)
    return order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None
