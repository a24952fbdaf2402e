"""What of a paper has a history, and the words in which it is told."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Addendum,
    Agreement,
    AgreementTheme,
    ClauseText,
    Commitment,
    Document,
    Party,
    Signatory,
    SourcedFact,
    Term,
    WorkLocation,
)

TRACKED = (
    Agreement,
    Party,
    Signatory,
    Addendum,
    Term,
    ClauseText,
    AgreementTheme,
    WorkLocation,
    Commitment,
    SourcedFact,
    Document,
)
# What the portal keeps for itself and nobody reads.
SILENT = {
    "id",
    "agreement",
    "version",
    "entry_key",
    "created_at",
    "created_by",
    "recorded_at",
    "position",
    # Said on the paper as it stands; who was left out of it must not go on to be reached from its history.
    "contact_details",
}
PARTIAL = {
    "signed": _("date of signing"),
    "starts": _("begins"),
    "ends": _("ends"),
    "agreed": _("end that had been agreed"),
    "dated": _("date on the document"),
}
NOUNS = {
    Party: _("Party"),
    Signatory: _("Signatory"),
    Term: _("Term"),
    Addendum: _("Addendum"),
    ClauseText: _("Wording of a clause"),
    AgreementTheme: _("Theme"),
    WorkLocation: _("Work location"),
    Commitment: _("Commitment"),
    SourcedFact: _("Value from a source"),
    Document: _("Document"),
}
VERBS = {
    "agreement.register": _("Entered the paper"),
    "agreement.revise": _("Changed the paper"),
    "agreement.move": _("Moved the paper along its life"),
    "agreement.enter_stage": _("Recorded a stage"),
    "agreement.hang_below": _("Hung the paper below another one"),
    "agreement.publish": _("Made the paper public"),
    "agreement.unpublish": _("Took the paper back from the public"),
    "person.correct": _("Corrected the data of a person at their request"),
    "person.restrict": _("Restricted the data of a person at their request"),
    "person.lift_restriction": _("Lifted the restriction of a person's data"),
    "person.erase": _("Erased the data of a person at their request"),
    "retention.destroy": _("A paper that was bound up with it was destroyed after its period"),
    "dormancy.decide": _("Decided what becomes of the paper, which sleeps"),
    "term.extend": _("Extended the paper"),
    "term.end_early": _("Ended the term early"),
    "addendum.add": _("Recorded an addendum"),
    "addendum.correct": _("Corrected an addendum"),
    "commitment.log": _("Logged a commitment"),
    "commitment.change": _("Changed a commitment"),
    "commitment.withdraw": _("Withdrew a commitment"),
    "document.file": _("Filed a document"),
    "document.change": _("Corrected what is said of a document"),
    "document.withdraw": _("Withdrew a document"),
}
DOORS = {
    "page": _("on a page of the portal"),
    "admin": _("in the administration"),
    "import": _("by an import"),
    "command": _("by a command of the operators"),
}
