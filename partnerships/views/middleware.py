"""What happens to every request because of what the portal is about."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from partnerships.register.index import one_look
from partnerships.selectors import second_factor

_READS = {"GET", "HEAD"}
# What stays open to who has to set up a second factor: one's own account, and the way out.
_OPEN = ("account_", "mfa_", "usersessions_", "set_language", "healthz")
_SET_UP = "mfa_index"


class SecondFactorFirst:
    """Lead to the page that sets up a second factor who needs one and had the time to.

    ``request.second_factor`` says what is asked of the reader, for the pages that remind of it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.second_factor = SimpleLazyObject(lambda: second_factor.asked_of(request))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_public = not getattr(view, "login_required", True)
        if is_public or request.user.is_anonymous or request.resolver_match.view_name.startswith(_OPEN):
            return None
        if second_factor.may_go_on(request):
            return None
        return HttpResponseClientRedirect(reverse(_SET_UP)) if request.htmx else redirect(_SET_UP)


def one_look_at_the_register(get_response):
    """Every number of a page is of one state of the register, which is looked up once."""

    def answer(request):
        if request.method not in _READS:
            return get_response(request)
        with one_look():
            return get_response(request)

    return answer
