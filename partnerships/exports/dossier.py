"""A dossier: everything about some papers as one zip, to be handed over or kept elsewhere."""

import csv
import hashlib
import io
import shutil
import zipfile
from contextlib import closing, contextmanager

from django.db.models import Sum
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships import files
from partnerships.columns import COMMITMENT_COLUMNS
from partnerships.exports import as_csv
from partnerships.exports.cells import harmless, plain
from partnerships.exports.extract import Refused
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.profile import profile_page, profile_pdf
from partnerships.models import Document, DocumentPurpose, ProgressReport, StoredFile

MOST_PAPERS = 500
MOST_BYTES = 2 * 2**30
_MARK = "\ufeff"
_AT_ONCE = 2**20  # bytes
_PAPERS_AT_ONCE = 50
_EVIDENCE = {DocumentPurpose.REPORT, DocumentPurpose.ACTION_POINT}


class DossierExtract(RegisterExtract):
    """The papers of a dossier: a question to the register, answered as the register answers it.

    Raises Refused when there is no paper, more than MOST_PAPERS of them, or more than MOST_BYTES of files.
    """

    title = _("Dossier")
    file_stem = "berkas"

    def __init__(self, user, params):
        super().__init__(user, params)
        if problem := self._too_little_or_much():
            raise Refused(self.listing, [problem])

    def _too_little_or_much(self):
        if not self.count:
            return gettext("No paper fits these filters, so there is nothing to put together.")
        if self.count > MOST_PAPERS:
            return gettext(
                "A dossier holds at most %(most)s papers, and these are %(count)s. Narrow the list first."
            ) % {"most": MOST_PAPERS, "count": number_format(self.count, force_grouping=True)}
        papers = self.listing.rows().order_by().values("pk")
        size = stored_files(self.listing.user).filter(document__agreement__in=papers)
        if (size.aggregate(sum=Sum("size"))["sum"] or 0) > MOST_BYTES:
            return gettext("The files of these papers are more than 2 GB together. Narrow the list first.")
        return ""

    def file_name(self, form):
        refs = self.listing.params.getlist("ref")
        if len(refs) == 1:
            return f"{self.file_stem}-{refs[0]}-{self.as_of:%Y-%m-%d-%H%M}.{form}"
        return super().file_name(form)


def stored_files(user):
    """The newest version of each document that was not withdrawn, as far as the reader may have it."""
    documents = Document.objects.standing()
    return StoredFile.objects.visible_to(user).filter(document__in=documents).newest()


def write(extract, to, progress, *, history_of):
    """The dossier as a zip. ``history_of`` gives the steps in the history of a paper, for its reader.

    ``progress`` is called with the number of papers done. What it raises leaves half a file.
    """
    # Files that are no longer what came, or that nobody may have, are named in the dossier and not in it.
    left_out = []
    archive = zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
    try:
        with archive:
            _fill(_Archive(archive), extract, progress, left_out, history_of)
    finally:
        # What could not be finished would be tried once more when it is forgotten, and be in the log.
        archive.fp = None


def _fill(archive, extract, progress, left_out, history_of):
    with archive.new("daftar.csv") as file:
        as_csv.write(extract, file)
    papers = extract.listing.rows().with_parties()
    for done, paper in enumerate(papers.iterator(chunk_size=_PAPERS_AT_ONCE), start=1):
        _write_paper(archive, paper, extract, left_out, history_of)
        progress(done)
    archive.write_text("baca-dulu.txt", _read_first(extract, left_out))
    archive.write_text("manifest-sha256.txt", archive.manifest)


class _Archive:
    """A zip that knows the SHA-256 of everything that was put into it."""

    def __init__(self, archive):
        self._archive = archive
        self._digests = {}
        self._now = timezone.localtime().timetuple()[:6]

    @contextmanager
    def new(self, name, packed=True):
        """A file of that name in the archive, open for bytes; ``packed`` is for what gets smaller by it."""
        entry = zipfile.ZipInfo(name, date_time=self._now)
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.external_attr = 0o640 << 16
        with self._archive.open(entry, "w", force_zip64=True) as inner:
            digested = _Digested(inner)
            yield digested
        self._digests[name] = digested.hexdigest()

    def write_text(self, name, text):
        with self.new(name) as file:
            file.write(text.encode())

    @property
    def manifest(self):
        """Every file with its SHA-256, as ``sha256sum --check`` reads it."""
        return "".join(f"{digest}  {name}\n" for name, digest in sorted(self._digests.items()))


class _Digested(io.RawIOBase):
    """Bytes on their way into a file, and their SHA-256."""

    def __init__(self, inner):
        self._inner = inner
        self._digest = hashlib.sha256()

    def writable(self):
        return True

    def write(self, chunk):
        self._digest.update(chunk)
        return self._inner.write(chunk)

    def hexdigest(self):
        return self._digest.hexdigest()


