from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.selectors import vocabulary
from partnerships.selectors.front import FrontPage


@require_safe
def home(request):
    """Where the reader stands: figures over the own papers, the latest events and papers."""
    return render(request, "partnerships/home.html", {"front": FrontPage(request.user)})


@require_safe
def help_page(request):
    """What the portal is, who may do what, which word means what, and whom to ask."""
    return render(
        request,
        "partnerships/help.html",
        {"rights": vocabulary.rights_by_role(), "classes": vocabulary.kinds_by_class()},
    )


@require_safe
def gallery(request):
    """Every component in each of its states, for those who build pages; with DEBUG only."""
    return render(request, "gallery.html")
