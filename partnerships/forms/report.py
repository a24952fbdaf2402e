"""The page on which progress is reported: what was done in a period, in numbers and in words."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.actions.progress import BatchLine, ReportContent
from partnerships.forms.comparison import Difference, Said
from partnerships.forms.fields import AmountField, NoteField, written_amount
from partnerships.forms.trainees import NUMBERS, SHARES_SHOWN, WHOLE, BatchLines
from partnerships.models import Commitment, Obstacle

_MOST_SHARED_WITH = 60
_LARGEST_VERSION = 2**31 - 1
_CENT = Decimal("0.01")


class ReportForm(forms.Form):
    """What a report says in numbers and words. Everything may stay empty while it is a draft."""

    use_required_attribute = False

    value = AmountField(label=_("Value"), required=False)
    note = NoteField(
        label=_("What was done"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    obstacle = forms.ChoiceField(
        label=_("Obstacle"), choices=[("", _("none")), *Obstacle.choices], required=False
    )
    obstacle_note = NoteField(
        label=_("About the obstacle"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_step = NoteField(
        label=_("Next step"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    certain = forms.BooleanField(label=_("Yes, it is right: submit it so"), required=False)
    version = forms.IntegerField(
        label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
    )


class ReportSheet:
    """What was typed about a period of a commitment. ``report`` is what stands of it already, or None;
    ``last_verified`` the verified report of the last period before it, or None.

    ``batches`` is None when the indicator counts nobody on the way from training to work.
    """

    def __init__(self, user, commitment, report=None, *, last_verified=None, data=None):
        self.user, self.commitment, self.report = user, commitment, report
        self.last_verified = last_verified
        self.data = None if data is None else self._with_version(data.copy())
        self.form = ReportForm(self.data, initial=self._as_typed())
        self.form.fields["value"].label = self._value_label()
        self.batches = self._batch_rows() if self.counts_people else None

    # --- what is shown ------------------------------------------------------------------------

    @property
    def counts_people(self):
        return bool(self.commitment.indicator and self.commitment.indicator.stage)

    @property
    def formsets(self):
        return [self.batches] if self.batches is not None else []

    def _value_label(self):
        unit = self.commitment.indicator.unit if self.commitment.indicator else ""
        label = _("Total so far") if self.commitment.cumulative else _("Done in this period")
        return format_lazy("{} ({})", label, unit) if unit else label

    def _as_typed(self):
        """The report as its writer would type it; version 0 is a report that nobody has begun."""
        if self.report is None:
            return {"version": 0}
        names = ("value", "note", "obstacle", "obstacle_note", "next_step", "version")
        return {name: getattr(self.report, name) for name in names}

    def _with_version(self, data):
        version = data.get("version", "")
        if not (version.isascii() and version.isdigit()):
            data["version"] = "0"
        return data

    def _batch_rows(self):
        return BatchLines(
            self.data,
            prefix="batches",
            # Of what was sent, nothing is left out because it stands there already.
            initial=[] if self.data else [self._batch_as_typed(each) for each in self._standing_batches],
            form_kwargs={"others": self._others},
        )

    @cached_property
    def _standing_batches(self):
        return list(self.report.batches.prefetch_related("shares")) if self.report else []

    def _batch_as_typed(self, batch):
        shown = {"name": batch.name, **{name: getattr(batch, name) or None for name in NUMBERS}}
        shares = [each for each in batch.shares.all() if each.commitment_id != self.commitment.pk]
        for number, share in enumerate(shares[:SHARES_SHOWN], start=1):
            shown[f"share_{number}"] = str(share.commitment_id)
            shown[f"percent_{number}"] = share.weight * WHOLE
        return shown

    @cached_property
    def _others(self):
        """Commitments that may share a batch: of the same paper, or of the same office."""
        own = self.commitment
        shared = [each.commitment_id for batch in self._standing_batches for each in batch.shares.all()]
        near = Q(agreement=own.agreement) | Q(pk__in=shared)
        if own.office:
            near |= Q(owner=own.office)
        rows = Commitment.objects.visible_to(self.user).filter(near).exclude(pk=own.pk)
        rows = rows.exclude(indicator=None).exclude(indicator__stage="").select_related("agreement")
        return [
            (str(row.pk), f"{row.agreement.ref}: {row.text}"[:90])
            for row in rows.order_by("agreement__ref", "position")[:_MOST_SHARED_WITH]
        ]

    # --- what was said ------------------------------------------------------------------------

    def is_valid(self):
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.formsets)])

    def refuse(self, refusal, field=None):
        """Put what an action refused on top of the page, or at its field."""
        self.form.add_error(field, ValidationError(refusal.messages))

    @property
    def version(self):
        return int(self.data["version"]) if len(self.data["version"]) < 10 else _LARGEST_VERSION

    @cached_property
    def _lines(self):
        return [row.line(self.commitment) for row in self.batches.said] if self.batches is not None else []

    @cached_property
    def counted(self):
        """What the batches bring to this commitment; None without batches or where totals are reported."""
        if self.commitment.cumulative or not self._lines:
            return None
        stage = self.commitment.indicator.stage
        people = [
            (line.numbers[f"{stage}_women"] + line.numbers[f"{stage}_men"]) * line.shares[self.commitment.pk]
            for line in self._lines
        ]
        return sum(people, Decimal(0)).quantize(_CENT)

    @property
    def value(self):
        """The value of the period: as typed, else as counted from the batches."""
        typed = self.form.cleaned_data.get("value")
        return self.counted if typed is None else typed

    def content(self):
        """What the writer says, as the action asks for it."""
        said = self.form.cleaned_data
        names = ("note", "obstacle", "obstacle_note", "next_step")
        return ReportContent(
            value=self.value,
            source=self.report.source if self.report else "",
            batches=None if self.batches is None else self._lines,
            **{name: said[name] for name in names},
        )

    def readable(self):
        """What of an unfinished form can be kept: (content, labels of what can't be).

        A field that can't be read stays as it stands; so do the batches when one of them can't.
        """
        self.is_valid()
        said, left_out = self.form.cleaned_data, []
        for name in self.form.errors:
            if name in self.form.fields:
                said[name] = getattr(self.report, name, None) if self.report else None
                left_out.append(str(self.form.fields[name].label))
        batches: list | None = None
        if self.batches is not None and self.batches.is_valid():
            batches = self._lines
        elif self.batches is not None:
            left_out.append(gettext("Batches"))
        words = {name: said.get(name) or "" for name in ("note", "obstacle", "obstacle_note", "next_step")}
        source = self.report.source if self.report else ""
        content = ReportContent(value=said.get("value"), source=source, batches=batches, **words)
        return content, left_out

    @property
    def asks_again(self):
        """Whether the report is to be submitted and something about it looks wrong."""
        wanted = self.data is not None and self.data.get("then") == "submit"
        return wanted and not self.form.errors and self.value is not None and bool(self.doubts())

    def doubts(self):
        """What looks wrong and may be right, as sentences; ticking the box answers them."""
        found = []
        last = self.last_verified
        if self.commitment.cumulative and last and self.value is not None and self.value < last.value:
            found.append(
                gettext("The total is lower than the last verified one, %(last)s.")
                % {"last": written_amount(last.value)}
            )
        if self.counted is not None and self.value != self.counted:
            found.append(
                gettext("The batches sum to %(sum)s in the part of this commitment, not to the value.")
                % {"sum": written_amount(self.counted)}
            )
        return found

    # --- against what stands -----------------------------------------------------------------

    def over(self, current):
        """What was typed, now written over what stands."""
        sheet = ReportSheet(
            self.user, self.commitment, current, last_verified=self.last_verified, data=self.data
        )
        sheet.data["version"] = str(current.version)
        return sheet

    @staticmethod
    def differences(content, current):
        """Field by field, only where what was typed differs from what stands."""
        mine, theirs = _in_words(content), _in_words(content_of(current))
        return [
            Difference(label, _side(text), _side(theirs[label]))
            for label, text in mine.items()
            if text != theirs[label]
        ]


def content_of(report):
    """What a report says, as if somebody said it now."""
    lines = [
        BatchLine(
            name=batch.name,
            numbers={name: getattr(batch, name) for name in NUMBERS},
            shares={share.commitment_id: share.weight for share in batch.shares.all()},
        )
        for batch in report.batches.prefetch_related("shares")
    ]
    names = ("value", "note", "obstacle", "obstacle_note", "next_step", "source")
    return ReportContent(batches=lines, **{name: getattr(report, name) for name in names})


def says_the_same(content, report):
    """Whether a report stands as it was sent: the answer to it was lost, or it was sent twice."""
    standing = content_of(report)
    if content.batches is None:
        standing.batches = None
    return content == standing


def _side(text):
    return [Said(text, alone=True)] if text else []


def _in_words(content):
    batches = ", ".join(
        f"{line.name}: {sum(line.numbers.values())}" for line in content.batches or [] if line.name
    )
    return {
        _("Value"): "" if content.value is None else written_amount(content.value),
        _("What was done"): content.note,
        _("Obstacle"): str(Obstacle(content.obstacle).label) if content.obstacle else "",
        _("About the obstacle"): content.obstacle_note,
        _("Next step"): content.next_step,
        _("Batches"): batches,
    }
