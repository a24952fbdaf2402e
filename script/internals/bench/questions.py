"""What is asked of the portal, what is wished for, and where the wish comes from."""

from dataclasses import dataclass, replace

ISSUE, INSIGHT, HOUSE = "issue 5", "issue 6", "house"
# Where NetBox's list answered 6 requests a second of 8 clients with a p50 of about 1.3 s, the admin's with
# counts took 120 ms in each of two processes: 17 a second, about 0.5 s. So 50 times NetBox is 18 times that
# admin, and a fortieth of NetBox's p50 is 7 % of the admin's.
NETBOX = "issue 5, NetBox by way of the admin"


@dataclass(frozen=True)
class Question:
    """A figure by its name, what it is, its unit, and its goal: at most, or with ``at_least`` at least.

    ``times`` measures the goal by another figure: at most (at least) so many times that one.
    ``peer`` is the figure of another way to the same; only the ratio to it is shown.
    """

    name: str
    title: str
    unit: str
    goal: float | None = None
    at_least: bool = False
    times: str = ""
    peer: str = ""
    source: str = ""


def _page(
    name: str, title: str, sql: float | None = None, source: str = "", peer: str = ""
) -> list[Question]:
    """What is asked of a page within one process."""
    answered = Question(f"page.{name}.p50", f"{title}: answered", "ms", peer=peer)
    of_tables = Question(f"page.{name}.plain", f"{title}: plain SQL of the same figures", "ms")
    if source == "3x":
        answered = replace(answered, goal=3, times=f"page.{name}.sql", source=ISSUE)
    if name in OF_INSIGHT:
        answered = replace(answered, goal=1.5, times=of_tables.name, source=INSIGHT)
    return [
        *([answered, of_tables] if name in OF_INSIGHT else [answered]),
        Question(f"page.{name}.p95", f"{title}: answered, p95", "ms"),
        Question(f"page.{name}.sql", f"{title}: in the database", "ms", sql, source=ISSUE if sql else ""),
        Question(f"page.{name}.queries", f"{title}: queries", ""),
        Question(f"page.{name}.kb", f"{title}: page", "kB"),
    ]


_ADMIN = "page.admin_facets.p50"
# Pages by name: title, address, goal of its time in the database (ms).
PAGES: dict[str, tuple[str, str, float | None]] = {
    "register": ("register", "/kemitraan/", 5),
    "register_1": ("register, one filter", "/kemitraan/?class=regional", 5),
    "register_3": ("register, three filters", "/kemitraan/?class=regional&status=signed&kind=mou", 5),
    "register_deep": ("register, page 2,000", "/kemitraan/?page=2000", 5),
    "register_100": ("register, 100 rows", "/kemitraan/?size=100", 5),
    "search_rare": ("search, a rare word", "/kemitraan/?q={rare}", 5),
    "search_common": ("search, a common word", "/kemitraan/?q=pelatihan", 5),
    "search_number": ("search, a number", "/kemitraan/?q={number}", 20),
    "search_part": ("search, a part of a name", "/kemitraan/?q={part}", 20),
    "sort_partner": ("register, by partner", "/kemitraan/?sort=partner", None),
    "sort_title": ("register, by title", "/kemitraan/?sort=title", None),
    "record": ("a paper", "/kemitraan/{ref}/", None),
    "ledger": ("ledger", "/komitmen/", None),
    "ledger_filtered": ("ledger, one filter", "/komitmen/?state=overdue", None),
    "register_officer": ("register of a province's officer", "/kemitraan/", 5),
    "home": ("home", "/", 20),
    "home_officer": ("home of a province's officer", "/", 20),
    "regions": ("regions", "/wilayah/", 20),
    "regions_then": ("regions on an earlier day", "/wilayah/?on=2025-12-31&measure=achieved", None),
    "province": ("a province", "/wilayah/32/", 20),
    "partners": ("partners", "/mitra/", None),
    "tasks": ("tasks of an officer", "/tugas/", None),
    "asleep": ("papers that sleep", "/kemitraan/tidur/", None),
    "coverage": ("coverage of a theme", "/wilayah/cakupan/?theme=penempatan", None),
    "brief": ("brief for leadership", "/ringkasan/", None),
    "report": ("report on a half year", "/laporan/2025/s1/", None),
    "report_year": ("report on a year", "/laporan/2025/", None),
    "funnel": ("funnel by region", "/capaian/corong/?by=region", None),
    "regions_side": ("regions side by side, of a theme", "/komitmen/matriks/?theme=penempatan", None),
    "admin": ("admin list", "/admin/partnerships/agreement/", None),
    "admin_facets": ("admin list with counts", "/admin/partnerships/agreement/?_facets=True", None),
}
# The pages of issue 6, measured by the plain SQL of their figures (``plain``).
OF_INSIGHT = (
    *("home", "home_officer", "regions", "regions_then", "province", "asleep", "coverage", "brief", "report"),
    *("report_year", "funnel", "regions_side"),
)
SERVED = ("register", "register_3", "search_common", "record", "ledger", "home", "tasks", "admin_facets")
SERVERS = ("granian", "gunicorn")
# Rows of a PDF and the seconds it may take; with tags, which files of up to 5,000 rows have, 1.3 times 9 s.
PDFS = {300: None, 1_000: 3, 5_000: 11.7, 20_000: 40}


