"""The cells of a report on a period: written in Python, because there are a thousand of them."""

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def period_cells(cells):
    """The numbers of a line (selectors.period_cells.Cell), each with its change and with its rows."""
    return mark_safe("".join(map(_cell, cells)))  # noqa: S308 - each cell escapes what it was given


def _cell(cell):
    said, label = escape(cell.said), escape(cell.label)
    number = f'<span class="cell--unknown">{said}</span>'
    if cell.now:
        number = f'<a href="{escape(cell.url)}">{said}</a>'
    change = escape(cell.change) if cell.now or cell.before else ""
    note = f'<span class="cell__note">{change}</span>'
    return f'<td class="cell--number" data-label="{label}">{number} {note}</td>'
