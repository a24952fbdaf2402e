from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.selectors.coverage import Coverage
from partnerships.selectors.places import RegionList, RegionPage
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
    region = get_object_or_404(Region.objects.select_related("parent", "succeeded_by"), code=code)
    context = {"region": region, "shown": RegionPage(region, request.user, request.GET)}
    return render(request, "partnerships/region_detail.html", context)
