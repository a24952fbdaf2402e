"""What the portal owes and does in the background: messages and the worker's tasks."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from kemnaker_portal.administration.decisions import Confirmation, Decision
from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.actions import postings
from partnerships.models import OutboxMessage

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
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter), "attempts"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__email", "recipient__name", "problem"]
    date_hierarchy = "written_at"
    ordering = ["-written_at"]


@admin.register(DBTaskResult)
class TaskAdmin(ReadOnlyAdmin):
    """The worker's queue; a task that stands at “running” for long belonged to a worker that died."""

    section = Section.OPERATION
    list_display = ["task_path", "status", "enqueued_at", "run_after", "started_at", "finished_at"]
    list_filter = ["status", "task_path"]
    search_fields = ["id", "task_path", "exception_class_path"]
    date_hierarchy = "enqueued_at"
    ordering = ["-enqueued_at"]
    fields = [*list_display, "exception_class_path", "traceback"]
