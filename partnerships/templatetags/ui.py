"""What the components need and plain templates can't say."""

import base64
import hashlib
import json
from functools import lru_cache

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
def icon(name, size=16):
    """A decorative icon: the words beside it carry the meaning."""
    return _drawn(name, size) if name else ""


@register.filter
def as_json(value):
    """A value for a script to read from an attribute of the page, where no script may stand."""
    return json.dumps(value, cls=DjangoJSONEncoder)


# What every drawing of the package says of its lines; base.css says it once for all that stand on a page.
_DRAWN_BY_STYLE = (
    ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
)


# A table shows the same icon a hundred times; drawing one takes longer than a whole row.
@lru_cache(maxsize=512)
def _drawn(name, size):
    svg = lucide(name, size=size, aria_hidden="true")
    svg = svg.replace(_DRAWN_BY_STYLE, "").replace("\n", "").replace("  <", "<")
    # Safe: the drawing comes from the package, and the name only picks one.
    return mark_safe(svg.replace("<svg ", '<svg class="icon" ', 1))  # noqa: S308


@register.simple_tag
def script(name):
    """A script of the portal's; where files are collected, with the digest that the browser compares, so that
    what was altered on its way is not run."""
    return _script(name)


@lru_cache(maxsize=64)
def _script(name):
    digest = ""
    if settings.STATIC_LIST.exists():
        content = (settings.STATIC_ROOT / staticfiles_storage.stored_name(name)).read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return format_html(
        '<script type="module" src="{}"{}></script>',
        static(name),
        format_html(' integrity="sha384-{}"', digest) if digest else "",
    )


@register.simple_tag
def page_window(page):
    """The numbers of a pager around its current page; None stands for what is left out."""
    paginator = page.paginator
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [None if number == paginator.ELLIPSIS else number for number in numbers]


@register.filter
def has_chosen(options):
    """Whether the reader has ticked one of these options of a facet."""
    return any(option.chosen for option in options)


@register.simple_tag
def errors_of(form, formsets=None):
    """Every error of a form and of the formsets beside it, with the field to go to."""
    lines = _form_errors(form) if form else []
    for formset in formsets or []:
        lines += [_line(error) for error in formset.non_form_errors()]
        for number, row in enumerate(formset.forms, start=1):
            lines += _form_errors(row, row=number)
    return lines


def _form_errors(form, row=None):
    lines = [_line(error, row=row) for error in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or field.auto_id
        lines += [_line(error, field.label, target, row) for error in field.errors]
    return lines


def _line(error, label="", target="", row=None):
    if row and label:
        label = _("Row %(number)s, %(label)s") % {"number": row, "label": label}
    elif row:
        label = _("Row %(number)s") % {"number": row}
    return {"error": error, "label": label, "target": target}
