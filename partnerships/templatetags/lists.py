"""What stands on a page by the hundred, the cells and the options of a list: written in Python, because a
template for each costs more than all the rest of the page."""

import html
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import number_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext

from partnerships.columns import in_words
from partnerships.models import Commitment
from partnerships.templatetags.ledger import commitment_state
from partnerships.templatetags.register import status_badge, validity_state
from partnerships.templatetags.ui import icon

register = template.Library()

_DATES = {"signed", "ends", "next_due", "due"}
_WIDE = {"partner", "theme", "missing", "paper", "obstacle", "next_step", "proof"}


@register.simple_tag
def cells(row, columns):
    """The cells of a line of the register or of the ledger."""
    special = _OF_COMMITMENTS if isinstance(row, Commitment) else _OF_PAPERS
    language = translation.get_language()
    made = [special.get(column.code, _plain)(row, column, language) for column in columns]
    return mark_safe("".join(made))  # noqa: S308 - each cell escapes what it was given


# As django.utils.html.escape, most of whose time goes into keeping for later what is not translated yet.
def _escaped(text):
    return html.escape(str(text))


def _plain(row, column, language):
    value = column.value(row)
    said = _grouped(value, language) if isinstance(value, int) else in_words(value)
    if not said:
        return _unknown(column, language)
    return f"{_opening(column, _look(column), language)}{_escaped(said)}</td>"


# Asked some hundred times for a page, mostly of the same small numbers.
@lru_cache(maxsize=4096)
def _grouped(number, language):
    return number_format(number, force_grouping=True)


# As often as a column is empty.
@lru_cache(maxsize=1024)
def _unknown(column, language):
    label = _escaped(gettext("not known"))
    look = "cell--empty cell--number" if column.number else "cell--empty"
    return f'<td class="{look}"><span class="cell--unknown" aria-label="{label}">–</span></td>'


def _look(column):
    if column.number:
        return "cell--number"
    if column.code in _DATES:
        return "cell--date"
    return "cell--wide" if column.code in _WIDE else ""


def _labelled(column, look, content, language):
    return f"{_opening(column, look, language)}{content}</td>"


# The same for every row of a list.
@lru_cache(maxsize=1024)
def _opening(column, look, language):
    return f'<td class="{look}" data-label="{_escaped(column.label)}">'


def _reference(paper):
    return f'<td class="cell--ref"><a href="{paper.get_absolute_url()}">{_escaped(paper.ref)}</a></td>'


def _title(row, column, language):
    more = ""
    if row.represents > 1 or row.conflict_count:
        more = render_to_string("partnerships/agreement_notes.html", {"agreement": row})
    if hit := getattr(row, "hit", None):
        more += render_to_string("partnerships/agreement_hit.html", {"hit": hit})
    heading = f'<a href="{row.get_absolute_url()}">{_escaped(row.display_title)}</a>'
    return f'<td class="cell--title">{heading}{more}</td>'


def _text(row, column, language):
    marks = ""
    if row.missing_for_measure:
        marks += _badge(gettext("Not yet measurable"), "warn", "ruler")
    if row.demonstration:
        marks += _badge(gettext("Demonstration"), "", "flask-conical")
    marks = marks and f'<span class="cell__marks">{marks}</span>'
    return f'<td class="cell--title"><a href="{row.get_absolute_url()}">{_escaped(row.text)}</a>{marks}</td>'


def _rate(row, column, language):
    rate = column.value(row)
    if rate is None:
        return _unknown(column, language)
    note = ""
    if rate.waiting:
        said = ngettext("%(n)s report waiting", "%(n)s reports waiting", rate.waiting)
        waiting = _grouped(rate.waiting, language)
        note = f'<span class="cell__note">{_escaped(said % {"n": waiting})}</span>'
    return _labelled(column, "cell--number", f"{rate.percent}{note}", language)


