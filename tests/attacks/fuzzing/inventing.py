"""A request from a lot: somebody, an address, and what is wrong with it."""

from dataclasses import dataclass, field
from urllib.parse import quote

from django.urls import reverse

from tests.attacks.fuzzing import values
from tests.attacks.fuzzing.values import quoted

_KINDS = {"form": 40, "query": 25, "path": 10, "body": 8, "method": 5, "header": 12}

# To everybody but the administrators the administration is not there, so that others ask less of it.
_IN_THE_ADMIN = 0.25
_ON_EVERY_PAGE = {reverse("set_language"), reverse("account_logout")}


@dataclass
class Asked:
    """A request: who asks (a name of the people, None for nobody), and everything that is sent."""

    who: str | None
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = ""
    headers: dict = field(default_factory=dict)
    cookie: str = ""

    def __str__(self):
        """Nearly the command that asks it again."""
        sent = [f"-H {name}:{value[:90]!r}" for name, value in self.headers.items()]
        sent += [f"-b {self.cookie[:90]!r}"] if self.cookie else []
        sent += (
            [f"-H content-type:{self.content_type!r} --data-binary {self.body[:900]!r}"] if self.body else []
        )
        query = f"?{self.query[:900]}" if self.query else ""
        return f"{self.who or 'nobody'}: curl -X {self.method} {' '.join(sent)} '{self.path[:300]}{query}'"


def invented(lot, people, addresses, page_of):
    """The request that falls to this lot (random.Random).

    ``people`` says how often each of them asks, ``page_of`` gives somebody's page of an address, or None.
    """
    address = lot.choice(addresses["admin" if lot.random() < _IN_THE_ADMIN else "portal"])
    who = (
        "admin"
        if address.startswith("/admin/") and lot.random() < 0.8
        else lot.choices(list(people), people.values())[0]
    )
    asked = Asked(who, "GET", address)
    kind = lot.choices(list(_KINDS), list(_KINDS.values()))[0]
    return _WAYS[kind](lot, asked, page_of)


def _in_a_form(lot, asked, page_of):
    page = page_of(asked.who, asked.path)
    forms = [form for form in page.forms if form.action not in _ON_EVERY_PAGE] if page else []
    if not forms:
        return _in_the_query(lot, asked, page_of) if lot.random() < 0.7 else _sent_blindly(lot, asked)
    form = lot.choice(forms)
    fields = [(name.encode(), value.encode()) for name, value in form.fields]
    if form.buttons and lot.random() < 0.8:
        name, value = lot.choice(form.buttons)
        fields.append((name.encode(), value.encode()))
    fields = _spoilt(lot, fields)
    asked.path = form.action
    if form.method == "GET":
        asked.query = _encoded(fields)
        return asked
    asked.method = "POST"
    if form.files or lot.random() < 0.1:
        names = [*form.files, *(["import_file"] if lot.random() < 0.1 else [])]
        asked.content_type, asked.body = _multipart(lot, fields, names)
    else:
        asked.content_type, asked.body = "application/x-www-form-urlencoded", _encoded(fields).encode()
    return asked


def _spoilt(lot, fields):
    """The fields with one to four things wrong."""
    fields = list(fields)
    for _each in range(lot.choice([1, 1, 2, 4])):
        what = lot.random()
        if not fields or what < 0.1:
            fields.append((lot.choice(values.NAMES), _value(lot)))
            continue
        place = lot.randrange(len(fields))
        name, value = fields[place]
        if what < 0.7:
            fields[place] = (name, _value(lot))
        elif what < 0.78:
            del fields[place]
        elif what < 0.86:
            fields.insert(lot.randrange(len(fields) + 1), (name, _value(lot)))
        elif what < 0.92:
            fields[place] = (name, value + _value(lot))
        else:
            # The values of two fields change places.
            other = lot.randrange(len(fields))
            fields[place], fields[other] = (name, fields[other][1]), (fields[other][0], value)
    return fields


def _value(lot):
    """Mostly what passes the door: what does not is refused before any page sees it."""
    return lot.choice(values.ODD if lot.random() < 0.85 else values.VALUES)


def _encoded(fields):
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields)


def _multipart(lot, fields, names):
    mark = "".join(lot.choices("abcdef", k=12)).encode()
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (mark, name, value)
        for name, value in fields
    ]
    for name in names:
        for _file in range(lot.choice([1, 1, 1, 2, 7])):
            heading = b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
            heading += b"Content-Type: %s\r\n\r\n"
            said = lot.choice(values.FILE_NAMES).encode(), lot.choice(values.FILE_TYPES).encode()
            parts.append(heading % (mark, name.encode(), *said) + lot.choice(values.FILES) + b"\r\n")
    return f"multipart/form-data; boundary={mark.decode()}", b"".join(parts) + b"--%s--\r\n" % mark


def _sent_blindly(lot, asked):
    asked.method, asked.content_type = "POST", "application/x-www-form-urlencoded"
    names = lot.sample(values.NAMES, 4)
    asked.body = _encoded([(name, _value(lot)) for name in names]).encode()
    return asked


def _in_the_query(lot, asked, page_of):
    page = page_of(asked.who, asked.path) if lot.random() < 0.5 else None
    known = [
        (name.encode(), value.encode())
        for name, all_ in (page.parameters if page else {}).items()
        for value in sorted(all_)
    ]
    fields = lot.sample(known, min(len(known), lot.choice([0, 1, 3])))
    fields += [(lot.choice(values.NAMES), _value(lot)) for _each in range(lot.choice([1, 1, 2]))]
    asked.query = _encoded(_spoilt(lot, fields))
    if lot.random() < 0.05:
        asked.query = lot.choice(["%", "%zz", "&&&=", "a=%u0041", "?" * 900, "q=\xff", ";" * 900])
    return asked


def _in_the_path(lot, asked, _page_of):
    parts = asked.path.split("/")
    places = [place for place, part in enumerate(parts) if part] or [0]
    place = lot.choice(places)
    raw = _value(lot)[:2_000]
    parts[place] = quote(raw, safe="") if lot.random() < 0.8 else parts[place] + quote(raw, safe="/.")
    asked.path = "/".join(parts) or "/"
    if lot.random() < 0.3:
        asked.method = "POST"
    return asked


def _in_the_body(lot, asked, _page_of):
    asked.method = lot.choice(["POST", "POST", "POST", "GET", "PUT"])
    asked.content_type, asked.body = lot.choice(values.BODIES)
    return asked


def _by_another_method(lot, asked, _page_of):
    asked.method = lot.choice(values.METHODS)
    return asked


def _in_a_header(lot, asked, _page_of):
    for name in lot.sample(sorted(values.HEADERS), lot.choice([1, 1, 3])):
        asked.headers[name] = lot.choice(values.HEADERS[name])
    if lot.random() < 0.3:
        asked.cookie = lot.choice(values.COOKIES)
    if lot.random() < 0.2:
        asked.method = "POST"
    return asked


_WAYS = {
    "form": _in_a_form,
    "query": _in_the_query,
    "path": _in_the_path,
    "body": _in_the_body,
    "method": _by_another_method,
    "header": _in_a_header,
}
