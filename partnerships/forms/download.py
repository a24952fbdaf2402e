from django import forms
from django.http import QueryDict

from partnerships.actions import exports
from partnerships.exports.asked import extract_of
from partnerships.models.export_job import ExportContent, ExportForm


class DownloadForm(forms.Form):
    """A press on a button that asks for a file: what it is made of, and the question as a query.

    ``params`` may be the whole address of a list. ``key`` tells one press from another; a button without
    one is the same for a minute.
    """

    made_of = forms.ChoiceField(choices=ExportContent.choices)
    form = forms.ChoiceField(choices=ExportForm.choices)
    params = forms.CharField(max_length=20_000, required=False)
    key = forms.UUIDField(required=False)

    def extract(self, user):
        """The answer to what was asked for. Raises Refused."""
        return extract_of(self.cleaned_data["made_of"], user, self._question)

    def ask(self, user, language):
        """The job of what was asked for (see ``exports.ask``)."""
        said = self.cleaned_data
        asked = {
            "by": user,
            "made_of": said["made_of"],
            "form": said["form"],
            "params": self._question,
            "language": language,
        }
        return exports.ask(**asked, key=said["key"] or exports.key_of(**asked))

    @property
    def _question(self):
        return QueryDict(self.cleaned_data["params"].rpartition("?")[2], mutable=True)
