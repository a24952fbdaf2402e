"""How long a paper holds, said in a sentence."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from partnerships.lifecycle import Status
from partnerships.models import PartialDate, Precision, Validity


def validity_in_words(agreement, terms, today=None):
    """One sentence for ``agreement.validity`` (of ``with_validity``) and the paper's terms."""
    today = today or timezone.localdate()
    begun = [term for term in terms if term.has_begun(today)]
    term = begun[-1] if begun else None
    ends = term.ends if term else None
    if agreement.validity == Validity.UNKNOWN:
        return gettext("The term is not known: no source says when this paper ends.")
    if agreement.validity == Validity.IN_FORCE:
        if ends is None:
            return gettext("In force; the parties agreed on no end.")
        said = gettext("In force until %(end)s.") % {"end": in_full(ends)}
        return _with_what_follows(said, term, terms)
    if agreement.validity == Validity.ENDING:
        days = (ends.latest - today).days
        said = ngettext("Ends on %(end)s, in %(days)s day.", "Ends on %(end)s, in %(days)s days.", days) % {
            "end": in_full(ends),
            "days": days,
        }
        return _with_what_follows(said, term, terms)
    if agreement.validity == Validity.ENDED:
        return _ended(agreement, term)
    return _not_begun(agreement, terms)


def _with_what_follows(said, term, terms):
    """The sentence, with what came before the agreed end, and what is to come after this term."""
    if term.ended_early and term.agreed:
        said += " " + gettext("That is earlier than agreed: the term was to end on %(end)s.") % {
            "end": in_full(term.agreed)
        }
    last = terms[-1]
    if last == term:
        return said
    if last.ends_open:
        return said + " " + gettext("It is extended after that without an agreed end.")
    if last.ends:
        return said + " " + gettext("It is extended after that until %(end)s.") % {"end": in_full(last.ends)}
    return said + " " + gettext("It is extended after that; until when is not known.")


def _ended(agreement, term):
    ends = term.ends if term else None
    if agreement.status == Status.TERMINATED:
        return gettext("Terminated before its end.")
    if ends is None:
        return gettext("Ended by decision; no source gives the end that was agreed.")
    if term.ended_early:
        return gettext("Ended early, on %(end)s.") % {"end": in_full(ends)}
    return gettext("Ended on %(end)s.") % {"end": in_full(ends)}


def _not_begun(agreement, terms):
    if agreement.status == Status.CANCELLED:
        return gettext("Cancelled before it was signed; it never began.")
    starts = terms[0].starts if terms else None
    if starts:
        return gettext("Not begun; the term begins on %(start)s.") % {"start": in_full(starts)}
    return gettext("Not begun: the paper is not signed yet.")


def in_full(date: PartialDate):
    """A partial date as far as it is known, with its weekday when the day is."""
    if date.precision == Precision.DAY:
        return date_format(date.earliest, "l, j F Y")
    return str(date)


def duration_in_words(months):
    """The duration that a source gives, in years where it is whole years."""
    if months % 12:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = months // 12
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