_OF_PAPERS = {
    "ref": lambda row, *_: _reference(row),
    "title": _title,
    "validity": lambda row, *column: _state("cell--state", validity_state, row.validity, *column),
    "status": lambda row, *column: _state("", status_badge, row.status_then, *column),
}
_OF_COMMITMENTS = {
    "ref": lambda row, *_: _reference(row.agreement),
    "text": _text,
    "state": lambda row, *column: _state("cell--state", commitment_state, row.state, *column),
    "rate": _rate,
}


def _state(look, looks_of, code, column, language):
    return _labelled(column, look, _badge_of(looks_of, code, language), language)


@lru_cache(maxsize=256)
def _badge_of(looks_of, code, language):
    looks = looks_of(code)
    return _badge(str(looks["text"]), looks["tone"], looks["icon"])


@lru_cache(maxsize=256)
def _badge(text, tone, icon):
    return render_to_string("components/badge.html", {"text": text, "tone": tone, "icon": icon}).strip()


@register.simple_tag
def register_panel(register):
    """The filter panel of the register, which takes as long as its rows: drawn once for a question of a
    reader until something is written."""
    template = "partnerships/agreement_filters.html"
    return register.drawn(template, lambda: render_to_string(template, {"listing": register}))


@register.simple_tag
def drawn_once(shown, template):
    """A piece that takes most of the time of its page, drawn once for a question of a reader until something
    is written; ``shown`` is what it shows, and keeps it."""
    return shown.drawn(template, lambda: render_to_string(template, {"shown": shown}))


@register.simple_tag
def facet_options(options, name, kind="checkbox"):
    """The answers of a facet, each with how many rows it would show. name: the parameter."""
    language = translation.get_language()
    items = [f"<li>{_option(option, name, kind, language)}</li>" for option in options]
    return mark_safe("".join(items))  # noqa: S308 - each option escapes what it was given


@register.simple_tag
def facet_provinces(provinces, opened):
    """The answers of the region facet, each province (register.facets.Province) opening to those below it;
    how what is brought in takes its place is said by the list around them."""
    language = translation.get_language()
    items = [f"<li>{_province(each, opened, language)}</li>" for each in provinces]
    return mark_safe("".join(items))  # noqa: S308 - each option escapes what it was given


def _province(province, opened, language):
    option = _option(province.option, "region", "checkbox", language)
    if not province.number:
        return option
    code = _escaped(province.option.value)
    place = f"facet-region-below-{code}"
    if province.url:
        url = _escaped(province.url)
        way = f'hx-get="{url}" hx-trigger="toggle once" hx-target="this" hx-select="#{place}"'
        inside = f'<a class="facet__open" href="{url}#{place}">{gettext("Show them")}</a>'
    else:
        is_open = code in opened or any(each.chosen for each in province.below)
        way = "open" if is_open else ""
        inside = f'<ul class="facet__options">{facet_options(province.below, "region")}</ul>'
    said = ngettext("%(number)s kabupaten or kota", "%(number)s kabupaten and kota", province.number)
    return (
        f'{option}<details class="facet__more facet__more--below" id="{place}" {way}>'
        f'<summary id="facet-region-open-{code}">{said % {"number": province.number}}'
        f'<span class="visually-hidden"> {_escaped(province.option.label)}</span> '
        f"{icon('chevron-down', size=14)}</summary>{inside}</details>"
    )


def _option(option, name, kind, language):
    value = _escaped(option.value)
    # A code with a dot lies below the one before it.
    look = " facet__option--below" if "." in option.value else ""
    look += " facet__option--none" if option.count == 0 else ""
    checked = " checked" if option.chosen else ""
    count = ""
    if option.count is not None:
        count = f'<span class="facet__count">{_grouped(option.count, language)}</span>'
    return (
        f'<label class="facet__option{look}">'
        f'<input type="{kind}" id="facet-{name}-{value}" name="{name}" value="{value}"{checked}>'
        f"<span>{_escaped(option.label)}</span>{count}</label>"
    )
