from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.leadership import pdf_of_leadership, region_page
from partnerships.models import ReadContent
from partnerships.selectors.coverage import Coverage
from partnerships.selectors.places import RegionList, RegionPage
from partnerships.selectors.region_profile import RegionProfile
from partnerships.views.issued import pdf_response
from partnerships.views.noting import note_read
from regions.models import Region


@require_safe
def region_list(request):
    """The provinces with the papers that the reader may see; a search finds kabupaten and kota."""
    return render(
        request, "partnerships/region_list.html", {"regions": RegionList(request.user, request.GET)}
    )


@require_safe
def coverage(request):
    """How much of the country has a paper in force on a theme, and where there is none."""
    return render(request, "partnerships/coverage.html", {"shown": Coverage(request.user, request.GET)})


@require_safe
def region_detail(request, code):
    """One region: its government and offices, its papers, the kabupaten and kota of a province."""
    region = _found(code)
    context = {"region": region, "shown": RegionPage(region, request.user, request.GET)}
    return render(request, "partnerships/region_detail.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def region_profile(request, code):
    """The same on two or three pages to print, hand over and file."""
    shown = RegionProfile(_found(code), request.user, request.GET)
    if shown.question.problems:
        raise Http404
    page = region_page(shown)
    note_read(request, ReadContent.REGION, "pdf", question=f"region={code}")
    return pdf_response(pdf_of_leadership(page), page.issue, f"profil-wilayah-{code}.pdf")


def _found(code):
    return get_object_or_404(Region.objects.select_related("parent", "succeeded_by"), code=code)
