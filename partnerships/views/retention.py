"""Papers past their period: what is due, what is held, and the lists that two administrators approve."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmed
from partnerships import permissions
from partnerships.actions import retention
from partnerships.exports.of_disposal import as_pdf
from partnerships.forms.retention import HoldForm, ProposalForm
from partnerships.models import LegalHold, ReadContent
from partnerships.permissions import Action
from partnerships.selectors.retention import Retention, disposals_for
from partnerships.views.issued import pdf_response
from partnerships.views.noting import note_read

# A refused form is answered with 422, so that it does not look like a saved one.
REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
def disposal_list(request):
    """What is due, held and decided; papers are proposed here."""
    _for_administrators(request)
    shown = Retention(request.GET.get("page"))
    form = ProposalForm(shown.due, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, shown, form, HoldForm(request.user))
    if form.is_valid():
        try:
            said = form.cleaned_data
            made = retention.propose(by=request.user, **said)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The list is proposed; another administrator has to approve it."))
            return redirect(made)
    return _page(request, shown, form, HoldForm(request.user), REFUSED)


@require_POST
def hold_place(request):
    """A paper that is not to be destroyed."""
    _for_administrators(request)
    form = HoldForm(request.user, request.POST)
    if form.is_valid():
        try:
            paper, reason = form.cleaned_data["ref"], form.cleaned_data["reason"]
            retention.place_hold(agreement=paper, reason=reason, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("%(ref)s is held; it is not destroyed.") % {"ref": paper.ref})
            return redirect("partnerships:disposal-list")
    shown = Retention()
    return _page(request, shown, ProposalForm(shown.due), form, REFUSED)


@require_POST
def hold_lift(request, pk):
    """The end of a hold."""
    _for_administrators(request)
    hold = get_object_or_404(LegalHold.objects.select_related("agreement"), pk=pk)
    try:
        retention.lift_hold(hold=hold, by=request.user)
        messages.success(request, _("%(ref)s is no longer held.") % {"ref": hold.agreement.ref})
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    return redirect("partnerships:disposal-list")


@require_safe
def disposal_detail(request, pk):
    """One list: its papers, who approved it, and what became of each."""
    disposal = get_object_or_404(disposals_for(request.user), pk=pk)
    return render(request, "partnerships/retention/detail.html", {"disposal": disposal})


@require_POST
def disposal_approve(request, pk):
    """The second approval, by somebody else than the first, who has just proved who it is."""
    _for_administrators(request)
    return _approve(request, pk)


@confirmed
def _approve(request, pk):
    return _decide(request, pk, retention.approve, _("Approved; the job of retention carries it out."))


@require_POST
def disposal_refuse(request, pk):
    """The papers of the list are kept."""
    return _decide(request, pk, retention.refuse, _("Refused; nothing of this list is destroyed."))


@require_safe
@cache_control(private=True, no_store=True)
def disposal_certificate(request, pk):
    """The certificate of a list that was carried out."""
    disposal = get_object_or_404(disposals_for(request.user), pk=pk, done_at__isnull=False)
    note_read(request, ReadContent.DISPOSAL, "pdf", question=f"disposal={pk}")
    pdf, issue = as_pdf(disposal, request.user)
    return pdf_response(pdf, issue, f"berita-acara-pemusnahan-{pk}.pdf")


def _for_administrators(request):
    # Nobody else learns that there is such a page.
    if not permissions.can(request.user, Action.DISPOSE):
        raise Http404


def _decide(request, pk, decision, done):
    disposal = get_object_or_404(disposals_for(request.user), pk=pk)
    try:
        decision(disposal=disposal, by=request.user)
        messages.success(request, done)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    return redirect(disposal)


def _page(request, shown, form, hold_form, status=200):
    chosen = request.POST.getlist("papers")
    context = {"shown": shown, "page": shown.page, "form": form, "hold_form": hold_form, "chosen": chosen}
    return render(request, "partnerships/retention/list.html", context, status=status)
