"""What a paper that renews an older one begins with, and which open commitments it takes along."""

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from partnerships.models import Commitment, Organization


class CarriedForm(forms.Form):
    """The open commitments of the older paper, each to be taken along or left."""

    use_required_attribute = False

    carried = forms.ModelMultipleChoiceField(
        label=_("Commitments to take along"),
        queryset=Commitment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _(
                "A commitment that was chosen is not an open one of the paper that this one renews."
            ),
            "invalid_pk_value": _(
                "A commitment that was chosen is not an open one of the paper that this one renews."
            ),
        },
    )

    def __init__(self, user, old, data=None, *, unread=False):
        self.old, self.unread = old, unread
        rows = Commitment.objects.visible_to(user).filter(agreement=old).still_open()
        rows = rows.select_related("indicator", "owner", "owed_by__organization", "owed_to__organization")
        super().__init__(data, initial={"carried": [row.pk for row in rows]})
        self.fields["carried"].queryset = rows

    def full_clean(self):
        if self.unread:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()

    @property
    def lines(self):
        """(commitment, its box) for each that may be taken along."""
        return [(box.data["value"].instance, box) for box in self["carried"]]


def begins_with(old):
    """What the page of a new paper first shows when it is to renew an older one. The parties come
    without their numbers, because each party numbers every paper anew."""
    parties = old.parties.select_related("organization")
    return {
        "kind": old.kind,
        "title": old.title,
        "renews": old.ref,
        "themes": list(old.themes.all()),
        "work_regions": "\n".join(region.name for region in old.work_regions.all()),
        "parties": [
            {"organization": _typed(party.organization), "resolved": party.organization} for party in parties
        ],
    }


def _typed(organization):
    """The name by which the page finds this organisation again: where several share one, its code."""
    alone = Organization.objects.called(organization.name).count() == 1
    return organization.name if alone else organization.slug
