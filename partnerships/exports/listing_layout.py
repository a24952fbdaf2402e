"""How the columns of a list share the width of a page, and how large its type is."""

# The page holds the default columns, whose shares make 100, at 8 points; more columns take smaller
# type, narrower gaps and hyphens.
_TYPE_SIZES = ((115, 8), (150, 7.25), (190, 6.5))
_SMALLEST_TYPE = 5.75
_CROWDED = 115
_LEAST_SHARE = 9
# Millimetres between the margins of print.css; an upright page holds columns of these shares.
_PAGE_WIDTH, _UPRIGHT_WIDTH = 269, 186
_UPRIGHT_SHARES = 115
# Millimetres for each point of type: "KS-2025-00001" with its gaps; one digit; the gaps of a cell.
_REFERENCE_WIDTH = 3.25
_DIGIT_WIDTH = 0.19
_GAPS = 0.44


def is_upright(extract):
    """Whether the page stands upright: the list wants it, and its columns have room on it."""
    return extract.upright and sum(column.share for column in extract.columns) <= _UPRIGHT_SHARES


def layout(columns, upright=False, longest=()):
    """The size of the type and the widths of the columns as styles: a table of fixed widths is laid out once.

    ``longest`` are the signs of the longest word in each column of numbers, 0 in any other.
    """
    wanted = sum(column.share for column in columns)
    page_width = _UPRIGHT_WIDTH if upright else _PAGE_WIDTH
    sizes = _TYPE_SIZES[1:] if upright else _TYPE_SIZES
    size = next((size for most, size in sizes if wanted <= most), _SMALLEST_TYPE)
    rules = [f".pdf-table {{ font-size: {size}pt }}"]
    if wanted > _CROWDED:
        rules += [
            ".pdf-table { hyphens: auto; hyphenate-limit-chars: 8 4 3 }",
            ".pdf-table th, .pdf-table td { padding-left: 0.45em; padding-right: 0.45em }",
        ]
    # A reference stays one word, and so does a number; the other columns share what these leave.
    least = [size * (_DIGIT_WIDTH * signs + _GAPS) / page_width * 100 if signs else 0 for signs in longest]
    fixed = {0: size * _REFERENCE_WIDTH / page_width * 100}
    widths = _widths(columns, fixed)
    tight = [place for place, width in enumerate(least) if place and width > widths[place]]
    if tight:
        widths = _widths(columns, fixed | {place: least[place] for place in tight})
    rules += [
        f".pdf-table col:nth-child({position}) {{ width: {width:.3f}% }}"
        for position, width in enumerate(widths, start=1)
    ]
    return "\n".join(rules)


def _widths(columns, fixed):
    """The part of the page that each column gets, in percent: what is fixed, and the rest by shares."""
    shares = {
        place: max(column.share, _LEAST_SHARE) for place, column in enumerate(columns) if place not in fixed
    }
    left = (100 - sum(fixed.values())) / (sum(shares.values()) or 1)
    return [fixed[place] if place in fixed else shares[place] * left for place in range(len(columns))]
