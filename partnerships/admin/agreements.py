"""Papers: everything to find and read; they change through the same actions as on the portal's pages."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kemnaker_portal.administration.decisions import Decision, ReasonForm
from kemnaker_portal.administration.pages import (
    DayInput,
    ReadOnlyAdmin,
    ReadOnlyInline,
    RowList,
    filled_or_not,
)
from kemnaker_portal.administration.site import Section
from kemnaker_portal.typed import SentenceField
from partnerships.actions import agreements
from partnerships.admin import agreement_import
from partnerships.forms.below import AsksAboutBelow
from partnerships.lifecycle import DRAFTS, MOVES, OVER, Status
from partnerships.models import (
    Addendum,
    Agreement,
    AgreementTheme,
    ClauseText,
    Commitment,
    PartnerClass,
    Party,
    Signatory,
    SourcedFact,
    StatusChange,
    Term,
    Theme,
    Validity,
    WorkLocation,
)
from partnerships.selectors.endings import papers_below


class MoveForm(AsksAboutBelow, ReasonForm):
    """Only the moves that the life of a paper knows are offered; what may end it asks about each paper
    below, as the portal's own page does."""

    field_order = ["to", "effective_on", "reason"]

    to = forms.ChoiceField(label=_("New status"))
    effective_on = forms.DateField(
        label=_("Effective on"),
        widget=DayInput,
        required=False,
        help_text=_("The day from which it is so; today if left empty."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        possible = MOVES[Status(self.obj.status)]
        self.fields["to"].choices = [(status.value, status.label) for status in Status if status in possible]
        below = papers_below(self.obj, self.by) if possible & set(OVER) else []
        self.ask_about(below, self.by)
        for question in self.questions:
            self.fields[question.name].help_text = question.paper.display_title

    def clean(self):
        self.gather_answers()
        return self.cleaned_data

    def refuse(self, refusal):
        self.add_error(self.field_of_refusal(refusal), refusal)


MOVE = Decision(
    name="move",
    label=_("Move along its life"),
    form=MoveForm,
    apply=lambda paper, answers, by: agreements.move(agreement=paper, by=by, **answers),
    done=_("Moved: %(name)s."),
    is_offered=lambda paper: bool(MOVES[Status(paper.status)]),
)
PUBLISH = Decision(
    name="publish",
    label=_("Make public"),
    explanation=_("Everyone may then read its public fields, without signing in."),
    apply=lambda paper, answers, by: agreements.publish(agreement=paper, by=by, **answers),
    done=_("Public now: %(name)s."),
    is_offered=lambda paper: not paper.published_at and paper.status not in DRAFTS,
)
UNPUBLISH = Decision(
    name="unpublish",
    label=_("Take back from the public"),
    apply=lambda paper, answers, by: agreements.publish(agreement=paper, by=by, public=False, **answers),
    done=_("No longer public: %(name)s."),
    is_offered=lambda paper: bool(paper.published_at),
)


class ActionWithReason(ActionForm):
    """What is done to many papers at once needs its reason too."""

    reason = SentenceField(label=_("Reason:"), max_length=500, required=False)


class PartyInline(ReadOnlyInline):
    model = Party
    fields = ["position", "organization", "number", "contact", "contact_details"]
    related = ["organization", "contact"]


class SignatoryInline(ReadOnlyInline):
    model = Signatory
    fields = ["position", "person", "post", "party", "capacity", "on_behalf_of", "letter", "presence"]
    related = ["person", "party__organization"]


class TermInline(ReadOnlyInline):
    model = Term
    fields = ["position", "reason", "period", "duration_months", "closed_because"]

    @admin.display(description=_("period"))
    def period(self, term):
        return str(term)


class AddendumInline(ReadOnlyInline):
    model = Addendum
    fields = ["position", "number", "effective_on", "summary"]


class ThemeInline(ReadOnlyInline):
    model = AgreementTheme
    fields = ["theme"]
    related = ["theme"]


class WorkLocationInline(ReadOnlyInline):
    model = WorkLocation
    fields = ["region"]
    related = ["region"]


class CommitmentInline(ReadOnlyInline):
    model = Commitment
    fields = ["position", "text", "owed_by", "owed_to", "indicator", "target", "due", "owner"]
    related = ["owed_by__organization", "owed_to__organization", "indicator", "owner"]


class FactInline(ReadOnlyInline):
    model = SourcedFact
    fields = ["field", "value", "source", "certainty", "in_force", "flag"]


class StatusChangeInline(ReadOnlyInline):
    model = StatusChange
    fields = ["new", "effective_on", "by", "reason", "recorded_at"]
    related = ["by"]


class ClassFilter(admin.SimpleListFilter):
    title = _("partner class")
    parameter_name = "class"

    def lookups(self, request, model_admin):
        return PartnerClass.choices

    def queryset(self, request, queryset):
        return queryset.with_counterpart_of(self.value()) if self.value() else queryset


class ThemeFilter(admin.SimpleListFilter):
    title = _("theme")
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return [(theme.slug, str(theme)) for theme in Theme.objects.all()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.about(Theme.objects.filter(slug=self.value()))


class PaperList(RowList):
    """A page of papers; what only its lines need is not asked for by the counts of the filters."""

    def get_results(self, request):
        self.queryset = self.queryset.with_validity().with_parties()
        super().get_results(request)


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    section = Section.RECORDS
    decisions = [MOVE, PUBLISH, UNPUBLISH]
    history_parts = [
        (model, "agreement")
        for model in (
            Party,
            Signatory,
            Term,
            Addendum,
            ClauseText,
            AgreementTheme,
            WorkLocation,
            Commitment,
            SourcedFact,
        )
    ]
    actions = ["publish_selected", "unpublish_selected"]
    action_form = ActionWithReason
    list_display = ["ref", "name", "kind", "signed_on", "status", "validity_today", "is_public"]
    list_filter = [
        ClassFilter,
        "status",
        "kind",
        filled_or_not("published_at", _("public"), _("public"), _("not public")),
        "certainty",
        ("event", admin.RelatedOnlyFieldListFilter),
        ThemeFilter,
    ]
    search_fields = ["ref"]
    search_help_text = _("Title, partner, number, signatory, theme, region, place")
    date_hierarchy = "signed_latest"
    readonly_fields = ["signed_on", "is_public"]
    fieldsets = [
        (None, {"fields": ["ref", "kind", "title", "status", "signed_on", "place", "event"]}),
        (_("Related papers"), {"fields": ["implements", "renews", "represents"]}),
        (
            _("Record"),
            {
                "fields": [
                    "published_at",
                    "certainty",
                    "external_source",
                    "external_id",
                    "created_by",
                    "created_at",
                    "version",
                ]
            },
        ),
    ]
    inlines = [
        PartyInline,
        SignatoryInline,
        TermInline,
        AddendumInline,
        ThemeInline,
        WorkLocationInline,
        CommitmentInline,
        FactInline,
        StatusChangeInline,
    ]

    def get_queryset(self, request):
        papers = super().get_queryset(request)
        return papers.select_related("event", "implements", "renews", "created_by")

    def get_changelist(self, request, **kwargs):
        return PaperList

    def get_search_results(self, request, queryset, search_term):
        """The same search as on the portal's list."""
        found = queryset.matching(search_term) if search_term.strip() else queryset
        return found, False

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        view = self.admin_site.admin_view(agreement_import.view_of(self))
        return [path("import/", view, name=name), *super().get_urls()]

    def other_links(self, obj):
        if obj is None:
            address = reverse("admin:partnerships_agreement_import")
            return [{"label": _("Import papers"), "url": address}]
        return [
            {
                "label": _("Edit on the portal"),
                "url": reverse("partnerships:agreement-edit", args=[obj.ref]),
            }
        ]

    @admin.display(description=_("title"), ordering="title")
    def name(self, paper):
        return paper.display_title

    @admin.display(description=Status.SIGNED.label, ordering="signed_latest")
    def signed_on(self, paper):
        return paper.signed or self.get_empty_value_display()

    @admin.display(description=_("validity"))
    def validity_today(self, paper):
        return Validity(paper.validity).label

    @admin.display(description=_("public"), ordering="published_at")
    def is_public(self, paper):
        return _("yes") if paper.published_at else self.get_empty_value_display()

    @admin.action(description=_("Make public"), permissions=["view"])
    def publish_selected(self, request, queryset):
        self._publish(request, queryset, public=True)

    @admin.action(description=_("Take back from the public"), permissions=["view"])
    def unpublish_selected(self, request, queryset):
        self._publish(request, queryset, public=False)

    def _publish(self, request, papers, *, public):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, _("Give a reason beside the action: it stays in the history."))
            return
        try:
            with transaction.atomic():
                done = [
                    agreements.publish(agreement=paper, by=request.user, public=public, reason=reason)
                    for paper in papers
                    if bool(paper.published_at) != public
                ]
        except (ValidationError, PermissionDenied) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
            return
        messages.success(request, ngettext("%d paper changed.", "%d papers changed.", len(done)) % len(done))
