from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from partnerships import permissions
from partnerships.columns import COLUMNS
from partnerships.models import Agreement
from partnerships.register import PAGE_SIZES, agreements_for
from partnerships.selectors.dossier import dossier_of
from partnerships.selectors.history import history_of


@require_safe
def agreement_list(request):
    """The register: every agreement the reader may see, narrowed by the URL."""
    register = agreements_for(request.user, request.GET)
    page = register.page
    template = "agreement_results.html" if request.htmx else "agreement_list.html"
    response = render(
        request,
        f"partnerships/{template}",
        {
            "register": register,
            "page": page,
            "sizes": PAGE_SIZES,
            "all_columns": COLUMNS.values(),
            "may_add": permissions.can(request.user, permissions.Action.ADD_AGREEMENT),
        },
    )
    if request.htmx:
        # The address without the boxes that a form sends empty.
        turned = f"&page={page.number}" if page.number > 1 else ""
        push_url(response, f"{reverse('partnerships:agreement-list')}{register.url()}{turned}")
    return response


@require_safe
def agreement_detail(request, ref):
    """One paper: what, who, how long, what follows, where the record comes from, who changed it."""
    visible = Agreement.objects.visible_to(request.user).with_validity()
    agreement = get_object_or_404(visible.with_parties(), ref=ref)
    return render(
        request,
        "partnerships/agreement_detail.html",
        {
            "agreement": agreement,
            "dossier": dossier_of(agreement, request.user),
            "history": history_of(agreement, request.user, request.GET.get("history")),
        },
    )
