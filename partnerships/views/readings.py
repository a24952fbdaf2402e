from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships import files, permissions
from partnerships.actions import naskah_readings
from partnerships.forms.read_paper import ReadSheet
from partnerships.forms.reading_form import ConfirmForm, ReadingUploadForm
from partnerships.imports import naskah_file
from partnerships.models import NaskahReading
from partnerships.permissions import Action

REFUSED, NOT_NOW = 422, 503
_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def reading_new(request):
    """A naskah given to be read, and those that were read and wait to be registered."""
    permissions.check(request.user, Action.ADD_AGREEMENT)
    if request.method != "POST":
        return _new_page(request, ReadingUploadForm())
    form = ReadingUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _new_page(request, form, REFUSED)
    said = form.cleaned_data
    try:
        reading = naskah_file.take_in(upload=said["file"], by=request.user, key=said["key"])
    except files.FileRefused as refusal:
        form.add_error("file", refusal.sentence)
        return _new_page(request, form, NOT_NOW if isinstance(refusal, files.NotNow) else REFUSED)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _new_page(request, form, REFUSED)
    return redirect(reading)


def _new_page(request, form, status=200):
    waiting = NaskahReading.objects.visible_to(request.user).unregistered()[:_SHOWN]
    return render(request, "partnerships/reading/new.html", {"form": form, "waiting": waiting}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reading_detail(request, pk):
    """What was read off a naskah, to be taken over field by field."""
    reading = _own(request, pk)
    if reading.agreement:
        return redirect(reading.agreement)
    if request.method != "POST":
        return _detail_page(request, ConfirmForm(reading, request.user, reading.proposals.get("confirmed")))
    form = ConfirmForm(reading, request.user, request.POST)
    if not form.is_valid():
        return _detail_page(request, form, REFUSED)
    naskah_readings.confirm(reading=reading, answers=form.answers, by=request.user)
    return redirect("partnerships:reading-register", reading.pk)


def _detail_page(request, form, status=200):
    context = {"form": form, "reading": form.reading, "read": form.read}
    return render(request, "partnerships/reading/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reading_register(request, pk):
    """The paper of a reading as it enters the register, with the file that was read as its scan."""
    reading = _own(request, pk)
    if request.method != "POST":
        return (
            redirect(reading.agreement)
            if reading.agreement
            else _sheet_page(request, ReadSheet(request.user, reading))
        )
    sheet = ReadSheet(request.user, reading, request.POST)
    if sheet.only_looks:
        return _sheet_page(request, sheet)
    if not sheet.is_valid() or (not reading.agreement and sheet.is_likely_known()):
        return _sheet_page(request, sheet, REFUSED)
    try:
        agreement = naskah_readings.register(reading=reading, by=request.user, **sheet.said())
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _sheet_page(request, sheet, REFUSED)
    messages.success(request, _("%(ref)s is in the register, with its file.") % {"ref": agreement.ref})
    return redirect(agreement)


def _sheet_page(request, sheet, status=200):
    context = {"sheet": sheet, "reading": sheet.reading}
    return render(request, "partnerships/reading/register.html", context, status=status)


def _own(request, pk):
    """The reading, if it is the reader's own (else 404) and papers may still be entered (else 403)."""
    rows = NaskahReading.objects.visible_to(request.user).select_related("agreement")
    reading = get_object_or_404(rows, pk=pk)
    permissions.check(request.user, Action.ADD_AGREEMENT)
    return reading
