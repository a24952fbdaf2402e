from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import permissions
from partnerships.actions import action_points
from partnerships.actions.guard import StaleVersion
from partnerships.files import FileRefused
from partnerships.forms.action_point import ActionPointForm, CheckForm, StepForm
from partnerships.lifecycle import ActionPointStatus
from partnerships.models import ActionPoint, Agreement, ProgressReport, StoredFile
from partnerships.permissions import Action
from partnerships.selectors.action_points import ActionPointList, steps_of

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_safe
def action_point_list(request):
    """What is to be done for the papers that the reader may see."""
    points = ActionPointList(request.user, request.GET)
    paper = (
        Agreement.objects.filter(ref=points.question["paper"]).first() if points.question["paper"] else None
    )
    may_add = paper is not None and permissions.can(request.user, Action.RAISE_ACTION_POINT, paper)
    context = {"points": points, "page": points.page, "add_to": paper if may_add else None}
    return render(request, "partnerships/action_point_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_point_add(request, ref):
    """A new action point of a paper, or of a report on one of its commitments."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    permissions.check(request.user, Action.RAISE_ACTION_POINT, agreement)
    report = _report(request, agreement)
    form = ActionPointForm(agreement, request.POST if request.method == "POST" else None, report=report)
    if request.method != "POST":
        return _form_page(request, agreement, report, form)
    if not form.is_valid():
        return _form_page(request, agreement, report, form, REFUSED)
    try:
        point = action_points.open_point(
            agreement=agreement, report=report, by=request.user, **form.cleaned_data
        )
    except ValidationError as refusal:
        form.refuse(refusal)
        return _form_page(request, agreement, report, form, REFUSED)
    messages.success(request, _("The action point is open."))
    return redirect(point)


def _report(request, agreement):
    asked = request.GET.get("report", "")
    if not asked:
        return None
    reports = ProgressReport.objects.visible_to(request.user).filter(commitment__agreement=agreement)
    reports = reports.select_related(
        "commitment__agreement", "commitment__owner", "commitment__owed_by__organization"
    )
    pk = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    return get_object_or_404(reports, pk=pk)


def _form_page(request, agreement, report, form, status=200):
    context = {"agreement": agreement, "report": report, "form": form}
    return render(request, "partnerships/action_point_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def action_point_detail(request, pk):
    """One action point: what, who, until when; and the next step for who may take it."""
    point = _found(request.user, pk)
    if request.method != "POST":
        return _page(request, point)
    if request.POST.get("step") == "done":
        if not action_points.may_report_done(request.user, point):
            raise PermissionDenied
        return _take(request, point, StepForm(point, request.POST), _report_done)
    permissions.check(request.user, Action.CLOSE_ACTION_POINT, point.agreement)
    step = _close if request.POST.get("step") == "close" else _give_back
    return _take(request, point, CheckForm(point, request.POST), step)


def _take(request, point, form, step):
    if not form.is_valid():
        return _page(request, point, REFUSED, form=form)
    try:
        said = step(request, point, form)
    except StaleVersion:
        return _page(request, _found(request.user, point.pk), STALE, stale=True)
    except (ValidationError, FileRefused) as refusal:
        form.refuse(refusal if isinstance(refusal, ValidationError) else ValidationError(str(refusal)))
        return _page(request, point, REFUSED, form=form)
    messages.success(request, said)
    return redirect(point)


def _report_done(request, point, form):
    action_points.report_done(
        point=point, by=request.user, upload=request.FILES.get("file"), **form.cleaned_data
    )
    return _("It is reported done; somebody else now looks at it.")


def _close(request, point, form):
    said = form.cleaned_data
    action_points.close(point=point, by=request.user, version=said["version"], reason=said["note"])
    return _("The action point is closed.")


def _give_back(request, point, form):
    said = form.cleaned_data
    action_points.give_back(point=point, by=request.user, version=said["version"], reason=said["note"])
    return _("The action point is given back.")


def _found(user, pk):
    rows = ActionPoint.objects.visible_to(user).select_related(
        "agreement", "owner", "verifier", "commitment", "report", "done_by", "checked_by", "raised_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request, point, status=200, form=None, **more):
    may_report = point.status == ActionPointStatus.OPEN and action_points.may_report_done(request.user, point)
    may_check = point.status == ActionPointStatus.DONE and action_points.may_check(request.user, point)
    if form is None and may_report:
        form = StepForm(point)
    elif form is None and may_check:
        form = CheckForm(point)
    versions = Prefetch("files", StoredFile.objects.with_verdict())
    context = {
        "point": point,
        "today": timezone.localdate(),
        "documents": point.documents.visible_to(request.user).standing().prefetch_related(versions),
        "steps": steps_of(point),
        "form": form,
        "may_report": may_report,
        "may_check": may_check,
        **more,
    }
    return render(request, "partnerships/action_point_detail.html", context, status=status)
