"""What is wrong, or not shown yet, about the signatures of papers. A finding warns and refuses nothing."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ONCE_SIGNED
from partnerships.models import OfficeHolder, PartialDate, Party, Presence, Signatory
from partnerships.models.party import ACTING


class FindingKind(models.TextChoices):
    NO_LETTER = "no_letter", _("letter of authority missing")
    LETTER_NOT_FILED = "letter_not_filed", _("file of the letter missing")
    POST_NOT_HELD = "post_not_held", _("post held by another")
    NOBODY_SIGNED = "nobody_signed", _("signature missing")


@dataclass(frozen=True)
class Finding:
    """One thing about a signatory, or about a party for which nobody signed."""

    kind: FindingKind
    sentence: str
    signatory: int | None = None
    party: int | None = None

    @property
    def wants_a_file(self):
        """Whether filing a letter of authority settles it."""
        return self.kind in {FindingKind.NO_LETTER, FindingKind.LETTER_NOT_FILED}


def findings_of(papers):
    """The findings of each paper, by its id, in the order of its parties and signatories.

    A letter is wanted of who signed as Plt., Plh., a.n. or by power of attorney; one that is named and
    not on file is told apart from none at all. A post is compared with those who are known to have held
    it in that organisation on the day of signing, which may be known in part; who fills a post for a
    time is compared with those who filled it in the same way. Nothing is said of what is not known.
    """
    papers = {paper.pk: paper for paper in papers}
    found = {pk: [] for pk in papers}
    signatories = list(
        Signatory.objects.filter(agreement__in=papers).select_related("person", "party__organization")
    )
    unfiled = set(
        Signatory.objects.without_filed_letter().filter(agreement__in=papers).values_list("pk", flat=True)
    )
    holders = _holders_known(signatories)
    for signatory in signatories:
        if signatory.presence != Presence.SIGNED:
            continue
        if signatory.pk in unfiled:
            found[signatory.agreement_id].append(_letter_missing(signatory))
        held = _post_not_held(signatory, papers[signatory.agreement_id].signed, holders)
        if held:
            found[signatory.agreement_id].append(held)
    signed_for = {each.party_id for each in signatories if each.presence == Presence.SIGNED}
    signed_papers = [pk for pk, paper in papers.items() if paper.status in ONCE_SIGNED]
    for party in Party.objects.filter(agreement__in=signed_papers).select_related("organization"):
        if party.pk not in signed_for:
            found[party.agreement_id].append(_nobody_signed(party))
    return found


def _letter_missing(signatory):
    said = {"capacity": signatory.get_capacity_display(), "letter": signatory.letter}
    if signatory.letter:
        sentence = gettext("The letter of authority “%(letter)s” is named; its file is missing.")
        return Finding(FindingKind.LETTER_NOT_FILED, sentence % said, signatory=signatory.pk)
    sentence = gettext("Signed as %(capacity)s, and no letter of authority is recorded.")
    return Finding(FindingKind.NO_LETTER, sentence % said, signatory=signatory.pk)


def _nobody_signed(party):
    sentence = gettext("Nobody is recorded as having signed for %(party)s.") % {"party": party}
    return Finding(FindingKind.NOBODY_SIGNED, sentence, party=party.pk)


def _holders_known(signatories):
    """Every known holder of the posts in which somebody signed, by organisation and post."""
    offices = {each.party.organization_id for each in signatories if each.party and each.post}
    known = defaultdict(list)
    if offices:
        for holder in OfficeHolder.objects.filter(organization__in=offices).select_related("person"):
            known[holder.organization_id, _key(holder.post)].append(holder)
    return known


def _key(text):
    return " ".join(text.casefold().split())


def _post_not_held(signatory, signed: PartialDate | None, holders):
    if not (signed and signatory.party and signatory.person and signatory.post):
        return None
    known = holders.get((signatory.party.organization_id, _key(signatory.post)), [])
    if signatory.capacity in ACTING:
        known = [holder for holder in known if holder.capacity == signatory.capacity]
    own = [holder for holder in known if _same_person(holder.person, signatory.person)]
    then = [holder for holder in known if holder.may_have_held(signed)]
    if any(holder in then for holder in own) or not (own or then):
        return None
    said = {
        "post": signatory.post,
        "day": signed,
        "who": signatory.person,
        "others": ", ".join(str(holder.person) for holder in then),
    }
    sentence = (
        gettext("On %(day)s %(others)s is known to have been %(post)s, not %(who)s.")
        if then
        else gettext("%(who)s is known to have been %(post)s, but not on %(day)s.")
    )
    return Finding(FindingKind.POST_NOT_HELD, sentence % said, signatory=signatory.pk)


def _same_person(one, other):
    """The same row, or the same name: whoever holds that very post under that name is who is meant."""
    return one.pk == other.pk or _key(one.name) == _key(other.name)
