from functools import partial

from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.extract import snapshot
from partnerships.exports.of_matrix import MatrixExtract
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.profile import profile_page, profile_pdf
from partnerships.models import Agreement, ReadContent
from partnerships.views.issued import pdf_response
from partnerships.views.listing import file_of
from partnerships.views.noting import note_read

_private = cache_control(private=True, no_store=True)


@require_safe
@_private
def export(request, form):
    """A file of exactly the rows that the list shows for the same parameters."""
    return file_of(request, form, RegisterExtract)


@require_safe
@_private
def matrix(request, ref, form):
    """What was promised in one paper and what was done of it, for a meeting to go through."""
    get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    return file_of(request, form, partial(MatrixExtract, ref=ref))


@require_safe
@_private
def profile(request, ref):
    """One paper as a page to print, hand over and file."""
    papers = Agreement.objects.visible_to(request.user).with_validity().with_parties()
    with snapshot():
        page = profile_page(get_object_or_404(papers, ref=ref), request.user)
    note_read(request, ReadContent.PROFILE, "pdf", question=f"ref={ref}")
    return pdf_response(profile_pdf(page), page.issue, f"profil-{ref}.pdf")
