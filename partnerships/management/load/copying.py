"""Rows on their way into the tables by COPY: gathered, and sent in an order that every key allows."""

import io

# Every column that a row of the load says something in; a table is sent before what refers to it.
COLUMNS = {
    "accounts_user": (
        "id password is_superuser email name language shortcuts is_active is_staff date_joined session_seed"
    ),
    "partnerships_organization": "id name slug short_name kind parent_id region_id collective version",
    "partnerships_person": "id name title_before title_after version",
    "partnerships_signingevent": (
        "id name slug held_earliest held_latest held_precision place host_id source agenda version"
    ),
    "partnerships_eventexpectation": "id event_id partner_class papers",
    "partnerships_agreement": (
        "id ref external_source external_id kind title status signed_earliest signed_latest"
        " signed_precision place event_id represents implements_id renews_id certainty published_at"
        " version created_at created_by_id"
    ),
    "partnerships_party": "id agreement_id organization_id position number contact_details",
    "partnerships_term": (
        "id agreement_id position reason starts_earliest starts_latest starts_precision ends_earliest"
        " ends_latest ends_precision ends_open duration_months ended_early agreed_earliest agreed_latest"
        " agreed_precision closed_because"
    ),
    "partnerships_statuschange": "id agreement_id old new effective_on recorded_at by_id reason",
    "partnerships_agreementtheme": "id agreement_id theme_id",
    "partnerships_signatory": (
        "id agreement_id party_id person_id post capacity on_behalf_of letter presence position"
    ),
    "partnerships_sourcedfact": "id agreement_id field value source certainty in_force flag recorded_at",
    "partnerships_commitment": (
        "id agreement_id position text clause owed_by_id owed_to_id indicator_id target due recurrence"
        " cumulative owner_id proof_wanted funding source demonstration version created_at created_by_id"
    ),
    "partnerships_progressreport": (
        "id commitment_id period_start period_end status value note obstacle obstacle_note next_step"
        " written_by_id writers submitted_by_id submitted_at decided_by_id decided_at source demonstration"
        " version"
    ),
    "partnerships_reportmove": "id report_id old new by_id at reason",
    "partnerships_document": ("id agreement_id purpose title dated_precision language original_place"),
    "partnerships_storedfile": (
        "id document_id number key name media_type size sha256 place_removed uploaded_by_id uploaded_at"
    ),
    "partnerships_filetext": "file_id state pages pages_by_ocr read_at",
    "partnerships_pagetext": "id file_id page text by_ocr",
}
# Characters that are gathered before they are sent.
_ENOUGH = 16_000_000


class Copies:
    """Takes rows, gives them ids, and writes them with ``cursor`` when enough have come together."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.rows = dict.fromkeys(COLUMNS, 0)
        self._lines = {table: [] for table in COLUMNS}
        self._waiting = 0
        self._known = set()
        self._next = {table: self._first_id(table) for table in COLUMNS if self._has_ids(table)}

    def add(self, table, *values):
        """One row, its values in the order of COLUMNS without the id; the id it has now."""
        row = self._next[table]
        self._next[table] = row + 1
        self._take(table, (row, *values))
        return row

    def add_plain(self, table, *values):
        """One row of a table whose key is that of another."""
        self._take(table, values)

    def send_when_enough(self):
        if self._waiting > _ENOUGH:
            self.send()

    def send(self):
        for table, lines in self._lines.items():
            if not lines:
                continue
            columns = ", ".join(COLUMNS[table].split())
            self.cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO("".join(lines)))
            lines.clear()
            if table not in self._known:
                # Or keys to a table that was empty a moment ago are looked up row by row.
                self.cursor.execute(f"ANALYZE {table}")
                self._known.add(table)
        self._waiting = 0

    def finish(self):
        """Send the last rows and let the sequences go on behind them."""
        self.send()
        for table, following in self._next.items():
            self.cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, following]
            )

    def _take(self, table, values):
        line = "\t".join(["\\N" if value is None else str(value) for value in values]) + "\n"
        self._lines[table].append(line)
        self._waiting += len(line)
        self.rows[table] += 1

    def _first_id(self, table):
        self.cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return self.cursor.fetchone()[0]

    @staticmethod
    def _has_ids(table):
        return COLUMNS[table].startswith("id ")
