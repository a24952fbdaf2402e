"""Files made in the background: asked for, watched, cancelled, taken."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import files
from partnerships.actions import exports
from partnerships.exports.asked import extract_of
from partnerships.exports.extract import Refused
from partnerships.forms.download import DownloadForm
from partnerships.lifecycle import ExportStatus
from partnerships.models import ExportJob
from partnerships.views.whole import check_taking

_log = logging.getLogger(__name__)
REFUSED, NOT_ANY_MORE, SEE_OTHER, NOT_YOURS = 422, 410, 303, 403
_A_PAGE = 25
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}


@require_http_methods(["GET", "HEAD", "POST"])
def downloads(request):
    """The files that the reader asked for and that were or are made in the background; asking for one."""
    if request.method != "POST":
        return _list_page(request)
    form = DownloadForm(request.POST)
    if not form.is_valid():
        return _list_page(request, REFUSED, [_("There is no such file.")])
    try:
        check_taking(request, form.extract(request.user))
        return _way_to(form.ask(request.user, translation.get_language()))
    except Refused as refusal:
        return _list_page(request, REFUSED, refusal.sentences)
    except ValidationError as refusal:
        return _list_page(request, REFUSED, refusal.messages)


def _list_page(request, status=200, problems=()):
    pages = Paginator(ExportJob.objects.visible_to(request.user), _A_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "new": request.GET.get("baru", ""),
        "problems": problems,
        "now": timezone.now(),
    }
    return render(request, "partnerships/downloads/list.html", context, status=status)


@require_safe
def download(request, pk):
    """One of these files: how far it is; for htmx its entry in the list alone."""
    context = {"job": _own(request, pk), "now": timezone.now()}
    template = "entry_changed" if request.htmx else "detail"
    return render(request, f"partnerships/downloads/{template}.html", context)


@require_POST
def download_cancel(request, pk):
    """A file that is not wanted any more."""
    job = exports.cancel(job=_own(request, pk), by=request.user)
    if job.status == ExportStatus.DONE:
        messages.info(request, _("The file was ready before it could be cancelled."))
    return _way_to(job)


@require_POST
def download_again(request, pk):
    """The same question once more, answered as its reader may see it today."""
    job = _own(request, pk)
    try:
        check_taking(request, extract_of(job.made_of, request.user, job.query))
        job = exports.ask_again(job=job, by=request.user, language=translation.get_language())
    except Refused as refusal:
        return _list_page(request, REFUSED, refusal.sentences)
    except ValidationError as refusal:
        return _list_page(request, REFUSED, refusal.messages)
    return _way_to(job)


@require_safe
@cache_control(private=True, no_store=True)
def download_file(request, pk):
    """The finished file, for who asked for it and still sees what it holds."""
    job = _own(request, pk)
    if job.goes_on:
        return _way_to(job)
    if job.status != ExportStatus.DONE:
        return _gone(request, job, NOT_ANY_MORE)
    if not job.can_be_taken_by(request.user):
        return _gone(request, job, NOT_YOURS)
    try:
        file = files.open_made(job.file_key, sha256=job.sha256)
    except files.FileDamaged:
        _log.exception("export %s is damaged: key %s", job.pk, job.file_key)
        return _gone(request, job, NOT_ANY_MORE)
    _log.info("file taken: export %s by user %s, %s rows", job.pk, request.user.pk, job.rows_total)
    return FileResponse(
        file,
        as_attachment=True,
        filename=job.file_name,
        content_type=_MEDIA_TYPES[job.form],
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _gone(request, job, status):
    context = {"job": job, "rights_changed": status == NOT_YOURS}
    return render(request, "partnerships/downloads/gone.html", context, status=status)


def made_in_background(request, made_of, form, params):
    """The way to a file that takes too long for one request: asked for by its address, seen in the list.

    A reader who presses the link again within the minute, or while the file is made, gets the same one.
    """
    asked = {"by": request.user, "made_of": made_of, "form": form, "params": params}
    asked["language"] = translation.get_language()
    if request.method == "HEAD":
        return _see(reverse("partnerships:downloads"))
    try:
        return _way_to(exports.ask(**asked, key=exports.key_of(**asked)))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _see(reverse("partnerships:downloads"))


def _way_to(job):
    return _see(f"{reverse('partnerships:downloads')}?baru={job.pk}#unduhan-{job.pk}")


def _see(address):
    """Another page, to be fetched with GET whatever was asked."""
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response


def _own(request, pk):
    return get_object_or_404(ExportJob.objects.visible_to(request.user), pk=pk)