def _write_paper(archive, paper, extract, left_out, history_of):
    user = extract.listing.user
    page = profile_page(paper, user)
    with archive.new(f"{paper.ref}/profil.pdf", packed=False) as file:
        file.write(profile_pdf(page))
    extract.issued.append(page.issue)
    asked = QueryDict(mutable=True)
    asked["agreement"], asked["columns"] = paper.ref, ",".join(COMMITMENT_COLUMNS)
    with archive.new(f"{paper.ref}/komitmen.csv") as file:
        as_csv.write(LedgerExtract(user, asked), file)
    archive.write_text(f"{paper.ref}/capaian.csv", _as_csv(_REPORT_COLUMNS, _reports(paper, user)))
    archive.write_text(f"{paper.ref}/riwayat.csv", _as_csv(_STEP_COLUMNS, _steps(history_of(paper, user))))
    rows = stored_files(user).filter(document__agreement=paper).select_related("document").with_verdict()
    for row in rows.order_by("document_id"):
        _write_stored(archive, paper, row, left_out)


def _write_stored(archive, paper, row, left_out):
    folder = "bukti" if row.document.purpose in _EVIDENCE else "dokumen"
    name = f"{paper.ref}/{folder}/{row.document_id}-{files.shown_name(row.name)}"
    if row.is_withheld:
        found, waits = gettext("quarantined: virus found"), gettext("waiting for the virus scan")
        left_out.append((name, found if row.is_quarantined else waits))
        return
    try:
        stored = files.open_checked(row.key, sha256=row.sha256)
    except files.FileMissing:
        left_out.append((name, gettext("missing from the disk")))
        return
    except files.FileDamaged:
        left_out.append((name, gettext("changed on the disk")))
        return
    with closing(stored), archive.new(name, packed=False) as file:
        shutil.copyfileobj(stored, file, _AT_ONCE)


_REPORT_COLUMNS = (
    _("Commitment"),
    _("Period from"),
    _("Period until"),
    _("Status"),
    _("Value"),
    _("Unit"),
    _("Note"),
    _("Obstacle"),
    _("Next step"),
    _("Submitted"),
    _("Decided"),
)
_STEP_COLUMNS = (_("When"), _("Who"), _("What"), _("Reason"), _("Changes"))


def _reports(paper, user):
    rows = ProgressReport.objects.visible_to(user).filter(commitment__agreement=paper)
    for report in rows.select_related("commitment__indicator").order_by("commitment", "period_end"):
        indicator = report.commitment.indicator
        obstacle = [report.get_obstacle_display(), report.obstacle_note]
        yield (
            report.commitment.text,
            report.period_start,
            report.period_end,
            report.get_status_display(),
            "" if report.value is None else f"{report.value:f}".replace(".", ","),
            indicator.unit if indicator else "",
            report.note,
            ": ".join(filter(None, map(str, obstacle))),
            report.next_step,
            report.submitted_at and timezone.localtime(report.submitted_at).date(),
            report.decided_at and timezone.localtime(report.decided_at).date(),
        )


def _steps(entries):
    for entry in entries:
        changes = [f"{each.label}: {each.before} → {each.after}" for each in entry.changes]
        changes += [f"{part.noun}: {part.name}" for part in entry.parts]
        at = timezone.localtime(entry.at).isoformat(" ", "seconds")
        yield at, entry.who, entry.what, entry.reason, "; ".join(changes)


def _as_csv(columns, rows):
    """Text of a table for a spreadsheet set to Indonesian, as ``as_csv`` writes one."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";")
    lines.writerow([str(column) for column in columns])
    for row in rows:
        lines.writerow(["" if value is None else _cell(value) for value in row])
    return _MARK + text.getvalue()


def _cell(value):
    text = plain(str(value))
    # A day and a number are what they are.
    return harmless(text) if isinstance(value, str) and not _is_number(text) else text


def _is_number(text):
    return text.removeprefix("-").replace(",", "", 1).isdecimal()


def _read_first(extract, left_out):
    lines = [
        gettext("Dossier of %(count)s") % {"count": extract.listing.counted(extract.count)},
        gettext("Data as of %(moment)s") % {"moment": extract.moment},
        gettext("Asked for by %(asked_by)s") % {"asked_by": extract.asked_by},
        "",
        *(extract.filters or [str(extract.no_filters)]),
        "",
        gettext("manifest-sha256.txt holds the SHA-256 of every file (sha256sum --check)."),
    ]
    if left_out:
        lines += ["", gettext("These files are not in here:")]
        lines += [f"- {name}: {what}" for name, what in left_out]
    return "\r\n".join(lines) + "\r\n"
