"""Fields for text that people type, wherever a form stands."""

from django import forms

from kemnaker_portal import text


class LineField(forms.CharField):
    """A name, a number, a place: text of one line that is searched for and compared."""

    form_of_letters = "NFKC"

    def to_python(self, value):
        return text.one_line(super().to_python(value), self.form_of_letters)


class SentenceField(LineField):
    """Wording of one line, whose signs are kept as they were written."""

    form_of_letters = "NFC"


class NoteField(forms.CharField):
    """Wording of several lines."""

    widget = forms.Textarea

    def to_python(self, value):
        return text.lines(super().to_python(value))
