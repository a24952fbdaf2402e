"""What happens to every request, whatever it asks for."""

import re
import secrets

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import Error
from django.http import UnreadablePostError
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from kemnaker_portal import replicas
from kemnaker_portal.readers import reading_for

# Tab, line feed and carriage return are typed by people; every other control character is not,
# and PostgreSQL refuses NUL in text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

# Nobody types it, and Python itself refuses to read longer ones.
_LONG_NUMBER = re.compile(r"\d{1000}")
_BRACKETS, _OPENED, _DEEPEST = re.compile(r"[\[\]{}]"), ("[", "{"), 32

_UNUSED = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


_READS = {"GET", "HEAD", "OPTIONS"}
_LAST_WRITE = "__Host-last-write" if settings.HTTPS else "last-write"


def request_number(get_response):
    """Give each request a number that the error page shows and the log and the report repeat."""

    def middleware(request):
        request.number = secrets.token_hex(6)
        response = get_response(request)
        response["X-Request-Id"] = request.number
        return response

    return middleware


def kept_apart(get_response):
    """Every answer, a file and a refusal at the door too, is the portal's own: no other site may read or
    embed it or is told its whole address, and no page asks for what the portal has no use for."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", _UNUSED)
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        return response

    return middleware


def clean_input(get_response):
    """The one door for text: what is sent with control characters or broken UTF-8 is refused.

    So are numbers of a thousand digits, and JSON so deep that reading it would exhaust the stack.
    """

    def middleware(request):
        claimed = request.encoding
        # Everything sent is read as UTF-8, also by the page that says why it is refused.
        request.encoding = "utf-8"
        if claimed and claimed.lower().replace("_", "-") not in {"utf-8", "utf8"}:
            raise BadRequest("text that is not UTF-8")
        try:
            raw_query = request.META.get("QUERY_STRING", "")
            raw_query.encode("latin-1").decode("utf-8")
            values = [request.path, *_texts(request.GET)]
            if request.method == "POST":
                values += _texts(request.POST)
        except (UnicodeDecodeError, UnicodeEncodeError):
            raise BadRequest("broken UTF-8") from None
        except UnreadablePostError:
            raise BadRequest("broken off") from None
        if any(_CONTROL.search(value) or "\ufffd" in value for value in values):
            raise BadRequest("control character")
        if any(map(_CONTROL.search, request.COOKIES.values())):
            raise BadRequest("control character in a cookie")
        if any(_LONG_NUMBER.search(value) or _is_deep(value) for value in values):
            raise BadRequest("number or JSON without bounds")
        return get_response(request)

    return middleware


def _texts(parameters):
    for name, values in parameters.lists():
        yield name
        yield from values


def _is_deep(value):
    """Whether it looks like JSON and is nested deeper than any that the portal is sent."""
    if len(value) <= _DEEPEST or value.lstrip()[:1] not in _OPENED:
        return False
    depth = 0
    for sign in _BRACKETS.findall(value):
        depth += 1 if sign in _OPENED else -1
        if depth > _DEEPEST:
            return True
    return False


def cookies_of_one_browser(get_response):
    """What sets a cookie is for one browser: a cache that many share may keep it for nobody."""

    def middleware(request):
        response = get_response(request)
        if response.cookies:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


def own_writes(get_response):
    """Let the browser remember how far the database had come when its person last wrote something.

    A page that may be read from a copy of the database asks for ``last_write_of``: a copy that is not yet so
    far does not answer it. The mark is signed and lasts as long as the browser is open.
    """

    def middleware(request):
        if not replicas.is_configured():
            return get_response(request)
        with replicas.writing_noticed() as has_written:
            response = get_response(request)
            if request.method not in _READS or has_written.get():
                _mark(response)
        return response

    return middleware


def _mark(response):
    try:
        position = replicas.position()
    except Error:
        # What could not be asked could not be written to either.
        return
    response.set_signed_cookie(
        _LAST_WRITE, position, salt=_LAST_WRITE, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def last_write_of(request):
    """The position of the database's log by which this browser had last written; none if it never did."""
    position = request.get_signed_cookie(_LAST_WRITE, default=None, salt=_LAST_WRITE)
    return [position] if position else []


def language(get_response):
    """Speak Indonesian unless the reader chose otherwise; the browser's own language is no choice."""
    offered = dict(settings.LANGUAGES)

    def middleware(request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        with translation.override(chosen if chosen in offered else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            patch_vary_headers(response, ["Cookie"])
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    return middleware


def rows_for_the_reader(get_response):
    """The database gives the rows of who asks, and of nobody after that."""

    def middleware(request):
        with reading_for(request.user):
            return get_response(request)

    return middleware


def private_pages(get_response):
    """Nothing that a signed-in reader was shown may stay in a cache."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
