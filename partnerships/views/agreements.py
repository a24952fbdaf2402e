from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships import permissions
from partnerships.models import Agreement
from partnerships.register import agreements_for
from partnerships.selectors.dossier import dossier_of
from partnerships.selectors.history import history_of
from partnerships.views.listing import list_page, way_to_default


@require_safe
def agreement_list(request):
    """The register: every agreement the reader may see, narrowed by the URL."""
    register = agreements_for(request.user, request.GET)
    return way_to_default(request, register) or list_page(
        request,
        register,
        "agreement",
        may_add=permissions.can(request.user, permissions.Action.ADD_AGREEMENT),
    )


@require_safe
def agreement_detail(request, ref):
    """One paper: what, who, how long, what follows, where the record comes from, who changed it."""
    visible = Agreement.objects.visible_to(request.user).with_validity().with_signs_of_life()
    agreement = get_object_or_404(visible.with_parties(), ref=ref)
    return render(
        request,
        "partnerships/agreement_detail.html",
        {
            "agreement": agreement,
            "dossier": dossier_of(agreement, request.user),
            "history": history_of(agreement, request.user, request.GET.get("history")),
            "today": timezone.localdate(),
        },
    )
