"""One look at the register: what a page says in several places, it says of one state of the data."""

from contextlib import contextmanager
from contextvars import ContextVar

_look: ContextVar[dict | None] = ContextVar("look-at-the-register", default=None)


@contextmanager
def one_look():
    """Within this, what has been looked up once is not looked up again. For who only reads."""
    token = _look.set({})
    try:
        yield
    finally:
        _look.reset(token)


def looked_up(what, look_up):
    """What ``look_up`` gives, or gave before in the same look."""
    look = _look.get()
    if look is None:
        return look_up()
    if what not in look:
        look[what] = look_up()
    return look[what]
