from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import permissions
from partnerships.actions import matches, needs
from partnerships.actions.guard import StaleVersion
from partnerships.forms.need import NeedForm, SettleForm
from partnerships.models import Need, NeedStatus, Offer
from partnerships.permissions import Action
from partnerships.selectors.matches import OF_A_NEED
from partnerships.selectors.needs import MatchList, NeedList, NeedPage, conflict_of

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_safe
def need_list(request):
    """What the regions need, of what the reader may see."""
    shown = NeedList(request.user, request.GET)
    context = {"shown": shown, "page": shown.page, "may_state": _may_state(request.user)}
    return render(request, "partnerships/needs/list.html", context)


@require_safe
def match_list(request):
    """The open needs for which an offer is at hand, with the offers that fit and why."""
    shown = MatchList(request.user, request.GET)
    may_propose = permissions.can(request.user, Action.ADD_AGREEMENT)
    context = {"shown": shown, "page": shown.page, "may_propose": may_propose}
    return render(request, "partnerships/needs/matches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def need_add(request):
    """An office states what its region needs."""
    permissions.check(request.user, Action.STATE_NEED)
    form = NeedForm(request.user, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        need = needs.state(entry=form.entry(), key=form.cleaned_data["key"], by=request.user)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The need is stated."))
    return redirect(need)


@require_http_methods(["GET", "HEAD", "POST"])
def need_change(request, pk):
    """A need changed by somebody who has read the version that stands; else both are shown."""
    need = _found(request.user, pk)
    permissions.check_region(request.user, Action.STATE_NEED, need.region)
    form = NeedForm(request.user, request.POST if request.method == "POST" else None, need=need)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        needs.change(need=need, entry=form.entry(), version=form.cleaned_data["version"], by=request.user)
    except StaleVersion:
        current = _found(request.user, pk)
        conflict = conflict_of(current, form.differences(current))
        return _form_page(request, form.over(request.user, current), STALE, conflict=conflict)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The change is saved."))
    return redirect(need)


@require_http_methods(["GET", "HEAD", "POST"])
def need_detail(request, pk):
    """One need: who states it, which offers fit it, and which papers were proposed for it."""
    need = _found(request.user, pk)
    if request.method != "POST":
        return _page(request, need)
    permissions.check_region(request.user, Action.STATE_NEED, need.region)
    form = SettleForm(need, request.POST)
    to = request.POST.get("to")
    if to not in NeedStatus.values or not form.is_valid():
        return _page(request, need, REFUSED, form=form)
    try:
        needs.settle(need=need, to=to, by=request.user, **form.cleaned_data)
    except StaleVersion:
        return _page(request, _found(request.user, pk), STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _page(request, need, REFUSED, form=form)
    said = {
        NeedStatus.OPEN: _("The need is open again."),
        NeedStatus.MET: _("The need is met."),
        NeedStatus.WITHDRAWN: _("The need is withdrawn."),
    }
    messages.success(request, said[NeedStatus(to)])
    return redirect(need)


@require_POST
def match_propose(request, pk, offer):
    """A need and an offer become a proposed paper."""
    need = _found(request.user, pk)
    permissions.check(request.user, Action.ADD_AGREEMENT)
    offer = get_object_or_404(Offer.objects.visible_to(request.user), pk=offer)
    try:
        match = matches.propose(need=need, offer=offer, by=request.user)
    except ValidationError as refusal:
        return _page(request, need, REFUSED, refusal=" ".join(refusal.messages))
    messages.success(
        request,
        _("%(ref)s is proposed, with the commitment. Complete it, then move it along.")
        % {"ref": match.agreement.ref},
    )
    return redirect(match.agreement)


def _may_state(user):
    return permissions.can(user, Action.STATE_NEED)


def _found(user, pk):
    rows = Need.objects.visible_to(user).with_promised().select_related(*OF_A_NEED)
    return get_object_or_404(rows, pk=pk)


def _page(request, need, status=200, form=None, **more):
    within = permissions.regions_within(request.user, Action.STATE_NEED)
    may_change = within.filter(pk=need.region_id).exists()
    context = {
        "need": need,
        "shown": NeedPage(need, request.user),
        "may_change": may_change,
        "may_propose": permissions.can(request.user, Action.ADD_AGREEMENT),
        "form": form or (SettleForm(need) if may_change else None),
        **more,
    }
    return render(request, "partnerships/needs/detail.html", context, status=status)


def _form_page(request, form, status=200, **more):
    context = {"form": form, "need": form.need, **more}
    return render(request, "partnerships/needs/form.html", context, status=status)
