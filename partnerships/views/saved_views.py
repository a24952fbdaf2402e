"""The saved views of the lists: kept, told apart, changed, let go of."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.actions import saved_views
from partnerships.actions.guard import StaleVersion
from partnerships.forms.saved_view import NewViewForm, ViewForm, ViewStep
from partnerships.models import ListName, SavedView
from partnerships.register import Ledger, Register
from partnerships.register.opening import in_words

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409
_LISTS = {ListName.AGREEMENTS: Register, ListName.COMMITMENTS: Ledger}


@require_safe
def view_list(request):
    """One's own views of every list, and those that are shared with one's role."""
    views = SavedView.objects.visible_to(request.user).select_related("owner").order_by("list", "name")
    for name, listing in _LISTS.items():
        said = in_words(listing, [view for view in views if view.list == name], request.user)
        for view, question in said.items():
            view.said = question
    own = [view for view in views if view.owner_id == request.user.pk]
    shared = [view for view in views if view.owner_id != request.user.pk]
    return render(request, "partnerships/views/list.html", {"own": own, "shared": shared})


@require_http_methods(["GET", "HEAD", "POST"])
def view_add(request, of):
    """Keep the question of a list under a name, or give it to a view that one has."""
    posts = request.method == "POST"
    asked = QueryDict(request.POST.get("query", "")[:20_000]) if posts else request.GET
    listing = _LISTS[of](request.user, asked)
    query = listing.question.urlencode(safe=",")
    form = NewViewForm(request.POST if posts else None, user=request.user, initial={"query": query})
    if form.is_valid():
        try:
            view = saved_views.save(
                name_of_list=of,
                query=query,
                record=form.record(),
                by=request.user,
                key=form.cleaned_data["key"],
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return redirect(view)
    own = SavedView.objects.of(of).filter(owner=request.user)
    said = [(label, ", ".join(words)) for label, words in map(listing.said, listing.asked)]
    context = {"listing": listing, "said": said, "form": form, "own": own, "query": query}
    return render(request, "partnerships/views/add.html", context, status=REFUSED if posts else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request, pk):
    """The name of a view, whom it is shared with, and whether the list opens with it."""
    view = _own(request, pk)
    if request.method != "POST":
        return _change_page(request, view, ViewForm(user=request.user, view=view, initial=_as_kept(view)))
    form = ViewForm(request.POST, user=request.user, view=view)
    if not form.is_valid():
        return _change_page(request, view, form, REFUSED)
    version = form.cleaned_data["version"]
    try:
        saved_views.change(view=view, record=form.record(), version=version, by=request.user)
    except StaleVersion as stale:
        form = ViewForm(user=request.user, view=view, initial=_as_kept(stale.current))
        return _change_page(request, stale.current, form, STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _change_page(request, view, form, REFUSED)
    messages.success(request, _("The view is changed."))
    return redirect("partnerships:view-list")


@require_POST
def view_ask_anew(request, pk):
    """Give a view the question that is asked now."""
    view = _own(request, pk)
    form = ViewStep(request.POST)
    listing = _LISTS[view.list](request.user, QueryDict(request.POST.get("query", "")[:20_000]))
    query = listing.question.urlencode(safe=",")
    return _step(request, form, view, _("The view asks this from now on."), saved_views.ask_anew, query=query)


@require_http_methods(["GET", "HEAD", "POST"])
def view_delete(request, pk):
    """Let go of a view."""
    view = _own(request, pk)
    if request.method != "POST":
        form = ViewStep(initial={"version": view.version})
        return render(request, "partnerships/views/delete.html", {"view": view, "form": form})
    return _step(request, ViewStep(request.POST), view, _("The view is deleted."), saved_views.delete)


def _step(request, form, view, said, action, **more):
    """Do it to the version that was read; otherwise say on the page of the view that it was not done."""
    if form.is_valid():
        try:
            done = action(view=view, version=form.cleaned_data["version"], by=request.user, **more)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        except StaleVersion:
            messages.warning(
                request, _("You have changed this view meanwhile. Look at it again, then decide.")
            )
        else:
            messages.success(request, said)
            return redirect(done or "partnerships:view-list")
    return redirect("partnerships:view-change", view.pk)


def _own(request, pk):
    return get_object_or_404(SavedView.objects.filter(owner=request.user), pk=pk)


def _as_kept(view):
    kept = {"name": view.name, "shared_with": view.shared_with, "is_default": view.is_default}
    return {**kept, "version": view.version}


def _change_page(request, view, form, status=200, **more):
    said = in_words(_LISTS[view.list], [view], request.user)[view]
    context = {"view": view, "said": said, "form": form, **more}
    return render(request, "partnerships/views/change.html", context, status=status)