def _pages() -> list[Question]:
    found = []
    for name, (title, _address, sql) in PAGES.items():
        found += _page(
            *(name, title, sql, "3x" if name == "register" else ""),
            peer="" if name.startswith("admin") else _ADMIN,
        )
    return [
        *found,
        Question(
            "page.register.p50", "register against the admin list", "ms", 0.2, times=_ADMIN, source=ISSUE
        ),
        Question(
            *("page.register_100.queries", "queries for 100 rows, as for one page", "", 1),
            times="page.register.queries",
            source=ISSUE,
        ),
        Question("facets.ms", "register: all facets", "ms", 3, source=ISSUE),
        Question("index.ms", "register: reading the index", "ms"),
    ]


def _served() -> list[Question]:
    found = []
    for name in SERVED:
        title, peer = PAGES[name][0], "served.admin_facets"
        is_peer = name == "admin_facets"
        found += [
            Question(
                f"served.{name}.p50", f"{title}, 8 clients", "ms", peer="" if is_peer else f"{peer}.p50"
            ),
            Question(f"served.{name}.p95", f"{title}, 8 clients, p95", "ms"),
            Question(
                *(f"served.{name}.rps", f"{title}, 8 clients", "/s"),
                peer="" if is_peer else f"{peer}.rps",
            ),
        ]
    return [
        *found,
        Question(
            *(
                "served.register.rps",
                "register against the admin list with counts, 8 clients",
                "/s",
                18,
                True,
            ),
            times="served.admin_facets.rps",
            source=NETBOX,
        ),
        Question(
            *("served.register.p50", "register against the admin list with counts, 8 clients", "ms", 0.07),
            times="served.admin_facets.p50",
            source=NETBOX,
        ),
        Question("memory.web_largest", "largest web worker while it is asked", "MB"),
        Question("memory.database_largest", "largest process of the database while it is asked", "MB"),
        Question("memory.web", "memory of the web workers", "MB"),
        Question("memory.database", "memory of the database", "MB"),
        Question("csv.first_byte", "CSV: first byte", "s", 0.1, source=ISSUE),
        Question("busy.ratio", "p95 of 8 clients while 20,000 rows are put on paper", "x", 2, source=ISSUE),
    ]


def _files() -> list[Question]:
    found = [
        Question("copy.s", "COPY of the same cells", "s"),
        Question("csv.s", "CSV of all", "s", 1.2, times="copy.s", source=ISSUE),
        Question("csv.above_idle", "CSV of all: above idle", "MB", 60, source=ISSUE),
        Question("json.s", "JSON of all", "s", peer="copy.s"),
        Question("json.above_idle", "JSON of all: above idle", "MB", 60, source=ISSUE),
        Question("openpyxl.s", "openpyxl of the same rows", "s"),
        Question("xlsx.s", "XLSX of all", "s", 1 / 3, times="openpyxl.s", source=ISSUE),
        Question("xlsx.above_idle", "XLSX of all: above idle", "MB", 60, source=ISSUE),
        Question("weasyprint.s", "PDF of 1,000 rows in one piece", "s"),
        Question("weasyprint.peak", "PDF of 1,000 rows in one piece: peak", "MB"),
    ]
    for rows, seconds in PDFS.items():
        name, title = f"pdf_{rows}", f"PDF of {rows:,} rows"
        peer = "weasyprint.s" if rows == 1_000 else ""
        peak = 450 if 300 < rows <= 5_000 else 130
        found += [
            Question(f"{name}.s", title, "s", seconds, source=ISSUE if seconds else "", peer=peer),
            Question(f"{name}.rows", f"{title}: rows", ""),
            Question(f"{name}.peak", f"{title}: largest process", "MB", peak, source=ISSUE),
        ]
    return [
        *found,
        Question("pdf_again.s", "PDF of 20,000 rows, unchanged", "s", 2, source=ISSUE),
        Question("pdf.exponent", "PDF: growth from 1,000 to 20,000 rows", "", 1.05, source=ISSUE),
        Question("profile.ms", "profile of a paper", "ms", 60, source=ISSUE),
    ]


def _servers() -> list[Question]:
    return [
        Question(
            *(f"server.{name}.{page}", f"{page} on {name}, 8 clients", "/s"), peer=f"server.gunicorn.{page}"
        )
        for page in ("register", "healthz")
        for name in SERVERS
    ]


QUESTIONS = [*_pages(), *_served(), *_files(), *_servers()]
