from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.models import Organization
from partnerships.selectors.partners import OrganizationPage, PartnerList


@require_safe
def organization_list(request):
    """The partners that the reader knows, with the papers that the reader may see."""
    partners = PartnerList(request.user, request.GET)
    context = {"partners": partners, "page": partners.page}
    return render(request, "partnerships/organization_list.html", context)


@require_safe
def organization_detail(request, slug):
    """One organisation: what it is, what it was called, its parts and its papers."""
    visible = Organization.objects.visible_to(request.user).prefetch_related("aliases")
    organization = get_object_or_404(visible.select_related("region", "seat_region"), slug=slug)
    context = {"organization": organization, "shown": OrganizationPage(organization, request.user)}
    return render(request, "partnerships/organization_detail.html", context)
