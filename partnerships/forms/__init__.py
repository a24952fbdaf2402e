from partnerships.actions.standing import record_of
from partnerships.forms.ceremony import CeremonySheet
from partnerships.forms.comparison import differences
from partnerships.forms.decisions import MoveForm, PublishForm
from partnerships.forms.event_plan import EventChangeForm, EventForm
from partnerships.forms.lines import MOST_ROWS
from partnerships.forms.names import KnownOrganizations
from partnerships.forms.new_paper import NewSheet
from partnerships.forms.paper_change import ChangeSheet
from partnerships.forms.sheet import PARTS
from partnerships.forms.signing import SigningForm
from partnerships.forms.stage import StageForm

__all__ = [
    "MOST_ROWS",
    "PARTS",
    "CeremonySheet",
    "ChangeSheet",
    "EventChangeForm",
    "EventForm",
    "KnownOrganizations",
    "MoveForm",
    "NewSheet",
    "PublishForm",
    "SigningForm",
    "StageForm",
    "differences",
    "record_of",
]
