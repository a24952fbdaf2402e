import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from partnerships.templatetags import ui

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = sorted(path.name for path in (TEMPLATES / "components").glob("*.html"))


class SampleForm(forms.Form):
    title = forms.CharField(label="Judul")
    kind = forms.ChoiceField(label="Jenis", choices=[("mou", "MoU")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Tanggal berakhir mendahului tanggal mulai.")


def test_icon_is_decoration_only():
    drawn = ui.icon("check", size=14)

    assert drawn.startswith('<svg class="icon" width="14" height="14"')
    assert 'aria-hidden="true"' in drawn


def test_no_icon_draws_nothing():
    assert ui.icon("") == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1, 2, None, 50]),
        (4, [1, 2, 3, 4, 5, None, 50]),
        (25, [1, None, 24, 25, 26, None, 50]),
        (50, [1, None, 49, 50]),
    ],
)
def test_pager_shows_ends_and_neighbours(number, shown):
    page = Paginator(range(1234), 25).page(number)

    assert ui.page_window(page) == shown


def test_every_error_names_its_field_and_the_way_to_it():
    form = SampleForm({"title": "", "kind": "pks"})

    assert [(line["label"], line["target"]) for line in ui.errors_of(form)] == [
        ("", ""),
        ("Judul", "id_title"),
        ("Jenis", "id_kind"),
    ]


def test_errors_of_a_formset_name_their_row():
    rows = forms.formset_factory(SampleForm, extra=0)(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-title": "Naskah",
            "form-0-kind": "mou",
            "form-1-title": "",
            "form-1-kind": "mou",
        }
    )

    with translation.override("en"):
        lines = ui.errors_of(None, [rows])

    assert [(line["label"], line["target"]) for line in lines] == [
        ("Row 1", ""),
        ("Row 2", ""),
        ("Row 2, Judul", "id_form-1-title"),
    ]


def render(component, **arguments):
    return render_to_string(f"components/{component}.html", arguments)


@pytest.mark.parametrize(
    ("sort", "state", "leads_to"),
    [
        ("-signed", "none", "?q=data&amp;sort=title"),
        ("title", "ascending", "?q=data&amp;sort=-title"),
        ("-title", "descending", "?q=data&amp;sort=title"),
    ],
)
def test_sort_heading_says_the_order_and_leads_to_the_other(sort, state, leads_to):
    params = QueryDict("q=data&page=4")

    heading = render("sort_heading", label="Judul", key="title", sort=sort, params=params)

    assert f'aria-sort="{state}"' in heading
    assert f'href="{leads_to}"' in heading


def test_pages_beyond_a_thousand_keep_plain_numbers_in_their_addresses():
    page = Paginator(range(100_000), 25).page(1234)

    pager = render("pagination", page=page, params=QueryDict("page=1234"))

    assert 'href="?page=1235"' in pager
    assert 'href="?page=4000"' in pager


def test_what_people_typed_is_shown_and_never_run():
    typed = "<script>alert(1)</script>"

    shown = [
        render("badge", text=typed),
        render("chip", label=typed, value=typed, href="?"),
        render("definition", term=typed, value=typed, source=typed),
        render("notice", text=typed, heading=typed),
        render("ref", text='"><script>alert(1)</script>', copy=True),
        render("timeline_item", what=typed, when=typed, who=typed, detail=typed),
    ]

    assert [html for html in shown if "<script" in html] == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_first_line_of_a_component_says_what_it_is(name):
    first = (TEMPLATES / "components" / name).read_text().split("\n", 1)[0]

    assert first.startswith("{# ")
    assert first.endswith(" #}")


def test_gallery_shows_every_component():
    seen, waiting = set(), ["gallery.html", "base.html", "404.html"]
    while waiting:
        text = (TEMPLATES / waiting.pop()).read_text()
        found = {name for name in COMPONENTS if f'"components/{name}"' in text} - seen
        seen |= found
        waiting += [f"components/{name}" for name in found]

    assert sorted(set(COMPONENTS) - seen) == []


def test_gallery_renders_with_its_samples(rf, registrar):
    request = rf.get("/_komponen/")
    request.user = registrar

    page = engines["django"].get_template("gallery.html").render({}, request)

    assert "Badan Perencanaan dan Pengembangan Ketenagakerjaan" in page
