"""One human being, whatever the portal knows them by: a person of papers, an account, an e-mail address."""

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from django.db.models import Min, Q

from accounts.models import User
from partnerships.models import ConfirmationRequest, Party, Person, Restriction
from partnerships.models.privacy import ERASED, NOWHERE, RESTRICTED

_KEY = re.compile(r"(person|user):([1-9][0-9]{0,17})")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d")
# Where a word may begin that stands in an address of a page ("%20Budi") or in JSON ("\nBudi").
_BEGINS = r"(?:\m|(?<=%[0-9A-Fa-f]{2}|\\[nrt]))"
_BETWEEN = r"(?:\s|\\[nrt]|\+|%20)+"


class NotFound(Exception):
    """Nobody of that name, key or address is known."""


class Several(Exception):
    """More than one is meant; ``keys`` are theirs, each with its words."""

    def __init__(self, keys):
        super().__init__(", ".join(f"{key} ({words})" for key, words in keys.items()))
        self.keys = keys


@dataclass(frozen=True)
class Subject:
    """Somebody, by the keys of their records, and all that they are or were called there."""

    people: tuple = ()
    users: tuple = ()
    names: tuple = ()
    addresses: tuple = ()
    phones: tuple = ()
    # An address that was asked for and belongs to no account.
    asked: tuple = field(default=())

    @property
    def keys(self):
        keys = [f"person:{pk}" for pk in self.people] + [f"user:{pk}" for pk in self.users]
        return [*keys, *(f"address:{address}" for address in self.asked)]

    @property
    def digests(self):
        """What tells, in an older backup too, that a record was theirs (``Erasure``)."""
        return [digest_of(key, _began(key)) for key in self.keys]

    @property
    def sure_names(self):
        """The names that can be nobody else's: of two words at least, and of no other record."""
        return tuple(name for name in self.names if " " in name and not self._is_shared(name))

    def _is_shared(self, name):
        return (
            Person.objects.filter(name__iexact=name).exclude(pk__in=self.people).exists()
            or User.objects.filter(name__iexact=name).exclude(pk__in=self.users).exists()
        )

    def pattern_of_names(self, names=None):
        """The names as a regular expression of PostgreSQL, written plainly, in JSON or in an address."""
        return _any_of(_name_pattern(name) for name in (self.names if names is None else names))

    @property
    def pattern_of_ways(self):
        """The e-mail addresses and telephone numbers, in the same way."""
        phones = [r"\+?" + r"[\s().-]*".join(re.sub(r"\D", "", phone)) for phone in self.phones]
        addresses = [rf"(?<![\w.+-]){_escaped(each).replace('@', '(?:@|%40)')}" for each in self.addresses]
        return _any_of([*(rf"{each}(?![\w-])" for each in addresses), *(rf"{each}(?!\d)" for each in phones)])


def find(*words):
    """The one human being whom these mean together: keys (person:12, user:7), e-mail addresses or names.

    Raises NotFound, and Several for a name that more than one record has.
    """
    people, users, asked = set(), set(), set()
    for word in words:
        if key := _KEY.fullmatch(word):
            (people if key[1] == "person" else users).add(int(key[2]))
        elif "@" in word:
            _add_reached(word.lower(), people, users, asked)
        else:
            _add_named(word, people, users)
    return _known(sorted(people), sorted(users), sorted(asked))


def digest_of(key, began):
    """SHA-256 of the kind of a record, its key, and the moment of its first event, if it has any."""
    moment = began.astimezone(datetime.UTC).isoformat() if began else ""
    return hashlib.sha256(f"{key}@{moment}".encode()).hexdigest()


def all_by_digest():
    """The key of everybody in the records, by the digest that an ``Erasure`` would have."""
    found = {}
    for kind, model in (("person", Person), ("user", User)):
        began = dict(
            model.pgh_event_model.objects.order_by().values_list("pgh_obj_id").annotate(Min("pgh_created_at"))
        )
        for pk in model.objects.values_list("pk", flat=True):
            key = f"{kind}:{pk}"
            found[digest_of(key, began.get(pk))] = key
    for address in ConfirmationRequest.objects.order_by().values_list("email", flat=True).distinct():
        found[digest_of(f"address:{address.lower()}", None)] = address
    return found


