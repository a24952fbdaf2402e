"""The batches of trainees in a report: who reached which stage, and for which commitments they count."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import formset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.actions.progress import BatchLine
from partnerships.forms.fields import AmountField, CountField, LineField
from partnerships.forms.lines import Line, Lines
from partnerships.models import Stage

MOST_BATCHES = 20
SHARES_SHOWN = 3
WHOLE = Decimal(100)
_LARGEST_BATCH = 1_000_000

WHO = (("women", _("women")), ("men", _("men")), ("disabled", _("with a disability")))
NUMBERS = tuple(f"{stage}_{who}" for stage in Stage.values for who, _label in WHO)


class BatchForm(Line):
    """A batch of trainees: who reached which stage, and which other commitments it counts for."""

    counts = ("name", *NUMBERS)

    name = LineField(
        label=_("Name of the batch"),
        max_length=120,
        error_messages={"required": _("Give the batch a name, such as “Welding, March 2025”.")},
    )

    def __init__(self, *args, others=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in _labels():
            self.fields[name] = CountField(label=label, least=0, most=_LARGEST_BATCH, required=False)
            self.fields[name].widget.attrs["aria-label"] = label
        for number in range(1, SHARES_SHOWN + 1):
            self.fields[f"share_{number}"] = forms.ChoiceField(
                label=_("Counts for"), choices=[("", _("no other commitment")), *others], required=False
            )
            self.fields[f"percent_{number}"] = AmountField(
                label=_("Part in percent"), most=WHOLE, required=False
            )

    @property
    def stages(self):
        """The numbers as rows of a table: (stage, [field for women, men, with a disability])."""
        return [(stage.label, [self[f"{stage}_{who}"] for who, _label in WHO]) for stage in Stage]

    @property
    def share_rows(self):
        return [(self[f"share_{n}"], self[f"percent_{n}"]) for n in range(1, SHARES_SHOWN + 1)]

    @property
    def is_shared(self):
        """Whether the folded part holds something to see."""
        names = [f"{part}_{n}" for n in range(1, SHARES_SHOWN + 1) for part in ("share", "percent")]
        return any(self.typed(name) or self.errors.get(name) for name in names)

    def clean(self):
        said = self.cleaned_data
        for stage in Stage:
            people = (said.get(f"{stage}_women") or 0) + (said.get(f"{stage}_men") or 0)
            if (said.get(f"{stage}_disabled") or 0) > people:
                self.add_error(
                    f"{stage}_disabled",
                    _("Persons with a disability are among the women and men; there can't be more of them."),
                )
        for stage in (Stage.CERTIFIED, Stage.PLACED):
            for who, _label in WHO:
                if (said.get(f"{stage}_{who}") or 0) > (said.get(f"trained_{who}") or 0):
                    self.add_error(
                        f"{stage}_{who}",
                        _(
                            "Nobody is certified or placed who was not trained. "
                            "Check the numbers of the batch."
                        ),
                    )
        self._clean_shares()
        return said

    def _clean_shares(self):
        said, shares = self.cleaned_data, {}
        for number in range(1, SHARES_SHOWN + 1):
            share, part = said.get(f"share_{number}"), said.get(f"percent_{number}")
            if not self.errors.keys().isdisjoint({f"share_{number}", f"percent_{number}"}):
                continue
            if bool(share) != bool(part):
                self.add_error(f"percent_{number}", _("Choose a commitment and give its part, or neither."))
            elif share in shares:
                self.add_error(f"share_{number}", _("This commitment stands here twice."))
            elif share and part:
                shares[share] = part
        if sum(shares.values()) >= WHOLE:
            self.add_error("percent_1", _("Something must be left for this commitment: less than 100 %."))
        self.shares = shares

    def line(self, commitment):
        """The batch as the action asks for it."""
        weights = {int(pk): part / WHOLE for pk, part in self.shares.items()}
        own = 1 - sum(weights.values(), Decimal(0))
        return BatchLine(
            name=self.cleaned_data["name"],
            numbers={name: self.cleaned_data[name] or 0 for name in NUMBERS},
            shares={commitment.pk: own, **weights},
        )


class Batches(Lines):
    default_error_messages = {
        "too_many_forms": _("A report holds at most %(num)d batches."),
    }

    def clean(self):
        names = [row.cleaned_data["name"] for row in self.said if row.is_valid()]
        if len(set(names)) < len(names):
            raise ValidationError(_("Two batches have the same name. Rename one."), code="batch_twice")


BatchLines = formset_factory(
    BatchForm,
    formset=Batches,
    extra=1,
    max_num=MOST_BATCHES,
    absolute_max=MOST_BATCHES,
    validate_max=True,
)


def _labels():
    return [
        (f"{stage}_{who}", format_lazy("{}, {}", stage.label, label)) for stage in Stage for who, label in WHO
    ]
