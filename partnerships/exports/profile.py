"""One paper on one page, for the folder of a meeting."""

import re

from django.db.models import Q, prefetch_related_objects
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext

from partnerships.exports.issue import Issue
from partnerships.exports.paper import pdf_of
from partnerships.exports.people import parties_said
from partnerships.exports.profile_sheet import sheet_of
from partnerships.lifecycle import Status
from partnerships.models import Agreement, IssuedKind, Validity

# So many of each leave room for the rest of the page; the portal shows them all.
_MOST_COMMITMENTS = 5
_MOST_RELATED = 4
_MOST_DIFFERING = 4
# Of an address, who speaks is enough on paper.
_HOST = re.compile(r"^https?://(?:www\.)?([^/?#\s]+).*$", re.DOTALL)

# How a paper with much to say still comes to one page.
_SMALLER = """
.pdf--profile, .pdf--profile .pdf-table { font-size: 8pt; line-height: 1.32 }
.pdf--profile h1 { font-size: 14.5pt }
.pdf--profile h2 { margin: 3.4mm 0 0.8mm; font-size: 9.25pt }
.pdf--profile .pdf-facts div { padding: 0.5mm 0 }
"""


def profile_pdf(page):
    """The page of a paper as a PDF: one page unless there is more than one can hold."""
    return pdf_of(page, smaller=_SMALLER)


def profile_page(agreement, user):
    """The Page of a paper, with the related papers that this reader may see.

    The paper comes from ``with_validity().with_parties()``.
    """
    issue = Issue(IssuedKind.PROFILE, user, QueryDict(f"ref={agreement.ref}"))
    said = profile_said(agreement, user)
    issue.enclose([sheet_of(said)])
    return issue.page("print/profile.html", said)


def profile_said(agreement, user):
    """What the page of a paper says, in words."""
    prefetch_related_objects(
        [agreement],
        "work_regions",
        "signatories__person",
        "signatories__party__organization",
    )
    return {
        "agreement": agreement,
        "title": f"{agreement.ref} · {agreement.display_title}",
        "validity": Validity(agreement.validity),
        "until": _until(agreement),
        "facts": _facts(agreement),
        "parties": parties_said(agreement),
        "related": _first(_MOST_RELATED, _related(agreement, user)),
        "commitments": _first(
            _MOST_COMMITMENTS,
            agreement.commitments.select_related("owed_by__organization", "indicator"),
        ),
        "differing": _first(_MOST_DIFFERING, map(_differing, agreement.facts.in_conflict())),
    }


def _first(most, found):
    """The first of many and how many more there are."""
    found = list(found)
    return {"shown": found[:most], "more": max(0, len(found) - most), "count": len(found)}


def _until(agreement):
    """When the paper ends, in words; empty where its validity or its status says what there is to say."""
    if agreement.status in {Status.ENDED, Status.TERMINATED}:
        return ""
    terms = list(agreement.terms.all())
    begun = [term for term in terms if term.has_begun(timezone.localdate())]
    term = next(reversed(begun or terms), None)
    if term and term.ends_open:
        return gettext("no end agreed")
    if term and term.ends:
        return gettext("until %(date)s") % {"date": term.ends}
    return "" if agreement.validity == Validity.UNKNOWN else gettext("end not known")


def _facts(agreement):
    """(label, words) of what is known beside the parties."""
    facts = [
        (gettext("Responsible unit"), agreement.responsible_unit),
        (gettext("Event"), agreement.event),
        (gettext("Place"), agreement.place),
        (gettext("Themes"), ", ".join(str(theme) for theme in agreement.themes.all())),
        (gettext("Where the work is done"), ", ".join(map(str, agreement.work_regions.all()))),
        (gettext("Terms"), "; ".join(map(_term, agreement.terms.all()))),
        (gettext("Addenda"), "; ".join(map(_addendum, agreement.addenda.all()))),
        (
            gettext("Stands for"),
            gettext("%(count)s papers") % {"count": agreement.represents} if agreement.represents > 1 else "",
        ),
        (gettext("Certainty of the record"), agreement.get_certainty_display()),
        (gettext("Number in the source register"), agreement.external_id),
    ]
    return [(label, value) for label, value in facts if value]


def _term(term):
    """A period in words: what kind, from when, until when, and why it was closed."""
    unknown = gettext("not known")
    ends = gettext("no end agreed") if term.ends_open else term.ends or unknown
    said = gettext("%(kind)s from %(start)s to %(end)s") % {
        "kind": term.get_reason_display(),
        "start": term.starts or unknown,
        "end": ends,
    }
    if term.duration_months:
        months = {"months": term.duration_months}
        said += ", " + gettext("a source says %(months)s months") % months
    if term.ended_early:
        said += ", " + (
            gettext("ended early; agreed was %(end)s") % {"end": term.agreed}
            if term.agreed
            else gettext("ended early")
        )
    return f"{said} ({term.closed_because})" if term.closed_because else said


def _addendum(addendum):
    """An addendum in words: its number, what it changes, and from when."""
    said = f"{addendum} ({', '.join(addendum.subjects_in_words)})"
    if addendum.effective_on:
        said += ", " + gettext("holds from %(day)s") % {
            "day": formats.date_format(addendum.effective_on, "j F Y")
        }
    elif addendum.signed:
        said += ", " + gettext("signed %(day)s") % {"day": addendum.signed}
    return said


def _related(agreement, user):
    """(relation, paper) both ways; a paper that the reader may not see does not exist."""
    papers = Agreement.objects.visible_to(user).with_parties()
    found = papers.filter(
        Q(pk__in=[agreement.implements_id, agreement.renews_id])
        | Q(implements=agreement)
        | Q(renews=agreement)
    )
    return [(_relation(agreement, paper), paper) for paper in found.newest_first()]


def _relation(agreement, other):
    if other.pk == agreement.implements_id:
        return gettext("Implements")
    if other.pk == agreement.renews_id:
        return gettext("Renews")
    if other.implements_id == agreement.pk:
        return gettext("Is implemented by")
    return gettext("Is renewed by")


def _differing(fact):
    """A value that the record does not follow: of which field, what, and who says so."""
    hosts = dict.fromkeys(_HOST.sub(r"\1", text) for text, _address in fact.sources)
    return {
        "field": fact.get_field_display(),
        "value": fact.value,
        "note": fact.get_flag_display() if fact.flag else "",
        "sources": ", ".join(hosts),
    }
