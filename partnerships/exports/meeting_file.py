"""The papers of an evaluation meeting as something that can be asked for and made in the background."""

from django.utils.translation import gettext

from partnerships.exports.extract import Refused
from partnerships.exports.meeting import handout_page, pdf_of_handout, pdf_of_slides, slides_page
from partnerships.models import EvaluationMeeting
from partnerships.permissions import can_see_whole_register

# The pages of so many partners are made while their reader waits.
MOST_IN_REQUEST = 5


class Handout:
    """The hand-out of the frozen meeting that the parameter ``meeting`` names. Raises Refused where the
    reader knows of none."""

    stem = "bahan"
    page_of = staticmethod(handout_page)
    pdf_of = staticmethod(pdf_of_handout)

    def __init__(self, user, params):
        self.user, self.params = user, params
        self.issued = []
        number = params.get("meeting", "")
        meetings = EvaluationMeeting.objects.visible_to(user).filter(frozen_at__isnull=False)
        meetings = meetings.select_related("previous", "frozen_by")
        known = number.isascii() and number.isdigit() and len(number) < 10
        self.meeting = meetings.filter(pk=number).first() if known else None
        if self.meeting is None:
            raise Refused(None, [gettext("There is no such meeting, or you may not see it.")])

    @property
    def count(self):
        return self.meeting.partners.visible_to(self.user).count()

    @property
    def filters(self):
        return [f"{gettext('Meeting')}: {self.meeting.title}"]

    def file_name(self, form):
        return f"rapat-{self.meeting.pk}-{self.stem}.{form}"

    def write(self, to, progress, *, shown_of, sheets_of):
        """The file; ``shown_of`` gives the meeting as its reader sees it, ``sheets_of`` a sheet of each
        partner."""
        shown = shown_of(self.meeting, self.user)
        page = self.page_of(shown, sheets_of(shown.partners), self.user)
        progress(len(shown.partners) // 2)
        to.write(self.pdf_of(page))
        self.issued.append(page.issue)
        progress(len(shown.partners))


class Slides(Handout):
    """The slides, for who sees the whole register."""

    stem = "paparan"
    page_of = staticmethod(slides_page)
    pdf_of = staticmethod(pdf_of_slides)

    def __init__(self, user, params):
        super().__init__(user, params)
        if not can_see_whole_register(user):
            raise Refused(None, [gettext("These files are for who sees the whole register.")])
