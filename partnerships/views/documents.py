from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.extract import Refused, snapshot
from partnerships.exports.files import FORMS, make_file
from partnerships.exports.profile import profile_page, profile_pdf
from partnerships.models import Agreement

_private = cache_control(private=True, no_store=True)


@require_safe
@_private
def export(request, form):
    """A file of exactly the rows that the list shows for the same parameters."""
    if form not in FORMS:
        raise Http404
    try:
        name, file = make_file(form, request.user, request.GET)
    except Refused as refusal:
        return render(request, "print/refused.html", {"refusal": refusal, "form": form}, status=400)
    return FileResponse(
        file,
        filename=name,
        as_attachment=not FORMS[form].shown_in_browser,
        content_type=FORMS[form].content_type,
    )


@require_safe
@_private
def profile(request, ref):
    """One paper as a page to print, hand over and file."""
    papers = Agreement.objects.visible_to(request.user).with_validity().with_parties()
    with snapshot():
        page = profile_page(get_object_or_404(papers, ref=ref), request.user)
    return HttpResponse(
        profile_pdf(page),
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, f"profil-{ref}.pdf")},
    )
