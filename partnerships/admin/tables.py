"""Reference data as a table: taken out to a file, changed there, and taken in again after a preview.

Only reference data travels this way: it is saved row by row without an action. Papers are imported
through theirs (agreement_import.py).
"""

import difflib
from typing import Any

import tablib
from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources, widgets
from import_export.admin import ImportExportMixin
from import_export.formats import base_formats
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.tmp_storages import BaseStorage

from kemnaker_portal.administration.pages import PortalAdmin
from kemnaker_portal.text import one_line
from partnerships.admin import uploads
from partnerships.models import (
    DormancyLimit,
    Indicator,
    InstrumentRule,
    OfficeHolder,
    Organization,
    OrganizationAlias,
    Person,
    RetentionRule,
    SignOfLife,
    Theme,
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 2_000
MOST_BYTES = 2_000_000


class Csv(base_formats.CSV):
    """A CSV as Indonesian Excel writes it (semicolons) or as everyone else does (commas)."""

    def create_dataset(self, in_stream):
        heading = in_stream.partition("\n")[0]
        delimiter = ";" if heading.count(";") > heading.count(",") else ","
        return tablib.Dataset().load(in_stream, format="csv", delimiter=delimiter)


class KeptUpload(BaseStorage):
    """The file between its preview and its import, kept where uploads are kept."""

    @property
    def _suffix(self):
        return ".xlsx" if "b" in self.read_mode else ".csv"

    def save(self, data):
        self.name = uploads.keep(data, self._suffix)

    def read(self):
        data = uploads.read(self.name)
        if not self.name.endswith(self._suffix):
            raise uploads.Gone(self.name)
        return data if "b" in self.read_mode else data.decode(self.encoding or "utf-8")

    def remove(self):
        uploads.forget(self.name)


class Differences:
    """The values of a row before and after, what goes struck out and what comes underlined."""

    def __init__(self, resource, instance, new):
        self.before = [""] * len(resource.get_import_fields()) if new else self._said(resource, instance)
        self.after = self.before

    def compare_with(self, resource, instance):
        self.after = self._said(resource, instance)

    def as_html(self):
        return [self._marked(old, new) for old, new in zip(self.before, self.after, strict=True)]

    @staticmethod
    def _said(resource, instance):
        return [str(column.export(instance)) for column in resource.get_import_fields()]

    @staticmethod
    def _marked(old, new):
        if old == new:
            return format_html("{}", new)
        pieces = difflib.SequenceMatcher(None, old, new).get_opcodes()
        return format_html_join(
            "",
            "{}{}",
            (
                (
                    format_html("<del>{}</del>", old[a:b]) if what in ("delete", "replace") else "",
                    new[c:d] if what == "equal" else format_html("<ins>{}</ins>", new[c:d]) if d > c else "",
                )
                for what, a, b, c, d in pieces
            ),
        )


class Words(widgets.SimpleArrayWidget):
    """Several words in one cell, with semicolons between them."""

    def __init__(self):
        super().__init__(separator=";")

    def clean(self, value, row=None, **kwargs):
        words = (" ".join(word.split()) for word in str(value or "").split(";"))
        return [word for word in words if word]

    def render(self, value, obj=None, **kwargs):
        return "; ".join(value or [])


class PortalTable(resources.ModelResource):
    """A table whose rows are checked as a form would check them; unchanged rows stay untouched."""

    @classmethod
    def get_diff_class(cls):
        return Differences

    def export_field(self, field, instance, **kwargs):
        """A cell that a spreadsheet would take for a formula is made harmless."""
        value = super().export_field(field, instance, **kwargs)
        return f"'{value}" if str(value).startswith(_FORMULA) else value

    def before_import_row(self, row, **kwargs):
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = one_line(value.removeprefix("'") if value[1:].startswith(_FORMULA) else value)

    def before_import(self, dataset, **kwargs):
        missing = [name for name in self.get_import_id_fields() if name not in (dataset.headers or [])]
        if missing:
            raise ValidationError(
                gettext("The file has no column “%(name)s”.") % {"name": ", ".join(missing)}
            )
        if len(dataset) > MOST_ROWS:
            raise ValidationError(
                gettext("A table of reference data has at most %(n)d rows.") % {"n": MOST_ROWS}
            )

    def after_import(self, dataset, result, **kwargs):
        # The package would set the table's sequence, which is the owner's to do; files give no ids.
        return None

    class Meta:
        skip_unchanged = True
        clean_model_instances = True
        use_transactions = True


class ThemeTable(PortalTable):
    aliases = fields.Field("aliases", "aliases", Words())

    class Meta(PortalTable.Meta):
        model = Theme
        fields = ["slug", "name", "name_en", "aliases", "position"]
        import_id_fields = ["slug"]


class IndicatorTable(PortalTable):
    class Meta(PortalTable.Meta):
        model = Indicator
        fields = ["slug", "name", "name_en", "unit", "stage", "position"]
        import_id_fields = ["slug"]


class InstrumentRuleTable(PortalTable):
    class Meta(PortalTable.Meta):
        model = InstrumentRule
        fields = ["partner_class", "proposes", "asks_for", "within_days"]
        import_id_fields = ["partner_class"]


class DormancyLimitTable(PortalTable):
    class Meta(PortalTable.Meta):
        model = DormancyLimit
        fields = ["kind", *SignOfLife.values]
        import_id_fields = ["kind"]


class RetentionRuleTable(PortalTable):
    class Meta(PortalTable.Meta):
        model = RetentionRule
        fields = ["kind", "years", "source"]
        import_id_fields = ["kind"]


class AliasTable(PortalTable):
    organization = fields.Field(
        "organization", "organization", widgets.ForeignKeyWidget(Organization, "slug")
    )

    class Meta(PortalTable.Meta):
        model = OrganizationAlias
        fields = ["organization", "name", "used_from", "used_until"]
        import_id_fields = ["organization", "name"]


class PersonWidget(widgets.Widget):
    """A person by the name with its titles, as the portal writes it; of several of that name, the one
    who is known at the organisation of the same row."""

    def clean(self, value, row=None, **kwargs):
        typed = " ".join(str(value or "").split())
        found = list(Person.objects.called(typed)) if typed else []
        if len(found) > 1:
            office = Q(posts__organization__slug=row["organization"])
            signed = Q(signatures__party__organization__slug=row["organization"])
            known = Person.objects.called(typed).filter(office | signed).distinct()
            found = list(known) or found
        if len(found) == 1:
            return found[0]
        sentence = (
            gettext("Several people are called “%(name)s”. Add this one on the page of office holders.")
            if found
            else gettext("Nobody in the portal is called “%(name)s”. Enter the person first.")
        )
        raise ValueError(sentence % {"name": typed})

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""


class HolderTable(PortalTable):
    organization = fields.Field(
        "organization", "organization", widgets.ForeignKeyWidget(Organization, "slug")
    )
    person = fields.Field("person", "person", PersonWidget())

    class Meta(PortalTable.Meta):
        model = OfficeHolder
        fields = ["organization", "person", "post", "capacity", "starts_on", "ends_on", "source"]
        import_id_fields = ["organization", "person", "post", "starts_on"]


class TableImportForm(ImportForm):
    import_file = forms.FileField(label=_("File to import"), help_text=_("CSV or XLSX, at most 2 MB."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].label = _("Format")

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 2 MB."))
        return uploads.without_virus(file)


class TableConfirmForm(ConfirmImportForm):
    format = forms.ChoiceField(choices=[("0", "csv"), ("1", "xlsx")], widget=forms.HiddenInput)


class TableExportForm(ExportForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].label = _("Format")


class TableAdmin(ImportExportMixin, PortalAdmin):
    """A page of reference data, with its way out to a file and in again."""

    table: Any = None
    deletable = True
    formats = [Csv, base_formats.XLSX]
    import_form_class = TableImportForm
    confirm_form_class = TableConfirmForm
    export_form_class = TableExportForm
    tmp_storage_class = KeptUpload
    to_encoding = "utf-8-sig"

    def get_export_queryset(self, request):
        try:
            return super().get_export_queryset(request)
        except IncorrectLookupParameters:
            raise BadRequest("a filter that the list does not have") from None

    def get_resource_classes(self, request):
        return [self.table]

    def get_import_data_kwargs(self, **kwargs):
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def process_import(self, request, **kwargs):
        try:
            return super().process_import(request, **kwargs)
        except uploads.Gone:
            messages.error(request, _("The file is no longer kept here. Upload it once more."))
            return HttpResponseRedirect(self._address("import"))

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            # Somebody changed the data between the preview and the confirmation.
            messages.error(request, _("Nothing was imported: the data changed meanwhile. Try again."))
            return HttpResponseRedirect(self._address("import"))
        counts = {kind: result.totals[kind] for kind in ("new", "update", "skip")}
        said = [
            ngettext("%d new row", "%d new rows", counts["new"]) % counts["new"],
            ngettext("%d changed row", "%d changed rows", counts["update"]) % counts["update"],
            ngettext("%d row as it was", "%d rows as they were", counts["skip"]) % counts["skip"],
        ]
        messages.success(request, gettext("Imported: %s.") % ", ".join(said))
        return HttpResponseRedirect(self._address("changelist"))

    def _address(self, page):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")
