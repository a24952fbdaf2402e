"""The PDFs that the portal has given out: whether one is what it says, for everybody who holds its code."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kemnaker_portal.uploads import LARGEST
from partnerships.actions import issuing
from partnerships.forms.issued import CodeForm
from partnerships.models import IssuedFile, issue_code

REFUSED, TOO_MANY = 422, 429
# So many codes that nobody has may come from one address in a minute, in each process.
_MOST_UNKNOWN = 60


@login_not_required
@require_safe
def issued_files(request):
    """Where the code of a PDF is typed from paper."""
    form = CodeForm(request.GET or None)
    if not form.is_bound or not form.is_valid():
        status = REFUSED if form.is_bound else 200
        return render(request, "partnerships/issued/code.html", {"form": form}, status=status)
    return redirect("partnerships:issued-file", issue_code.shown(form.cleaned_data["kode"]))


# Public: who holds a code may know what it stands for. What is no code is looked for like one.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issued_file(request, code):
    """What a PDF is, by its code; and whether a file that is dropped here is that PDF."""
    issued = IssuedFile.objects.select_related("issued_for").filter(code=issue_code.read(code)).first()
    if issued is None:
        return _unknown(request)
    if code != issued.shown_code:
        return redirect(issued)
    since, looked_at = issuing.rows_since(issued)
    context = {"issued": issued, "since": since, "looked_at": looked_at}
    if request.method == "POST":
        context["verdict"] = _verdict(request.FILES.get("berkas"), issued)
    status = REFUSED if context.get("verdict") == "missing" else 200
    response = render(request, "partnerships/issued/file.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _unknown(request):
    minute = timezone.now().strftime("%H%M")
    key = f"unknown-codes-{request.META['REMOTE_ADDR']}-{minute}"
    cache.add(key, 0, timeout=60)
    if cache.incr(key) > _MOST_UNKNOWN:
        response = render(request, "404.html", status=TOO_MANY)
        response["Retry-After"] = "60"
        return response
    raise Http404


def _verdict(file, issued):
    """How a file that was sent compares; it goes with the request."""
    if file is None:
        return "missing"
    if file.size >= LARGEST:
        return "too_large"
    return "same" if hashlib.file_digest(file, "sha256").hexdigest() == issued.sha256 else "differs"


def pdf_response(content, issue, name):
    """The answer with a finished PDF, which is written down first; a browser shows it."""
    issuing.record(issues=[issue])
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, name)},
    )
