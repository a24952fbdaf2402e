"""Saved views of the lists: kept, renamed, shared with a role, opened with the list, let go of."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships.actions import guard, refusals
from partnerships.models import SavedView
from partnerships.permissions import Action, check

MOST_VIEWS = 50
LONGEST_QUESTION = 4_000

_SENTENCES = {
    "saved_view_once_by_name": _("You have a view of that name already. Choose another name."),
}


@dataclass(frozen=True)
class ViewRecord:
    """What its owner says of a view. ``shared_with`` is a role, or empty for nobody."""

    name: str
    shared_with: str = ""
    is_default: bool = False


def save(*, name_of_list, query, record, by, key=None):
    """Keep a question to a list (its query as the list writes it) under a name.

    The same ``key`` twice gives the same view. Raises ValidationError with a sentence, PermissionDenied
    for sharing by who may not.
    """
    with _decision(by, "view.save"):
        if key and (already := _already_saved(key, by)):
            return already
        own = SavedView.objects.of(name_of_list).filter(owner=by)
        if own.count() >= MOST_VIEWS:
            raise ValidationError(
                _("You have %(most)s views of this list. Delete one that you no longer need."),
                code="too_many",
                params={"most": MOST_VIEWS},
            )
        _check_length(query)
        view = SavedView(owner=by, list=name_of_list, query=query, entry_key=key)
        _write(view, record, by)
        view.save(force_insert=True)
        return view


def change(*, view, record, version, by):
    """Rename a view, share it, or let the list open with it. Raises StaleVersion."""
    with _decision(by, "view.change"):
        view = _held(view, by, version)
        _write(view, record, by)
        view.version += 1
        view.save()
        return view


def ask_anew(*, view, query, version, by):
    """Give a view the question that is asked now. Raises StaleVersion."""
    with _decision(by, "view.change"):
        _check_length(query)
        view = _held(view, by, version)
        view.query = query
        view.version += 1
        view.save()
        return view


def delete(*, view, version, by):
    """Let go of a view, for everybody it is shared with too; its history stays. Raises StaleVersion."""
    with _decision(by, "view.delete"):
        _held(view, by, version).delete()


@contextmanager
def _decision(by, action):
    with refusals.in_words(_SENTENCES), transaction.atomic(), guard.history(by, action):
        # One step of a person at a time: which view is the default is decided over all of them.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
        yield


def _held(view, by, version):
    # Nobody changes another's view: to everybody else it does not exist here.
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk, owner=by)
    guard.check_version(view, version)
    return view


def _already_saved(key, by):
    guard.wait_for_the_first(key)
    return SavedView.objects.filter(entry_key=key, owner=by).first()


def _write(view, record, by):
    view.name = " ".join(record.name.split())
    if not view.name:
        raise ValidationError(_("A view needs a name."), code="name")
    if record.shared_with and record.shared_with != view.shared_with:
        check(by, Action.SHARE_VIEW)
    view.shared_with = record.shared_with
    view.is_default = record.is_default
    if record.is_default:
        others = SavedView.objects.of(view.list).filter(owner=by, is_default=True).exclude(pk=view.pk)
        for other in others:
            other.is_default = False
            other.version += 1
            other.save(update_fields=["is_default", "version"])


def _check_length(query):
    if len(query) > LONGEST_QUESTION:
        raise ValidationError(
            _("This question is too long to be kept. Use filters instead of a selection of papers."),
            code="too_long",
        )
