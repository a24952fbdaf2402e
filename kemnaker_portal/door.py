"""What is refused before anything reads it: headers that would keep a process busy for seconds."""

# The longest that a browser sends is some 200 bytes. Python reads each of these in the square of its length
# where it is full of quoted semicolons: 60 kB took a second.
_READ_SLOWLY = ("CONTENT_TYPE", "HTTP_ACCEPT")
_LONGEST = 4_000
# Before 3.11.10 it so reads a quoted cookie full of backslashes (CVE-2024-7592): 60 kB took six seconds. The
# portal sets none with any.
_MOST_BACKSLASHES = 100


def bounded(application):
    """The application, which is not asked with such a header."""

    def answer(environ, start_response):
        if not _is_too_much(environ):
            return application(environ, start_response)
        start_response("431 Request Header Fields Too Large", [("Content-Length", "0")])
        return []

    return answer


def _is_too_much(environ):
    if any(len(environ.get(name, "")) > _LONGEST for name in _READ_SLOWLY):
        return True
    return environ.get("HTTP_COOKIE", "").count("\\") > _MOST_BACKSLASHES
