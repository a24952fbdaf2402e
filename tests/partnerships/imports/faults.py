"""Faults that people and programs put into a file, each with the column and the words of the answer."""

from dataclasses import dataclass, field


@dataclass
class Fault:
    """How a row is damaged: ``cells`` replace its own, ``line`` replaces the whole line of text."""

    name: str
    column: str
    says: str
    cells: dict = field(default_factory=dict)
    line: object = None


COMPANY = {"partner_name": "PT Contoh", "partner_type": "Perusahaan swasta", "region_name": ""}
THREE = {"partner_name": "PT Satu; PT Dua; PT Tiga", "region_name": ""}
LATER = {"date_signed": "2025-03-20"}


def government(name, kind, region=""):
    return {"partner_name": name, "partner_type": kind, "region_name": region}


def cell(column, text):
    return {column: text}


def dropped_cell(line):
    return line.rsplit(",", 2)[0]


def opened_quote(line):
    return line.replace(",", ',"', 1)


REFUSED = [
    Fault("no number", "id", "every row needs it", cell("id", "")),
    Fault("a dash for a number", "id", "every row needs it", cell("id", "-")),
    Fault("a number too long to keep", "id", "only 60 can be kept", cell("id", "R" * 61)),
    Fault("a byte order mark in the number", "id", "U+FEFF", cell("id", "\ufeffR999")),
    Fault("no partner", "partner_name", "every row needs it", cell("partner_name", "  ")),
    Fault("separators for a partner", "partner_name", "separators and no name", cell("partner_name", "; ;")),
    Fault("no kind of paper", "instrument_kind", "every row needs it", cell("instrument_kind", "")),
    Fault("a misspelt kind of paper", "instrument_kind", "Nota Kesepahaman;",
          cell("instrument_kind", "Nota Kesapahaman")),
    Fault("an unknown type of partner", "partner_type", "Kementerian/Lembaga;",
          cell("partner_type", "Kawan baik")),
    Fault("an unknown certainty", "certainty", "high; medium; low", cell("certainty", "yakin sekali")),
    Fault("a day that does not exist", "date_signed", "31-02-2025", cell("date_signed", "31-02-2025")),
    Fault("a thirteenth month", "date_signed", "2025-13-01", cell("date_signed", "2025-13-01")),
    Fault("the month before the day", "date_signed", "03/20/2025", cell("date_signed", "03/20/2025")),
    Fault("a year of two digits", "date_signed", "20-03-25", cell("date_signed", "20-03-25")),
    Fault("a year before the republic", "date_signed", "between 1945 and 2100",
          cell("date_signed", "1899-01-01")),
    Fault("a year too far ahead", "date_signed", "between 1945 and 2100", cell("date_signed", "2999")),
    Fault("a spreadsheet's number for a day", "date_signed", "Format the cell as a date",
          cell("date_signed", "45736")),
    Fault("a letter for a zero", "date_signed", "2O25-03-20", cell("date_signed", "2O25-03-20")),
    Fault("a word for a date", "date_signed", "is not a date", cell("date_signed", "segera")),
    Fault("two dates", "date_signed", "is not a date", cell("date_signed", "2025-03-20 / 2025-03-21")),
    Fault("an end before the signing", "end_date", "before the signing", {**LATER, "end_date": "2024"}),
    Fault("words for an end", "end_date", "akhir tahun depan", cell("end_date", "akhir tahun depan")),
    Fault("a word for a duration", "duration_years", "lima", cell("duration_years", "lima")),
    Fault("a negative duration", "duration_years", "-5", cell("duration_years", "-5")),
    Fault("no duration at all", "duration_years", "“0”", cell("duration_years", "0")),
    Fault("a thousand that reads like one", "duration_years", "1.250", cell("duration_years", "1.250")),
    Fault("a duration of centuries", "duration_years", "250", cell("duration_years", "250")),
    Fault("a misspelt region", "region_name", "Kabupaten Asahan (12.09)",
          {**COMPANY, "region_name": "Kabupaten Asahn"}),
    Fault("a bare name of two regions", "region_name", "Kabupaten Bandung (32.04) or Kota Bandung (32.73)",
          government("Pemerintah Kota Bandung", "Pemerintah kota", "Bandung")),
    Fault("a code that a spreadsheet has shortened", "region_name", "11.1",
          {**COMPANY, "region_name": "11.1"}),
    Fault("a code of BPS", "region_name", "3273", {**COMPANY, "region_name": "3273"}),
    Fault("a region abroad", "region_name", "Tokyo", {**COMPANY, "region_name": "Tokyo"}),
    Fault("a region that is not the partner's", "region_name", "which is Kabupaten Bekasi",
          government("Pemerintah Kabupaten Bekasi", "Pemerintah kabupaten", "Kota Bekasi")),
    Fault("a soft hyphen in a region", "region_name", "U+00AD",
          {**COMPANY, "region_name": "Kabu\u00adpaten Asahan"}),
    Fault("a misspelt government", "partner_name", "Kabupaten Sijunjung (13.03)",
          government("Pemerintah Kabupaten Sijunjng", "Pemerintah kabupaten")),
    Fault("a government of two regions", "partner_name", "(32.16) or Kota Bekasi (32.75)",
          government("Pemda Bekasi", "Pemerintah daerah")),
    Fault("a kabupaten that is called a kota", "partner_type", "does not say",
          government("Pemerintah Kabupaten Batang", "Pemerintah kota")),
    Fault("a company that is called a kabupaten", "partner_name", "not a province, kabupaten or kota",
          government("PT Bukan Kabupaten", "Pemerintah kabupaten")),
    Fault("a state body that is called a kota", "partner_type", "does not say",
          government("Badan Amil Zakat Nasional", "Pemerintah kota")),
    Fault("an office of nowhere", "partner_name", "of which province",
          government("Dinas Tenaga Kerja", "Dinas")),
    Fault("a partner twice under two names", "partner_name", "twice",
          {**COMPANY, "partner_name": "JICA; Japan International Cooperation Agency", "partner_type": ""}),
    Fault("the ministry's own unit as partner", "partner_name", "kemnaker_unit",
          {**COMPANY, "partner_name": "BBPVP Bandung"}),
    Fault("a batch of none", "partner_name", "1 to 100000",
          {**COMPANY, "partner_name": "0 lembaga (agregat)"}),
    Fault("a batch beyond belief", "partner_name", "1 to 100000",
          {**COMPANY, "partner_name": "999999999 lembaga (agregat)"}),
    Fault("a partner's name too long to keep", "partner_name", "only 200 can be kept",
          {**COMPANY, "partner_name": "PT " + "A" * 200}),
    Fault("types that do not pair with partners", "partner_type", "Types: 2, partners: 3",
          {**THREE, "partner_type": "Perusahaan swasta; BUMN"}),
    Fault("a misspelt unit", "kemnaker_unit", "Did you mean Ditjen Binalavotas?",
          cell("kemnaker_unit", "Ditjen Binalavots")),
    Fault("an unknown unit", "kemnaker_unit", "not a unit of the ministry",
          cell("kemnaker_unit", "Direktorat Antariksa")),
    Fault("two units that do not belong together", "kemnaker_unit", "not part of each other",
          cell("kemnaker_unit", "Sekretariat Jenderal (BBPVP Bandung)")),
    Fault("a title too long to keep", "title", "only 400 can be kept", cell("title", "A" * 401)),
    Fault("a place too long to keep", "place", "only 200 can be kept", cell("place", "A" * 201)),
    Fault("an event too long to keep", "event", "only 200 can be kept", cell("event", "A" * 201)),
    Fault("a commitment too long to keep", "commitments", "only 500 can be kept",
          cell("commitments", "Pendek;" + "A" * 501)),
    Fault("a signatory too long to keep", "signatory_partner", "only 150 can be kept",
          cell("signatory_partner", "A" * 151)),
    Fault("a post too long to keep", "signatory_kemnaker_position", "only 200 can be kept",
          cell("signatory_kemnaker_position", "A" * 201)),
    Fault("a number of the paper too long to keep", "number_kemnaker", "only 120 can be kept",
          cell("number_kemnaker", "A" * 121)),
    Fault("more numbers than partners", "number_partner", "Numbers: 2, parties: 1",
          {**COMPANY, "number_partner": "1/A; 2/B"}),
    Fault("a zero-width space in a name", "partner_name", "U+200B",
          {**COMPANY, "partner_name": "PT\u200b Contoh"}),
    Fault("a bell in a title", "title", "U+0007", cell("title", "Pelatihan\x07")),
    Fault("a NUL in a place", "place", "U+0000", cell("place", "Jakarta\x00")),
    Fault("a text that turns around", "signatory_kemnaker", "U+202E",
          cell("signatory_kemnaker", "Nama\u202eAmn")),
    Fault("a character that was lost", "place", "broken character", cell("place", "Ruang \ufffd")),
    Fault("a private character in a note", "conflict_note", "U+E000",
          cell("conflict_note", "Catatan \ue000")),
    Fault("a paper that renews nobody's", "renews", "neither in this file", cell("renews", "R999")),
    Fault("a paper that names two", "renews", "neither in this file", cell("renews", "R001; R002")),
    Fault("a line with a cell too few", "", "cells where the header has 25", line=dropped_cell),
    Fault("a line with a comma too many", "", "cells where the header has 25", line=lambda line: "x," + line),
    Fault("a quotation mark that never closes", "", "do not close", line=opened_quote),
    Fault("a cell longer than a spreadsheet's", "", "too long", line=lambda line: line + "A" * 40_000),
]  # fmt: skip

