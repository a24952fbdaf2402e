"""Importing papers from a file: first what would change, then, on a second press, the change."""

from io import BytesIO

from django import forms
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.admin import uploads
from partnerships.imports.plan import Verdict
from partnerships.imports.run import PUBLIC_RECORDS, apply_plan, plan_import
from partnerships.imports.table import FileRefused

LARGEST_MB = 20
# A page of a plan shows so many rows of each kind; the counts above it are of all rows.
_SHOWN = 300


class UploadForm(forms.Form):
    """The file, and the name of the register that its numbers belong to."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with the columns of the public records, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    source = forms.SlugField(
        label=_("Source register"),
        max_length=60,
        initial=PUBLIC_RECORDS,
        help_text=_("The numbers in the column “id” belong to it. Keep it for later files of the same."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_MB * 2**20:
            raise ValidationError(_("The file is larger than 20 MB. Split it."))
        return uploads.without_virus(file)


class ApplyForm(forms.Form):
    """The file whose plan was shown, and whether edited papers may be overwritten."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=40)
    source = forms.SlugField(widget=forms.HiddenInput, max_length=60)
    overwrite = forms.BooleanField(
        label=_("Overwrite papers that people have changed since their import"), required=False
    )


def _content(kept):
    return BytesIO(uploads.read(kept))


def view_of(model_admin):
    def view(request):
        return ImportPage(model_admin, request).answer()

    return view


class ImportPage:
    """The one page of an import: the empty form, the plan, or what was done."""

    def __init__(self, model_admin, request):
        self.model_admin, self.request = model_admin, request

    def answer(self):
        if self.request.method != "POST":
            return self._page(form=UploadForm())
        if "kept" in self.request.POST:
            return self._apply(ApplyForm(self.request.POST))
        return self._plan(UploadForm(self.request.POST, self.request.FILES))

    def _plan(self, form):
        if not form.is_valid():
            return self._page(form=form)
        source = form.cleaned_data["source"]
        kept = uploads.keep(form.cleaned_data["file"].read())
        try:
            plan = plan_import(_content(kept), source=source, by=self.request.user)
        except FileRefused as refusal:
            uploads.forget(kept)
            form.add_error("file", str(refusal))
            return self._page(form=form)
        counts = plan.counts()
        apply_form = ApplyForm(initial={"kept": kept, "source": source})
        if not any(row.edited for row in plan.rows):
            apply_form.fields["overwrite"].widget = forms.HiddenInput()
        return self._page(
            form=apply_form if counts.new or counts.changed or counts.kept else None,
            counts=counts,
            notes=plan.notes,
            rows=plan.rows,
        )

    def _apply(self, form):
        if not form.is_valid():
            return self._page(form=UploadForm(), gone=True)
        answers = form.cleaned_data
        try:
            plan = plan_import(_content(answers["kept"]), source=answers["source"], by=self.request.user)
            outcome = apply_plan(plan, by=self.request.user, overwrite=answers["overwrite"])
        except (uploads.Gone, FileRefused):
            return self._page(form=UploadForm(), gone=True)
        uploads.forget(answers["kept"])
        return self._page(done=True, counts=outcome.counts, rows=outcome.rows)

    def _page(self, form=None, rows=(), counts=None, **context):
        site, opts = self.model_admin.admin_site, self.model_admin.opts
        self.request.current_app = site.name
        listing = reverse("admin:partnerships_agreement_changelist")
        context = {
            **site.each_context(self.request),
            "title": _("Import papers"),
            "page_name": self.model_admin.page_name,
            "opts": opts,
            "form": form,
            "counts": self._counted(counts),
            "refusals": [trouble for row in rows for trouble in row.refusals],
            "warnings": [trouble for row in rows for trouble in row.warnings][:_SHOWN],
            "rows": self._shown(rows),
            "listing": listing,
            **context,
        }
        return TemplateResponse(self.request, "admin/agreement_import.html", context)

    @staticmethod
    def _counted(counts):
        if counts is None:
            return []
        said = [(verdict.label, getattr(counts, verdict.value)) for verdict in Verdict]
        return [*said, (_("with a warning"), counts.warned)]

    @staticmethod
    def _shown(rows):
        wanted = [row for row in rows if row.verdict not in (Verdict.SAME, Verdict.REFUSED)]
        return [(row, Verdict(row.verdict).label) for row in wanted[:_SHOWN]]