def phones_in(text):
    return _PHONE.findall(_ADDRESS.sub(" ", text))


def addresses_in(text):
    return _ADDRESS.findall(text)


def _add_reached(address, people, users, asked):
    users_found = User.objects.filter(email__iexact=address).values_list("pk", flat=True)
    contacts = Party.objects.filter(contact_details__icontains=address).values_list("contact", flat=True)
    people.update(filter(None, contacts))
    users.update(users_found)
    if not users_found and not people:
        asked.add(address)


def _add_named(name, people, users):
    named = {f"person:{each.pk}": str(each) for each in Person.objects.called(name)}
    named |= {f"user:{each.pk}": str(each) for each in User.objects.filter(name__iexact=name)}
    if not named:
        raise NotFound(name)
    if len(named) > 1:
        raise Several(named)
    kind, _colon, pk = next(iter(named)).partition(":")
    (people if kind == "person" else users).add(int(pk))


def _known(people, users, asked):
    if missing := set(people) - set(Person.objects.filter(pk__in=people).values_list("pk", flat=True)):
        raise NotFound(f"person:{min(missing)}")
    if missing := set(users) - set(User.objects.filter(pk__in=users).values_list("pk", flat=True)):
        raise NotFound(f"user:{min(missing)}")
    names, addresses, phones = set(), set(asked), set()
    for model, keys in ((Person, people), (User, users)):
        names |= set(model.objects.filter(pk__in=keys).values_list("name", flat=True))
        names |= set(model.pgh_event_model.objects.filter(pgh_obj_id__in=keys).values_list("name", flat=True))
    for model, mine in ((User, Q(pk__in=users)), (User.pgh_event_model, Q(pgh_obj_id__in=users))):
        addresses |= set(model.objects.filter(mine).values_list("email", flat=True))
    details = set()
    for model in (Party, Party.pgh_event_model):
        details |= set(model.objects.filter(contact__in=people).values_list("contact_details", flat=True))
    for _table, _pk, column, value in _withheld(people, users):
        if column == "name":
            names.add(value)
        elif column in {"email", "contact_details"}:
            details.add(value)
    for text in details:
        addresses.update(addresses_in(text))
        phones.update(phones_in(text))
    asked_by_mail = ConfirmationRequest.objects.filter(email__in=[each.lower() for each in addresses])
    names |= set(asked_by_mail.values_list("name", flat=True))
    for name in [each for each in names if " " in each]:
        mails = ConfirmationRequest.objects.filter(name__iexact=name).values_list("email", flat=True)
        addresses.update(mails)
    if asked and not names:
        raise NotFound(", ".join(asked))
    return Subject(
        people=tuple(people),
        users=tuple(users),
        names=tuple(sorted(name for name in names if name not in {"", ERASED, RESTRICTED})),
        addresses=tuple(sorted({each.lower() for each in addresses if not each.endswith(NOWHERE)})),
        phones=tuple(sorted(phones)),
        asked=tuple(asked),
    )


def _withheld(people, users):
    rows = Restriction.objects.filter(Q(person__in=people) | Q(user__in=users))
    return [each for held in rows.values_list("held", flat=True) for each in held]


def _began(key):
    kind, _colon, pk = key.partition(":")
    if kind == "address":
        return None
    events = (Person if kind == "person" else User).pgh_event_model.objects
    return events.filter(pgh_obj_id=pk).aggregate(began=Min("pgh_created_at"))["began"]


def _name_pattern(name):
    words = [_word_pattern(word) for word in name.split()]
    end = r"\M" if name[-1:].isalnum() else ""
    return (_BEGINS if name[:1].isalnum() else "") + _BETWEEN.join(words) + end


def _word_pattern(word):
    written = {_escaped(word), _escaped(quote(word, safe=""))}
    return f"(?:{'|'.join(sorted(written))})" if len(written) > 1 else written.pop()


def _escaped(text):
    return re.sub(r"([^\w\s@])", r"\\\1", text)


def _any_of(patterns):
    """Patterns as one; for none of them one that nothing fits."""
    return "|".join(f"(?:{each})" for each in patterns) or r"x(?<!x)"
