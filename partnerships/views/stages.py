from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships import permissions
from partnerships.actions import stages
from partnerships.actions.guard import StaleVersion
from partnerships.forms import StageForm
from partnerships.models import Agreement
from partnerships.permissions import Action
from partnerships.selectors.stages import Way

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_stages(request, ref):
    """The stages of a foreign paper, and the step to the next one."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    permissions.check(request.user, Action.MOVE_AGREEMENT, agreement)
    way = Way(agreement)
    if request.method != "POST":
        return _page(request, way, StageForm(way))
    form = StageForm(way, request.POST)
    if not form.is_valid():
        return _page(request, way, form, REFUSED)
    try:
        step = stages.enter_stage(agreement=agreement, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        way = Way(stale.current)
        return _page(request, way, StageForm(way), STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _page(request, way, form, REFUSED)
    said = {"ref": agreement.ref, "stage": step.get_new_display()}
    messages.success(request, _("%(ref)s is now at the stage “%(stage)s”.") % said)
    return redirect(agreement)


def _page(request, way, form, status=200, **more):
    context = {"agreement": way.agreement, "way": way, "form": form, **more}
    return render(request, "partnerships/edit/stages.html", context, status=status)
