from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.selectors.tasks import TasksPage


@require_safe
def task_list(request):
    """What the reader's office has to do next."""
    return render(request, "partnerships/tasks.html", {"tasks": TasksPage(request.user, request.GET)})
