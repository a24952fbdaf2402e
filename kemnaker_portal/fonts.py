"""The portal's typeface, cut from the installed package: one small file for browsers, four for PDF.

`python -m kemnaker_portal.fonts` makes `static/fonts/`:

    plus-jakarta-sans.woff2     weights 400 to 700 in one file, for every page
    pdf/plus-jakarta-sans-*.ttf a file per weight, because a PDF embeds fixed weights reliably
    OFL.txt                     the licence, which travels with the font
    made.json                   what was made from what; its presence means the folder is whole
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
WOFF2 = "plus-jakarta-sans.woff2"
PDF_WEIGHTS = (400, 500, 600, 700)
# What a gap between words has more than the typeface gives it, in em.
PDF_SPACE = 0.07

# Part of the fingerprint: raise it when the cutting changes in a way the lists below don't show.
RECIPE = 2
CHARACTERS = (
    (0x0020, 0x007E),  # basic Latin
    (0x00A0, 0x017F),  # Western and Central European names of partners
    (0x01A0, 0x01A1),
    (0x01AF, 0x01B0),
    (0x1E00, 0x1EFF),  # Vietnamese names, and dotted letters of transcribed ones
    (0x2009, 0x2015),  # thin spaces, hyphens and dashes
    (0x2018, 0x201E),  # quotation marks
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x202F, 0x2030),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),  # the number sign of decrees
    (0x2122, 0x2122),
    (0x2190, 0x2193),  # arrows
    (0x2196, 0x2199),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
# kern and mark place glyphs, tnum lines figures up in tables, case lifts dashes between capitals.
FEATURES = ("calt", "case", "ccmp", "kern", "liga", "locl", "mark", "tnum")


def make_fonts(target=TARGET):
    """Make the folder if it is missing, torn or older than the package; True when it was made."""
    target = Path(target)
    source, licence = _package()
    fingerprint = _fingerprint(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(target.parent):
        if is_complete(target, fingerprint):
            # Set-up compares the age of the record with that of its sources.
            (target / "made.json").touch()
            return False
        _sweep(target)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            _cut(source, work)
            shutil.copyfile(licence, work / "OFL.txt")
            _write_record(work, fingerprint)
            work.chmod(0o755)
            _put_in_place(work, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return True


def is_complete(target, fingerprint):
    """Whether every file that the record names is there, whole and cut from this package."""
    try:
        record = json.loads((target / "made.json").read_text())
        return record["fingerprint"] == fingerprint and all(
            (target / name).stat().st_size == size for name, size in record["files"].items()
        )
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _package():
    import fontpkg_plus_jakarta_sans as package

    root = package.ROOT
    return root / "files" / "PlusJakartaSans[wght].ttf", root / "LICENSE"


def _fingerprint(source):
    recipe = json.dumps([RECIPE, CHARACTERS, FEATURES, PDF_WEIGHTS])
    return hashlib.sha256(source.read_bytes() + recipe.encode()).hexdigest()


@contextlib.contextmanager
def _only_one(folder):
    """Let two set-ups of one checkout follow each other; the lock dies with its holder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _cut(source, work):
    from fontTools.varLib import instancer

    subset = _subset(source)
    screen = instancer.instantiateVariableFont(
        subset, {"wght": (PDF_WEIGHTS[0], PDF_WEIGHTS[-1])}, inplace=False
    )
    screen.flavor = "woff2"
    screen.save(work / WOFF2)

    (work / "pdf").mkdir()
    for weight in PDF_WEIGHTS:
        fixed = instancer.instantiateVariableFont(
            subset, {"wght": weight}, inplace=False, updateFontNames=True
        )
        _widen_spaces(fixed)
        fixed.save(work / "pdf" / f"plus-jakarta-sans-{weight}.ttf")


def _widen_spaces(font):
    """On paper the gaps between words are a little wider. In the font that costs nothing; asked of styles,
    each gap of each line costs a shaping of its own."""
    names, widths = font.getBestCmap(), font["hmtx"].metrics
    for name in {names[code] for code in (0x0020, 0x00A0)}:
        width, side = widths[name]
        widths[name] = (width + round(PDF_SPACE * font["head"].unitsPerEm), side)


def _subset(source):
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # The same package gives the same bytes on every machine: no time of making inside.
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=list(FEATURES), notdef_outline=True))
    subsetter.populate(unicodes=[code for first, last in CHARACTERS for code in range(first, last + 1)])
    subsetter.subset(font)
    return font


def _write_record(work, fingerprint):
    files = {
        path.relative_to(work).as_posix(): path.stat().st_size
        for path in sorted(work.rglob("*"))
        if path.is_file()
    }
    record = {"fingerprint": fingerprint, "files": files}
    (work / "made.json").write_text(json.dumps(record, indent=1))


def _put_in_place(work, target):
    if target.exists():
        old = work.with_name(f"{work.name}-old")
        target.rename(old)
        work.rename(target)
        shutil.rmtree(old)
    else:
        work.rename(target)


def _sweep(target):
    """Remove what a killed run left behind; the lock says nobody is at work in there now."""
    for left in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left, ignore_errors=True)


def main():
    began = time.monotonic()
    made = make_fonts()
    files = json.loads((TARGET / "made.json").read_text())["files"]
    size = f"{WOFF2}: {files[WOFF2] / 1024:.0f} KB"
    if made:
        said = f"made {len(files)} files in {time.monotonic() - began:.1f} s"
    else:
        said = f"{len(files)} files already there"
    sys.stdout.write(f"Fonts: {said} ({size})\n")


if __name__ == "__main__":
    main()
