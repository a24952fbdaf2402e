"""The page on which the papers of a ceremony are entered together."""

import uuid
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.actions.ceremonies import CeremonyRow, Shared, entered_already
from partnerships.actions.record import SignatoryLine
from partnerships.forms.ceremony_fields import CeremonyRows, RowForm, SharedForm
from partnerships.forms.lines import MOST_ROWS
from partnerships.forms.names import KnownOrganizations, find_person
from partnerships.forms.pasted import pasted_rows
from partnerships.imports.vocabulary import name_key
from partnerships.lifecycle import Status
from partnerships.models import Agreement, InstrumentRule, Organization, access_of
from partnerships.permissions import Action, can, check_own_unit_is_party
from partnerships.roles import Role

ROWS_SHOWN = 10
_ASKED = ("check", "more", "paste", "save")
_SHOWN_DUPLICATES = 3
_PREFIX = "rows"


class CeremonySheet:
    """What was typed about the papers of a ceremony: ``form`` what they share, ``rows`` one for each.

    The page is sent to add rows, to take in pasted ones, to check, or to save (``asked``). Nothing is
    judged while rows are only added.
    """

    def __init__(self, user, event, data=None):
        self.user, self.event = user, event
        self.data = data.copy() if data is not None else None
        self.asked = self._asked()
        self.refused_paste = None
        if self.data is not None:
            self._do_what_is_asked()
        known = KnownOrganizations(Organization.objects.visible_to(user))
        self._new_people, self._new_partners = {}, {}
        self.form = SharedForm(
            self.data,
            organizations=known,
            unread=self.asked == "more",
            initial=None if self.data else self._first_shown(),
        )
        more = {
            "unread": self.asked == "more",
            "organizations": known,
            "may_add": can(user, Action.CHANGE_ORGANIZATION),
        }
        self.rows = CeremonyRows(self.data, prefix=_PREFIX, initial=[{}] * ROWS_SHOWN, form_kwargs=more)

    # --- what is shown ------------------------------------------------------------------------

    def _first_shown(self):
        unit = next(
            (each.organization for each in access_of(self.user).postings if each.role == Role.UNIT_OFFICER),
            None,
        ) or (self.event.host if self.event.host and self.event.host.is_unit else None)
        held = self.event.held
        lies_ahead = bool(held and held.latest > timezone.localdate())
        return {
            "status": Status.SCHEDULED if lies_ahead else Status.SIGNED,
            "signed": held,
            "place": self.event.place,
            "unit": unit.name if unit else "",
        }

    def _asked(self):
        if self.data is None:
            return ""
        if self.data.get("pick"):
            return "pick"
        return self.data.get("do") if self.data.get("do") in _ASKED else "check"

    @property
    def saves(self):
        return self.asked == "save"

    @property
    def is_judged(self):
        return self.asked in {"check", "paste", "pick", "save"}

    @property
    def formsets(self):
        return [self.rows]

    @property
    def chosen_themes(self):
        return self.form["themes"].value()

    @property
    def good_count(self):
        return sum(row.state == "good" for row in self.rows)

    @property
    def bad_count(self):
        return sum(row.state == "bad" for row in self.rows)

    @property
    def can_take_more(self):
        return self.rows.total_form_count() < MOST_ROWS

    # --- what the buttons ask -----------------------------------------------------------------

    def _do_what_is_asked(self):
        try:
            UUID(self.data.get("key", ""))
        except ValueError:
            # A page that lost its key gets one, or it could never be sent.
            self.data["key"] = str(uuid.uuid4())
        if self.saves and self.data.get("pasted", "").strip():
            # What nobody has seen in the grid is not saved.
            self.asked = "paste"
        if self.asked == "more":
            self._count_rows(self._total + ROWS_SHOWN)
        elif self.asked in {"check", "paste"}:
            self._take_in(self.data.get("pasted", ""))
        elif self.asked == "pick":
            row, _equals, name = self.data["pick"].partition("=")
            if row.startswith(f"{_PREFIX}-"):
                self.data[f"{row}-organization"] = name

    @property
    def _total(self):
        total = self.data.get(f"{_PREFIX}-TOTAL_FORMS", "")
        return int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0

    def _count_rows(self, total):
        self.data[f"{_PREFIX}-TOTAL_FORMS"] = str(min(total, MOST_ROWS))

    def _take_in(self, text):
        """Put pasted rows where rows are free; the text stays where it was if they can't be read."""
        try:
            pasted = pasted_rows(text)
            free = [index for index in range(MOST_ROWS) if self._is_free(index)]
            if len(pasted) > len(free):
                raise ValidationError(
                    _("There is room for %(free)d more rows, and you pasted %(rows)d."),
                    params={"free": len(free), "rows": len(pasted)},
                )
        except ValidationError as refusal:
            self.refused_paste = refusal
            return
        used = free[: len(pasted)]
        for index, said in zip(used, pasted, strict=True):
            for name, typed in said.items():
                self.data[f"{_PREFIX}-{index}-{name}"] = typed
        self._count_rows(max([self._total, *(index + 1 for index in used)]))
        self.data["pasted"] = ""

    def _is_free(self, index):
        names = (*RowForm.counts, "remove")
        return not any(self.data.get(f"{_PREFIX}-{index}-{name}", "").strip() for name in names)

    # --- what was said ------------------------------------------------------------------------

    def is_valid(self):
        """Judge every row, each by itself and beside the others."""
        if self.refused_paste:
            self.form.add_error("pasted", self.refused_paste)
        shared_is_good = self.form.is_valid()
        rows_are_good = self.rows.is_valid()
        if self.rows.non_form_errors():
            return False
        for row in self.rows.said:
            if row.is_valid():
                self._judge(row)
        self._judge_beside_each_other()
        if shared_is_good and rows_are_good and not self.rows.said:
            self.form.add_error(None, _("Fill in at least one row."))
        if shared_is_good:
            self._judge_own_unit()
        return self.form.is_valid() and all(row.is_valid() for row in self.rows.said)

    def _judge(self, row):
        organization = row.cleaned_data["organization"]
        row.kind = self.form.cleaned_data.get("kind") or self._proposed.get(organization.partner_class, "")
        if not row.kind and "kind" not in self.form.errors:
            row.add_error(
                "organization",
                _("No rule proposes a kind for this partner. Choose one for all above."),
            )
        if organization.pk and not row.cleaned_data["another"]:
            row.duplicates = self._likely_duplicates(row, organization)
            if row.duplicates:
                named = ", ".join(paper.ref for paper in row.duplicates)
                row.add_error(
                    "another", _("%(papers)s may be the same paper. Look at it first.") % {"papers": named}
                )

    @cached_property
    def _proposed(self):
        return dict(InstrumentRule.objects.values_list("partner_class", "proposes"))

    def _likely_duplicates(self, row, organization):
        """Papers that this one may be; at the same event, any paper of the same partner."""
        papers = Agreement.objects.visible_to(self.user)
        alike = papers.likely_duplicates(
            partners=[organization.pk],
            signed=self.form.cleaned_data.get("signed"),
            kind=row.kind,
            title=row.cleaned_data["title"],
        )
        found = alike | papers.filter(event=self.event).with_party_among([organization.pk])
        # The same page sent twice is no duplicate of itself.
        return list(found.exclude(pk__in=self._entered).newest_first()[:_SHOWN_DUPLICATES])

    @cached_property
    def _entered(self):
        key = self.form.cleaned_data.get("key")
        return [paper.pk for paper in entered_already(key, self.user)] if key else []

    def _judge_beside_each_other(self):
        """Two rows of one partner under one title, or under none, are perhaps one paper typed twice."""
        seen = {}
        for row in self.rows.said:
            said = row.cleaned_data
            if "organization" not in said:
                continue
            organization = said["organization"]
            who = organization.pk or name_key(organization.name)
            place = int(row.prefix.rpartition("-")[2]) + 1
            twin = seen.setdefault((who, name_key(said.get("title", ""))), place)
            if twin != place and not said.get("another"):
                row.add_error("another", _("Row %(row)d names the same partner and title.") % {"row": twin})

    def _judge_own_unit(self):
        try:
            check_own_unit_is_party(self.user, [self.form.cleaned_data["unit"]])
        except PermissionDenied as refusal:
            self.form.add_error("unit", str(refusal))

    def refuse(self, refusal):
        """Put what the action refused on top of the page, or at its row."""
        index = getattr(refusal, "index", None)
        if getattr(refusal, "code", None) == "entered_already":
            # What is added to a saved page is a new set.
            self.data["key"] = str(uuid.uuid4())
        if index is None:
            self.form.add_error(None, ValidationError(refusal.messages))
        else:
            self.rows.said[index].add_error(None, ValidationError(refusal.messages))

    def said(self):
        """What the action that enters the papers asks for."""
        said = self.form.cleaned_data
        shared = Shared(
            unit=said["unit"],
            status=said["status"],
            signed=said["signed"],
            place=said["place"],
            signatory=self._signatory(said, said["unit"]),
            themes=list(said["themes"]),
            reason=said["reason"] or gettext("Entered with the papers of %(event)s") % {"event": self.event},
        )
        rows = [self._row(row) for row in self.rows.said]
        return {"event": self.event, "shared": shared, "rows": rows, "key": said["key"]}

    def _row(self, row):
        said = row.cleaned_data
        partner = said["organization"]
        if not partner.pk:
            partner = self._new_partners.setdefault(name_key(partner.name), partner)
        return CeremonyRow(
            kind=row.kind,
            partner=partner,
            title=said["title"],
            number=said["number"],
            ministry_number=said["ministry_number"],
            signatory=self._signatory(said, partner),
        )

    def _signatory(self, said, organization):
        if not said["person"] and not said["post"]:
            return None
        return SignatoryLine(
            person=self._person(said["person"], organization), post=said["post"], capacity=said["capacity"]
        )

    def _person(self, typed, organization):
        """Who is meant; one new person for one name at one organisation, however many papers name it."""
        person = find_person(typed, organization)
        if person is None or person.pk:
            return person
        return self._new_people.setdefault((typed.casefold(), organization.name), person)
