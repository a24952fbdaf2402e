from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import permissions
from partnerships.actions import dormancy
from partnerships.actions.guard import StaleVersion
from partnerships.forms.dormancy import DormancyForm
from partnerships.models import Agreement
from partnerships.permissions import Action
from partnerships.selectors.sleep import Sleep, SleepOverview

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_safe
def dormant_list(request):
    """The papers that sleep, counted, and how long papers take to show a sign of life."""
    return render(request, "partnerships/dormancy/list.html", {"shown": SleepOverview(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def dormancy_decision(request, ref):
    """What becomes of a paper that sleeps: revived, amended or ended, by whom and until when."""
    agreement = _found(request.user, ref)
    permissions.check(request.user, Action.DECIDE_DORMANT, agreement)
    form = DormancyForm(agreement, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, agreement, form)
    if not form.is_valid():
        return _page(request, agreement, form, REFUSED)
    try:
        dormancy.decide(agreement=agreement, by=request.user, **form.cleaned_data)
    except StaleVersion:
        return _page(request, _found(request.user, ref), form, STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _page(request, agreement, form, REFUSED)
    messages.success(request, _("It is decided; the action point is open."))
    return redirect(f"{agreement.get_absolute_url()}#validity")


def _found(user, ref):
    rows = Agreement.objects.visible_to(user).with_validity().with_signs_of_life().with_parties()
    return get_object_or_404(rows, ref=ref)


def _page(request, agreement, form, status=200, **more):
    context = {"agreement": agreement, "sleep": Sleep(agreement), "form": form, **more}
    return render(request, "partnerships/dormancy/decision.html", context, status=status)
