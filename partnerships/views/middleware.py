"""What happens to every request because of what the portal is about."""

from partnerships.register.index import one_look

_READS = {"GET", "HEAD"}


def one_look_at_the_register(get_response):
    """Every number of a page is of one state of the register, which is looked up once."""

    def answer(request):
        if request.method not in _READS:
            return get_response(request)
        with one_look():
            return get_response(request)

    return answer
