from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships import permissions
from partnerships.columns import COLUMNS
from partnerships.models import Agreement
from partnerships.register import agreements_for


@require_safe
def agreement_list(request):
    """The register: every agreement the reader may see, narrowed by the URL."""
    register = agreements_for(request.user, request.GET)
    template = "agreement_results.html" if request.htmx else "agreement_list.html"
    return render(
        request,
        f"partnerships/{template}",
        {
            "register": register,
            "page": register.page,
            "all_columns": COLUMNS.values(),
            "may_add": permissions.can(request.user, permissions.Action.ADD_AGREEMENT),
        },
    )


@require_safe
def agreement_detail(request, ref):
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    return render(request, "partnerships/agreement_detail.html", {"agreement": agreement})
