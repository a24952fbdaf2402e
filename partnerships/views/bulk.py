"""What is done to a selection of papers: chosen, looked at, confirmed, reported."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.actions import bulk
from partnerships.forms.bulk import ConfirmForm, TargetForm
from partnerships.models import Agreement, BulkRun, BulkVerb
from partnerships.register import agreements_for
from partnerships.register.answer import ALL_RESULTS

REFUSED, STALE = 422, 409


@require_safe
def bulk_selection(request):
    """What can be done to the papers that were selected in the register."""
    asked = request.GET.copy()
    if not asked.pop(ALL_RESULTS, None) and "ref" not in asked:
        return render(request, "partnerships/bulk/nothing.html")
    selection = Selection(request.user, asked)
    verbs = [verb for verb in BulkVerb if bulk.may(request.user, verb)]
    context = {
        "selection": selection,
        "forms": [(verb, TargetForm(verb, user=request.user)) for verb in verbs],
    }
    return render(request, "partnerships/bulk/selection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_action(request, verb):
    """One thing for a selection: what it would do, and after the yes what it did."""
    if verb not in BulkVerb.values:
        raise Http404
    if not bulk.may(request.user, BulkVerb(verb)):
        raise PermissionDenied
    posts = request.method == "POST"
    if posts and (already := _done_already(request)):
        return redirect(already)
    said = request.POST if posts else request.GET
    selection = Selection(request.user, QueryDict(said.get("ask", "")[:20_000]))
    step = Step(request, BulkVerb(verb), selection, TargetForm(verb, said, user=request.user))
    if "ask" not in said or not step.target.is_valid() or not selection.can_be_done:
        return step.page(REFUSED if posts else 200)
    return step.do(request.POST) if posts else step.page()


@require_safe
def bulk_report(request, key):
    """What became of each paper of a selection."""
    run = get_object_or_404(BulkRun, entry_key=key, by=request.user)
    refs = [ref for ref, _outcome, _words in run.results]
    papers = Agreement.objects.visible_to(request.user).filter(ref__in=refs).with_parties()
    known = {paper.ref: paper for paper in papers}
    rows = [
        (ref, known.get(ref), words or (bulk.Outcome(outcome).label if outcome else ""))
        for ref, outcome, words in run.results
    ]
    context = {
        "run": run,
        "done": [row for row in rows if not row[2]],
        "skipped": [row for row in rows if row[2]],
    }
    return render(request, "partnerships/bulk/report.html", context)


def _done_already(request):
    """The report of a page that was sent before: what it selected may be another question by now."""
    form = ConfirmForm(request.POST)
    return bulk.done_already(form.cleaned_data["key"], request.user) if form.is_valid() else None


class Selection:
    """The papers that a question to the register selects, as its reader gets them now."""

    def __init__(self, user, asked):
        self.listing = agreements_for(user, asked)
        self.ask = self.listing.question.urlencode(safe=",")
        self.count = self.listing.count
        self.most = bulk.MOST_PAPERS
        self.too_many = self.count > self.most

    @property
    def can_be_done(self):
        """A question that was not understood whole selects something else than was meant."""
        return bool(self.count) and not self.too_many and not self.listing.problems

    def papers(self):
        return list(self.listing.rows().with_parties())


class Step:
    """One thing to be done to a selection, on its way from the page that asks to the report."""

    def __init__(self, request, verb, selection, target):
        self.request, self.verb, self.selection, self.target = request, verb, selection, target

    def page(self, status=200, papers=None, **more):
        context = {"verb": self.verb, "selection": self.selection, "target": self.target, **more}
        if self.target.is_valid() and self.selection.can_be_done:
            papers = papers if papers is not None else self.selection.papers()
            verdicts = bulk.judged(
                verb=self.verb, target=self.target.chosen, papers=papers, by=self.request.user
            )
            context |= {
                "able": [each for each in verdicts if not each.outcome],
                "unable": [each for each in verdicts if each.outcome],
                "form": ConfirmForm.about(papers),
            }
        return render(self.request, "partnerships/bulk/action.html", context, status=status)

    def do(self, posted):
        form = ConfirmForm(posted)
        if not form.is_valid():
            return self.page(REFUSED, problem=_("This page was not complete. Confirm it again."))
        papers = self.selection.papers()
        if {paper.ref for paper in papers} != set(form.versions):
            return self.page(STALE, papers, stale=True)
        try:
            run = bulk.run(
                verb=self.verb,
                target=self.target.chosen,
                papers=papers,
                seen=form.versions,
                by=self.request.user,
                key=form.cleaned_data["key"],
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refusal:
            return self.page(REFUSED, papers, problem=" ".join(refusal.messages))
        return redirect(run)
