"""What the pages for leadership say, as lines of a table, to travel inside them."""

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

from partnerships.exports.sheet import Sheet


def brief_sheet(brief):
    """Every figure, every tile and every paper that the brief (selectors.brief.Brief) names."""
    lines = _headlines(brief.headlines) + _tiles(brief.map)
    lines += _points(gettext("Papers in force at the end of each quarter"), brief.in_force)
    lines += _points(gettext("Papers asleep at the end of each quarter"), brief.asleep)
    lines += _named(gettext("Best"), brief.best) + _named(gettext("Dead"), brief.dead)
    for asked in brief.decisions:
        lines.append(
            (gettext("Decisions asked"), asked.label, number_format(asked.figure.count), asked.figure.url)
        )
        lines += _named(asked.label, asked.rows)
    return _sheet("ringkasan", gettext("Brief for leadership"), lines)


def report_sheet(report):
    """Every number of the report on a period (selectors.period_report.PeriodReport)."""
    everything = gettext("All")
    lines = [(everything, line.label, line.cells[0].said, line.cells[0].url) for line in report.summary]
    for heading, *tables in report.divided:
        lines += [
            (heading, f"{line.label}: {measure}", cell.said, cell.url)
            for table in tables
            for line in table.lines
            for measure, cell in zip(table.headings, line.cells, strict=True)
        ]
    title = gettext("Report on the %(period)s") % {"period": report.period}
    return _sheet(f"laporan-{report.period.code}", title, lines)


def region_sheet(shown):
    """Every figure, tile and paper of the profile of a region (selectors.region_profile.RegionProfile)."""
    lines = _headlines(shown.headlines) + _tiles(shown.map)
    lines += _points(gettext("Papers in force at the end of each quarter"), shown.trend)
    lines += [
        (gettext("Commitments"), str(total.indicator), str(total.achieved), url)
        for total, url in shown.promises.totals
    ]
    lines += [
        (gettext("Agreements"), paper.ref, paper.display_title, paper.get_absolute_url())
        for paper in shown.newest
    ]
    title = gettext("Profile of %(region)s") % {"region": shown.region.name}
    return _sheet(f"profil-wilayah-{shown.region.code}", title, lines)


def _sheet(stem, name, lines):
    columns = {
        "part": gettext("Part"),
        "what": gettext("What"),
        "said": gettext("Said"),
        "address": gettext("Address"),
    }
    whole = [(str(part), str(what), str(said), _address(url)) for part, what, said, url in lines]
    return Sheet(stem, name, columns, tuple(whole))


def _address(url):
    return settings.PORTAL_URL + url if url else ""


def _headlines(headlines):
    return [(gettext("Figures"), each.label, each.said, each.url) for each in headlines]


def _tiles(drawn):
    if not drawn:
        return []
    return [(drawn.measure.label, tile.name, tile.words, tile.url) for tile in drawn.tiles]


def _points(label, points):
    return [(label, name, number_format(number), url) for name, number, _words, url in points]


def _named(label, rows):
    return [(label, f"{each.paper.ref} {each.paper.display_title}", each.said, each.url) for each in rows]
