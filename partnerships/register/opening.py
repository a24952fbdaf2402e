"""A list opened by one of its saved views, or by the default one."""

from types import SimpleNamespace

from django.utils.translation import gettext

from partnerships.models import SavedView

# The codes in an address that ask for every row, whatever view opens with the list.
EVERYTHING = ("0", "semua")
_LONGEST_NUMBER = 18


def opened(listing, params):
    """(what is asked, the view it comes from or None, what was wrong).

    What stands beside ``view`` in the address takes the place of the same parameter of the view.
    """
    if "view" not in params:
        return params, None, []
    beside = params.copy()
    asked = beside.pop("view")[-1]
    if asked in EVERYTHING:
        return beside, None, []
    view = _view(listing, asked)
    if view is None:
        said = gettext("“%(view)s” is not a view of this list that you have; the list goes on without it.")
        return beside, None, [said % {"view": asked[:60]}]
    question = _still_known(listing, view.question)
    for name, values in beside.lists():
        question.setlist(name, values)
    return question, view, []


def _view(listing, asked):
    if not (asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_NUMBER):
        return None
    views = SavedView.objects.visible_to(listing.user).of(listing.list_name)
    return views.filter(pk=int(asked)).first()


def _still_known(listing, question):
    """The question without filters, columns and orders that the list has no longer: a view outlives them.

    A value that its filter does not know stays, and is told of like one in an address.
    """
    for name in list(question):
        if name not in listing.filter_class.base_filters and name not in {"sort", "size", "columns"}:
            del question[name]
    if "columns" in question:
        codes = ",".join(question.getlist("columns")).split(",")
        question["columns"] = ",".join(code for code in codes if code in listing.all_columns)
    if question.get("sort", "").removeprefix("-") not in listing.all_columns:
        question.pop("sort", None)
    return question


def in_words(listing, views, user):
    """{view: [(filter, its values)]} of views of one kind of list, as this reader may know the values;
    as many queries for many views as for one."""
    filters = listing.filter_class.base_filters
    asked = {view: _still_known(listing, view.question) for view in views}
    names = {
        name: _names(each, {code for question in asked.values() for code in question.getlist(name)}, user)
        for name, each in filters.items()
    }
    return {
        view: [
            (str(filters[name].label), ", ".join(names[name].get(code, code) for code in codes))
            for name, codes in question.lists()
            if name in filters
        ]
        for view, question in asked.items()
    }


def _names(each, codes, user):
    """{code: what it is called}; a reference, a day and a search are called as they are written."""
    if choices := each.extra.get("choices"):
        return {code: str(label) for code, label in choices}
    field = each.extra.get("to_field_name")
    if not codes or field in {None, "ref"}:
        return {}
    rows = each.extra["queryset"](SimpleNamespace(user=user)).filter(**{f"{field}__in": codes})
    return {getattr(row, field): str(row) for row in rows}
