from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import permissions
from partnerships.actions import offers
from partnerships.actions.guard import StaleVersion
from partnerships.forms.need import SettleForm
from partnerships.forms.offer import OfferForm
from partnerships.models import Offer, OfferStatus
from partnerships.permissions import Action
from partnerships.selectors.needs import OfferList, OfferPage, conflict_of

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_safe
def offer_list(request):
    """What partners offer, of what the reader may see."""
    shown = OfferList(request.user, request.GET)
    may_record = permissions.can(request.user, Action.RECORD_OFFER)
    context = {"shown": shown, "page": shown.page, "may_record": may_record}
    return render(request, "partnerships/offers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_add(request):
    """A partner's programme is recorded."""
    permissions.check(request.user, Action.RECORD_OFFER)
    form = OfferForm(request.user, request.POST if request.method == "POST" else None)
    if request.method != "POST" or form.only_looks:
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        offer = offers.record(entry=form.entry(), key=form.cleaned_data["key"], by=request.user)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The offer is recorded."))
    return redirect(offer)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_change(request, pk):
    """An offer changed by somebody who has read the version that stands; else both are shown."""
    offer = _found(request.user, pk)
    permissions.check(request.user, Action.RECORD_OFFER)
    form = OfferForm(request.user, request.POST if request.method == "POST" else None, offer=offer)
    if request.method != "POST" or form.only_looks:
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        offers.change(offer=offer, entry=form.entry(), version=form.cleaned_data["version"], by=request.user)
    except StaleVersion:
        current = _found(request.user, pk)
        conflict = conflict_of(current, form.differences(current))
        return _form_page(request, form.over(request.user, current), STALE, conflict=conflict)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, REFUSED)
    messages.success(request, _("The change is saved."))
    return redirect(offer)


@require_http_methods(["GET", "HEAD", "POST"])
def offer_detail(request, pk):
    """One offer: of whom, for which regions and years, and which papers were made of it."""
    offer = _found(request.user, pk)
    if request.method != "POST":
        return _page(request, offer)
    permissions.check(request.user, Action.RECORD_OFFER)
    form = SettleForm(offer, request.POST)
    to = request.POST.get("to")
    if to not in OfferStatus.values or not form.is_valid():
        return _page(request, offer, REFUSED, form=form)
    try:
        offers.settle(offer=offer, to=to, by=request.user, **form.cleaned_data)
    except StaleVersion:
        return _page(request, _found(request.user, pk), STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _page(request, offer, REFUSED, form=form)
    said = {
        OfferStatus.OPEN: _("The offer is open again."),
        OfferStatus.WITHDRAWN: _("The offer is withdrawn."),
    }
    messages.success(request, said[OfferStatus(to)])
    return redirect(offer)


def _found(user, pk):
    rows = Offer.objects.visible_to(user).with_promised()
    return get_object_or_404(rows.select_related("organization", "theme", "indicator", "recorded_by"), pk=pk)


def _page(request, offer, status=200, form=None, **more):
    may_change = permissions.can(request.user, Action.RECORD_OFFER)
    context = {
        "offer": offer,
        "shown": OfferPage(offer, request.user),
        "may_change": may_change,
        "form": form or (SettleForm(offer) if may_change else None),
        **more,
    }
    return render(request, "partnerships/offers/detail.html", context, status=status)


def _form_page(request, form, status=200, **more):
    context = {"form": form, "offer": form.offer, **more}
    return render(request, "partnerships/offers/form.html", context, status=status)
