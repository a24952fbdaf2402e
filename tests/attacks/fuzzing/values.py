"""What a field, a parameter, a header or a body holds that was made to break something."""

import zipfile
from io import BytesIO
from urllib.parse import quote_from_bytes

# Raw bytes, because much of it is no text.
_TYPES = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "007",
        "+5",
        "1.5",
        "1,5",
        "1.000",
        "1e400",
        "-1e400",
        "1e9",
        "NaN",
        "Infinity",
    ),
    *("9" * 9, "9" * 10, "9" * 19, "9" * 40, "-" + "9" * 19, "2147483648", "9223372036854775808", "0x10"),
    *("true", "false", "None", "null", "undefined", "[]", "{}", "[1,2]", '{"a":1}', "on", "[object Object]"),
]
_DAYS = [
    *("2025-02-30", "30 Februari 2025", "2025-13-01", "0000-00-00", "0001-01-01", "9999-12-31", "1944-12-31"),
    *("2101-01-01", "2024-02-29", "2025-02-29", "20250320", "2025", "2025-03", "2025-3-1", "99999-01-01"),
    *("2025-03-20T10:00:00", "20/03/2025", "Senin, 20 Maret 2025", "-2025-01-01", "2025-W12-4", "now"),
]
_TEXTS = [
    *("٢٠٢٥", "２０２５", "२०२५-०३-२०", "²", "½", "Ⅷ", "１２３", "𝟙𝟚", "۱۲.۰۹"),
    *(
        "Asa\u200bhan",
        "\u202eexe.fdp",
        "\u2066x\u2069",
        "\ufeffx",
        "ﬁ",
        "Ａｓａｈａｎ",
        "\u3164",
        "\u2028",
        "\u00ad",
    ),
    *("a\u0301" * 40, "Z\u0351\u036b\u0343" * 60, "👩‍👩‍👧‍👦" * 20, "𐍈", "\ue000", "İıſß", "ﷺ" * 90),
    *(
        "'",
        '"',
        "\\",
        "%",
        "%%",
        "_",
        ";",
        "--",
        "/*",
        "`",
        "$",
        "|",
        "&",
        "\t",
        "\r\n",
        "\n" * 50,
        "a\r\nX: y",
    ),
    *(
        "' OR 1=1 --",
        "'; SELECT pg_sleep(9); --",
        "1) OR (1=1",
        "\\'; DROP TABLE x; --",
        "' || pg_sleep(9) || '",
    ),
    *("{{7*7}}", "{% debug %}", "{0.__class__}", "%(x)s", "%s%s%s%n", "${7*7}", "#{7*7}", "{}", "{", "%d"),
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "<![CDATA[",
        "&#0;",
    ),
    *(
        "../../etc/passwd",
        "..\\..\\x",
        "/dev/null",
        "file:///etc/passwd",
        "//evil.example",
        "https:evil.example",
    ),
    *(
        "=1+1",
        "@SUM(1)",
        "+1",
        "-1",
        "\t=1",
        "*",
        "**",
        "a:*",
        "a & b",
        "!",
        "a <-> b",
        "(",
        ")",
        "(((",
        "[a-",
        ".*",
    ),
    *(
        "(a+)+$",
        "KS-2025-0001",
        "KS-9999-9999",
        "ks-2025-0001",
        "KS-2025-0001 KS-2025-0001",
        "12.09",
        "99.99",
    ),
    *(
        "__all__",
        "__class__",
        "pk",
        "id__gt",
        "password",
        "title__regex",
        "-",
        ",",
        ",,",
        "title,title",
        "-title",
    ),
    *(
        "x@y",
        "a@b.c",
        "a" * 64 + "@b.example",
        '"a b"@c.example',
        "a@b.example\r\nBcc: c@d.example",
        "a@[127.0.0.1]",
    ),
    *(
        "00000000-0000-0000-0000-000000000000",
        "{00000000-0000-0000-0000-000000000000}",
        "not-a-uuid",
        "0" * 32,
    ),
]
_LONG = [
    "a" * 300,
    "a" * 5_000,
    "é" * 20_000,
    "1" * 5_000,
    "a " * 9_000,
    "[" * 9_000,
    "('" * 4_000,
    "\u0301" * 9_000,
]
_NO_TEXT = [
    b"\x00",
    b"a\x00b",
    b"\x01",
    b"\x1b[31m",
    b"\x7f",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf5",
    b"\xc3",
]

ODD = [text.encode() for text in (*_TYPES, *_DAYS, *_TEXTS)]
HUGE = [text.encode() for text in _LONG]
VALUES = [*ODD, *HUGE, *_NO_TEXT]

NAMES = [
    *(
        b"q",
        b"page",
        b"size",
        b"sort",
        b"columns",
        b"class",
        b"theme",
        b"region",
        b"on",
        b"view",
        b"status",
        b"ask",
    ),
    *(
        b"next",
        b"ref",
        b"kind",
        b"year",
        b"by",
        b"measure",
        b"only",
        b"e",
        b"p",
        b"o",
        b"all",
        b"_popup",
        b"_to_field",
    ),
    *(
        b"_changelist_filters",
        b"id__exact",
        b"title__regex",
        b"user__password__startswith",
        b"csrfmiddlewaretoken",
    ),
    *(
        b"",
        b"q[]",
        b"q[a]",
        b"\x00",
        b"\xff",
        b"a" * 3_000,
        b"__proto__",
        b"version",
        b"is_superuser",
        b"verified_by",
    ),
]

METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND", "GETT", "get"]

HEADERS = {
    "accept": ["application/json", "*/*;q=" + "9" * 400, ",".join(["text/html"] * 3_000), "\xff", "text/csv"],
    "accept-language": ["en-" + "x" * 90_000, "id;q=1e400", ",".join(["xx"] * 9_000), "*"],
    "hx-request": ["true", "false", "\xff"],
    "hx-current-url": ["%00", "javascript:1", "http://[", "\xff", "a" * 9_000],
    "hx-target": ["x", "%00", "'"],
    "hx-trigger": ["{", "'"],
    "range": [
        "bytes=0-0",
        "bytes=-1",
        "bytes=9-1",
        "bytes=0-" + "9" * 40,
        "bytes=" + "0-0," * 2_000,
        "lines=1",
    ],
    "if-modified-since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 9999 99:99:99 GMT"],
    "if-none-match": ["*", '"', 'W/"x"', '"a",' * 2_000],
    "if-match": ["*", '"x"'],
    "host": ["evil.example", "127.0.0.1:99999", "[::1", "localhost@evil.example", "a" * 3_000],
    "x-forwarded-host": ["evil.example"],
    "x-forwarded-for": ["127.0.0.1", "not an address", "::1", "1.2.3.4, " * 900],
    "x-forwarded-proto": ["https", "gopher"],
    "x-http-method-override": ["DELETE"],
    "x-requested-with": ["XMLHttpRequest"],
    "user-agent": ["", "a" * 9_000, "{{7*7}}", "\xff\xfe"],
    "referer": ["http://[", "//", "a" * 9_000, "https://evil.example/"],
    "origin": ["null", "https://evil.example", "http://["],
    "content-length": ["0", "-1", "9" * 30, "x"],
    "expect": ["100-continue"],
    "x-request-id": ["\xff", "a" * 9_000],
}

COOKIES = [
    "sessionid=x",
    'sessionid="abcdefgh\\000ijkl"',
    "sessionid=" + "a" * 9_000,
    "sessionid=\xff\xfe\xff\xfe\xff",
    "csrftoken=x; csrftoken=y",
    "django_language=../../etc",
    'django_language="\\000"',
    "messages=W10:x:y; messages=[[[[",
    "=; ;;; =x; a",
    "; ".join(f"c{n}={n}" for n in range(2_000)),
]


def _office_file():
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"
        )
        archive.writestr("../../evil", "x")
    return target.getvalue()


FILES = [
    b"",
    b"\x00",
    b"%PDF-1.7\n%%EOF",
    b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>",
    b"<html><script>alert(1)</script>",
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    b"MZ\x90\x00" + b"\x00" * 900,
    b"\x89PNG\r\n\x1a\n" + b"\xff" * 900,
    b"\xff\xd8\xff\xe0" + b"\x00" * 900,
    b"id;title\n1;\x00\n2;\xff\xfe\n",
    b"slug,name,name_en\n=1+1,\xe2\x80\x8b,x\n",
    b'"' * 9_000,
    b";" * 90_000,
    _office_file(),
]
FILE_NAMES = [
    *(
        "a.pdf",
        "a.csv",
        "a.xlsx",
        "../../a.pdf",
        "a.pdf.exe",
        "\u202efdp.exe",
        "CON",
        "a" * 400 + ".pdf",
        "",
        ".",
    ),
    *('a"b\r\nX-Y: z.pdf', "%00.pdf", "naskah perjanjian.PDF", "\u3164", "a\\b.jpg"),
]
FILE_TYPES = ["application/pdf", "text/html", "image/png", "x", "", "text/csv; charset=rot13", "a/b/c"]


def quoted(raw):
    """Raw bytes as they stand in a query or in an encoded form."""
    return quote_from_bytes(raw, safe="")


BODIES = [
    ("application/json", b'{"a": 1}'),
    ("application/json", b"[" * 100_000),
    ("application/json", b"\xff\xfe"),
    ("text/plain", b"csrfmiddlewaretoken=x&a=b"),
    ("application/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    ("", b"a=b"),
    ("multipart/form-data", b"--x\r\n\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=x", b""),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    ("multipart/form-data; boundary=x", b"--x\r\n" * 5_000),
    (
        "multipart/form-data; boundary=x; charset=rot13",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--",
    ),
    (
        "multipart/form-data; boundary=x; charset=utf-16",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--",
    ),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--",
    ),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename*=rot13''b\r\n\r\nb\r\n--x--",
    ),
    ("multipart/form-data; boundary=" + "x" * 900, b"--x--"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=b"),
    ("application/x-www-form-urlencoded; charset=rot13", b"a=b"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=b" % n for n in range(3_000))),
    ("application/x-www-form-urlencoded", b"a=%ff%fe&b=%00"),
    ("application/x-www-form-urlencoded", b"a=" + b"b" * 3_000_000),
    ("application/x-www-form-urlencoded", b"=&=&&;;=%"),
]
