"""docs/security.md and its tables say what there is: every requirement once, and proofs that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/security.md"
ASVS, ATTACKS = ROOT / "docs/security/asvs.md", ROOT / "docs/security/attacks.md"

# How many requirements of level 1 and 2 each section of OWASP ASVS 5.0.0 has; they come first in it.
SECTIONS = {
    "V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2, "V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1,
    "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2, "V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4,
    "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3, "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5,
    "V6.6": 3, "V6.8": 4, "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2, "V8.1": 2,
    "V8.2": 3, "V8.3": 1, "V8.4": 1, "V9.1": 3, "V9.2": 4, "V10.1": 2, "V10.2": 2, "V10.3": 4, "V10.4": 11,
    "V10.5": 5, "V10.6": 2, "V10.7": 3, "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1,
    "V11.6": 1, "V12.1": 3, "V12.2": 2, "V12.3": 4, "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5,
    "V14.1": 2, "V14.2": 4, "V14.3": 3, "V15.1": 3, "V15.2": 3, "V15.3": 7, "V16.1": 1, "V16.2": 5,
    "V16.3": 4, "V16.4": 3, "V16.5": 3, "V17.1": 1, "V17.2": 4, "V17.3": 2,
}  # fmt: skip
OF_LEVEL_1 = 70
HOLDS = ["yes", "partly", "no", "does not apply"]


def rows(page):
    """The cells of each row of a page that begins with the number of a requirement or an attack."""
    lines = [line for line in page.read_text().splitlines() if re.match(r"\| (V\d|T\d)", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def counts(page, column):
    """(chapter, how many of its rows hold, hold partly, ...) for each chapter of a page."""
    for chapter in page.read_text().split("\n## ")[1:]:
        cells = [line.split(" | ") for line in chapter.splitlines() if re.match(r"\| (V\d|T\d)", line)]
        found = Counter(row[column] for row in cells)
        yield chapter.partition("\n")[0], [found[word] for word in HOLDS]


def test_every_requirement_of_the_standard_stands_there_once():
    wanted = [f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]

    assert [row[0] for row in rows(ASVS)] == wanted
    assert Counter(row[1] for row in rows(ASVS)) == {"1": OF_LEVEL_1, "2": len(wanted) - OF_LEVEL_1}


def test_every_attack_stands_there_once():
    numbers = [row[0] for row in rows(ATTACKS)]

    assert len(numbers) == 64
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("page", "column"), [(ASVS, 3), (ATTACKS, 2)])
def test_nothing_is_said_to_hold_without_a_proof(page, column):
    for row in rows(page):
        assert row[column] in HOLDS, row[0]
        assert len(row[column + 1]) > 3, row[0]
        if row[column] == "yes":
            assert "`" in row[column + 1], row[0]


@pytest.mark.parametrize("page", [PAGE, ASVS, ATTACKS])
def test_every_proof_exists(page):
    missing = []
    for named in re.findall(r"`([\w./-]+\.(?:py|js|conf|md|csv|html|txt)(?:::?[\w]+)?)`", page.read_text()):
        path, _sign, name = named.partition(":")
        file = next((ROOT / at / path for at in ("", "docs") if (ROOT / at / path).is_file()), None)
        name = name.removeprefix(":")
        wanted = rf"def {name}\(" if name.startswith("test_") else rf"\b{name}\b"
        if file is None or (name and not re.search(wanted, file.read_text())):
            missing.append(named)

    assert missing == []


def test_the_page_counts_what_the_tables_say_and_names_what_is_not_met():
    page = PAGE.read_text()

    for table, column in ((ASVS, 3), (ATTACKS, 2)):
        for chapter, found in counts(table, column):
            assert f"| {chapter} | {' | '.join(map(str, found))} |" in page
    unmet = [row[0] for row in rows(ASVS) if row[3] == "no"] + [
        row[0] for row in rows(ATTACKS) if row[2] == "no"
    ]
    assert [number for number in unmet if number not in page.partition("**Not met**")[2]] == []