WARNED = [
    Fault("a weekday that is not the date's", "date_signed", "that day is a",
          cell("date_signed", "Kamis, 20 Maret 2024")),
    Fault("a theme nobody knows", "themes", "“sihir” is not in the list",
          cell("themes", "penempatan; sihir")),
    Fault("a partner that is nearly a known one", "partner_name", "looks like PT Bank Rakyat Indonesia",
          {**COMPANY, "partner_name": "PT Bank Rakyat Indonesa (Persero)"}),
    Fault("an acronym that a known partner has", "partner_name", "looks like Persatuan Insinyur Indonesia",
          {**COMPANY, "partner_name": "Pusat Informasi Industri (PII)"}),
    Fault("a partner under an alias", "partner_name", "is linked to Japan International Cooperation Agency",
          {**COMPANY, "partner_name": "JICA", "partner_type": "Lembaga internasional"}),
    Fault("a known partner under another type", "partner_name", "partner_type does not say",
          {**COMPANY, "partner_name": "PT Semen Padang"}),
    Fault("a unit under an old name", "kemnaker_unit", "is read as BBPVP Semarang",
          cell("kemnaker_unit", "BBPLK Semarang")),
    Fault("a row without a source", "sources", "names no source", cell("sources", "")),
    Fault("a day that is still to come", "date_signed", "still to come", cell("date_signed", "2099-12-31")),
    Fault("posts that do not pair with names", "signatory_partner_position", "Posts: 2, names: 1",
          {"signatory_partner": "Nama Uji", "signatory_partner_position": "Direktur; Komisaris"}),
]  # fmt: skip
