"""What a browser sends from the pages of commitments, reports and verification."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.models import Organization, ProgressReport
from tests.partnerships.files import pdf_files


def new_commitment(agreement, **fields):
    """The page of a new commitment as sent; who owes it is Kabupaten Asahan."""
    owing = agreement.parties.get(organization__slug="pemerintah-kabupaten-asahan")
    return {
        "text": "Melatih 120 peserta las",
        "indicator": "peserta-dilatih",
        "target": "120",
        "due": "2027-12-31",
        "owed_by": str(owing.pk),
        "proof_wanted": "Daftar hadir",
        "recurrence": "once",
        "cumulative": "yes",
        "key": str(uuid4()),
        **fields,
    }


def change_of(commitment, **fields):
    """The page of a change as sent by somebody who has read the commitment as it stands."""
    asahan = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    return {
        "text": commitment.text,
        "indicator": commitment.indicator.slug if commitment.indicator else "",
        "target": str(commitment.target or ""),
        "due": str(commitment.due or ""),
        "owner": str(asahan.pk),
        "proof_wanted": commitment.proof_wanted,
        "recurrence": commitment.recurrence,
        "cumulative": "yes" if commitment.cumulative else "no",
        "version": str(commitment.version),
        **fields,
    }


def report_page(commitment, name="progress-report"):
    return reverse(f"partnerships:{name}", args=[commitment.pk, commitment.due])


def report_of(commitment, batches=(), **fields):
    """The page of a report as sent by somebody who has read what stands of it."""
    standing = ProgressReport.objects.filter(commitment=commitment, period_end=commitment.due).first()
    sent = {
        "value": "40",
        "note": "Dua gelombang selesai",
        "obstacle": "",
        "obstacle_note": "",
        "next_step": "Uji kompetensi",
        "version": str(standing.version if standing else 0),
        "batches-TOTAL_FORMS": str(len(batches)),
        "batches-INITIAL_FORMS": "0",
        **fields,
    }
    for index, batch in enumerate(batches):
        sent |= {f"batches-{index}-{name}": str(value) for name, value in batch.items()}
    return sent


def small_pdf(name="daftar-hadir.pdf"):
    return SimpleUploadedFile(name, pdf_files.good(), content_type="application/pdf")
