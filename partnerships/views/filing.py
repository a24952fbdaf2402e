"""The documents of a paper: filed, looked at, renewed, corrected and withdrawn."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import files, permissions
from partnerships.actions import documents
from partnerships.actions.guard import StaleVersion
from partnerships.files.reading import preview_of
from partnerships.forms.document import (
    DocumentChangeForm,
    NewDocumentForm,
    NewVersionForm,
    WithdrawDocumentForm,
)
from partnerships.models import OF_THE_PAPER, Agreement, ReadContent, StoredFile
from partnerships.permissions import Action
from partnerships.selectors.document_dossier import DocumentDossier, documents_seen_by
from partnerships.views.evidence import withheld
from partnerships.views.noting import note_read

_log = logging.getLogger(__name__)
REFUSED, NOT_NOW, STALE, DAMAGED = 422, 503, 409, 410


@require_safe
def document_add(request, ref):
    """The page on which a document of a paper is filed."""
    agreement = _paper(request, ref)
    return _add_page(request, agreement, NewDocumentForm(agreement, asked=request.GET))


@require_POST
def document_upload(request, ref):
    """One file as a document of a paper."""
    agreement = _paper(request, ref)
    form = NewDocumentForm(agreement, request.POST, request.FILES)
    if not form.is_valid():
        return _add_page(request, agreement, form, REFUSED)
    try:
        row = documents.file_document(
            agreement=agreement,
            upload=form.cleaned_data["file"],
            facts=form.facts(),
            by=request.user,
            key=form.cleaned_data["key"],
        )
    except (files.FileRefused, ValidationError) as refusal:
        return _add_page(request, agreement, form, _refused(form, refusal))
    said = (
        _("“%(name)s” is filed, and waits for the virus scan.")
        if row.waits_for_scan
        else _("“%(name)s” is filed. Its text is being read.")
    )
    messages.success(request, said % {"name": row.document})
    return redirect(row.document)


@require_safe
def document_detail(request, pk):
    """One document: what is said of it, its versions, and its pages as pictures."""
    return _detail_page(request, get_object_or_404(documents_seen_by(request.user), pk=pk))


@require_POST
def document_version(request, pk):
    """A newer file of the same document."""
    document = _writable(request, pk)
    form = NewVersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _detail_page(request, document, REFUSED, version_form=form)
    said = form.cleaned_data
    try:
        row = documents.add_version(document=document, upload=said["file"], by=request.user, key=said["key"])
    except (files.FileRefused, ValidationError) as refusal:
        return _detail_page(request, document, _refused(form, refusal), version_form=form)
    messages.success(request, _("Version %(number)d is filed.") % {"number": row.number})
    return redirect(document)


@require_http_methods(["GET", "HEAD", "POST"])
def document_change(request, pk):
    """What is said of a document is corrected."""
    document = _writable(request, pk)
    if request.method != "POST":
        return _change_page(request, document, DocumentChangeForm(document))
    form = DocumentChangeForm(document, request.POST)
    if not form.is_valid():
        return _change_page(request, document, form, REFUSED)
    said = form.cleaned_data
    try:
        documents.change_document(
            document=document,
            facts=form.facts(),
            by=request.user,
            reason=said["reason"],
            version=said["version"],
        )
    except StaleVersion as stale:
        return _change_page(request, stale.current, DocumentChangeForm(stale.current), STALE, stale=True)
    except ValidationError as refusal:
        return _change_page(request, document, form, _refused(form, refusal))
    messages.success(request, _("The change is saved."))
    return redirect(document)


@require_http_methods(["GET", "HEAD", "POST"])
def document_withdraw(request, pk):
    """A document that no longer counts; it stays on file."""
    document = _writable(request, pk)
    form = WithdrawDocumentForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                documents.withdraw_from_paper(document=document, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("%(name)s is withdrawn.") % {"name": document.title})
                return redirect(document.agreement)
    return render(
        request, "partnerships/document_withdraw.html", {"document": document, "form": form}, status=status
    )


@require_safe
@cache_control(private=True, no_store=True)
def document_page(request, pk, number, page):
    """A page of a version as a picture that the portal has drawn; no byte of the file reaches a browser."""
    rows = StoredFile.objects.visible_to(request.user).with_verdict()
    row = get_object_or_404(rows, document=pk, number=number)
    if row.is_withheld:
        return withheld(request, row)
    try:
        picture = preview_of(row.key, sha256=row.sha256, media_type=row.media_type, page=page)
    except files.FileDamaged:
        _log.exception("evidence damaged: document %s, version %s, key %s", pk, number, row.key)
        context = {"file": row, "request_id": request.number}
        return render(request, "partnerships/evidence_damaged.html", context, status=DAMAGED)
    except files.CannotRead as reason:
        raise Http404("this page can't be drawn") from reason
    note_read(request, ReadContent.PAGE, "png", file=row, page=page)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


def _paper(request, ref):
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    permissions.check(request.user, Action.FILE_DOCUMENT, agreement)
    return agreement


def _writable(request, pk):
    of_the_paper = documents_seen_by(request.user).filter(purpose__in=OF_THE_PAPER)
    document = get_object_or_404(of_the_paper, pk=pk)
    permissions.check(request.user, Action.FILE_DOCUMENT, document.agreement)
    return document


def _refused(form, refusal):
    """Put a refusal into the form; the status to answer with."""
    if isinstance(refusal, files.FileRefused):
        form.add_error("file", refusal.sentence)
        return NOT_NOW if isinstance(refusal, files.NotNow) else REFUSED
    form.refuse(refusal)
    return REFUSED


def _add_page(request, agreement, form, status=200):
    context = {"agreement": agreement, "form": form}
    return render(request, "partnerships/document_form.html", context, status=status)


def _change_page(request, document, form, status=200, **more):
    context = {"document": document, "form": form, **more}
    return render(request, "partnerships/document_change.html", context, status=status)


def _detail_page(request, document, status=200, version_form=None):
    asked = request.GET.get("halaman", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    dossier = DocumentDossier(document, request.user, page)
    if version_form is None and dossier.may_file:
        version_form = NewVersionForm()
    context = {"document": document, "dossier": dossier, "version_form": version_form}
    return render(request, "partnerships/document_detail.html", context, status=status)
