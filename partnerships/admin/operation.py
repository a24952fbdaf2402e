"""What the portal owes and does in the background: messages and the worker's tasks."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult, get_date_max

from kemnaker_portal.administration.decisions import Confirmation, Decision
from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.actions import postings
from partnerships.models import OutboxMessage

_TASK_STATES = {
    "READY": _("waiting"),
    "RUNNING": _("running"),
    "FAILED": _("failed"),
    "SUCCESSFUL": _("succeeded"),
}

send_again = Decision(
    name="send_again",
    label=_("Send again"),
    form=Confirmation,
    explanation=_(
        "The recipient gets the message once more, with a new link if it has one. The worker sends"
        " it within a few seconds."
    ),
    apply=lambda message, answers, by: postings.send_again(message=message, by=by),
    done=_("“%(name)s” is on its way again."),
)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    section = Section.OPERATION
    decisions = [send_again]
    list_display = ["recipient", "kind", "written_at", "sent_at", "attempts", "problem"]
    list_filter = ["kind", filled_or_not("sent_at", _("sent"), _("sent"), _("not sent")), "attempts"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__email", "recipient__name", "problem"]
    date_hierarchy = "written_at"
    ordering = ["-written_at"]


class TaskStateFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return _TASK_STATES.items()

    def queryset(self, request, queryset):
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(DBTaskResult)
class TaskAdmin(ReadOnlyAdmin):
    """The worker's queue; a task that stands at “running” for long belonged to a worker that died."""

    section = Section.OPERATION
    page_name = _("Background tasks")
    list_display = ("task", "state", "put_in", "begun", "done")
    list_filter = [TaskStateFilter]
    search_fields = ["id", "task_path", "exception_class_path"]
    date_hierarchy = "enqueued_at"
    ordering = ["-enqueued_at"]
    fields = (*list_display, "not_before", "problem")
    readonly_fields = fields

    @admin.display(description=_("task"), ordering="task_path")
    def task(self, row):
        return row.task_name

    @admin.display(description=_("status"), ordering="status")
    def state(self, row):
        return _TASK_STATES.get(row.status, row.status)

    @admin.display(description=_("put into the queue"), ordering="enqueued_at")
    def put_in(self, row):
        return row.enqueued_at

    @admin.display(description=_("not before"))
    def not_before(self, row):
        return self.get_empty_value_display() if row.run_after == get_date_max() else row.run_after

    @admin.display(description=_("begun"), ordering="started_at")
    def begun(self, row):
        return row.started_at

    @admin.display(description=_("done"), ordering="finished_at")
    def done(self, row):
        return row.finished_at

    @admin.display(description=_("last problem"))
    def problem(self, row):
        return row.exception_class_path or self.get_empty_value_display()
