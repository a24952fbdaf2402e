"""What the end of a paper does to the periods in which it was to hold."""

from django.utils.translation import gettext as _

from partnerships.models.term import LONGEST_REASON


def close_early(*, agreement, on, reason):
    """Let the term in force end on the day from which the paper is over, when that is before the end that
    was agreed, which stays beside it. A term that has not begun by then is closed and keeps its days.

    A part of the move that makes the paper over: in its transaction, after its right was checked. A term
    whose end is not known, or not known to be later, stays as it is.
    """
    said = _shortened(reason.strip() or _("The paper was over before the agreed end."))
    begun = agreement.terms.begun_by(on).order_by("-position", "-pk")
    term = begun.first()
    if term and (term.ends_open or (term.ends and on < term.ends.earliest)):
        term.cut_short(on, said)
        term.save()
    for later in agreement.terms.exclude(pk__in=begun.values("pk")):
        later.closed_because = said
        later.save(update_fields=["closed_because"])


def _shortened(reason):
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"
