"""The packet of a ceremony as something that can be asked for and made in the background."""

from django.utils.text import slugify
from django.utils.translation import gettext

from partnerships.exports.ceremony import packet_page, pdf_of_ceremony
from partnerships.exports.extract import Refused
from partnerships.models import Agreement, SigningEvent
from partnerships.permissions import can_see_whole_register

# A packet of so many papers is made while its reader waits.
MOST_IN_REQUEST = 30


class Packet:
    """The packet of the event that the parameter ``event`` names. Raises Refused for a reader who may not
    have it, or for whom there is no such event."""

    def __init__(self, user, params):
        self.user, self.params = user, params
        self.issued = []
        events = SigningEvent.objects.visible_to(user).select_related("host")
        self.event = events.filter(slug=params.get("event", "")).first()
        if self.event is None:
            raise Refused(None, [gettext("There is no such event, or you may not see it.")])
        if not can_see_whole_register(user):
            raise Refused(None, [gettext("These files are for who sees the whole register.")])

    @property
    def count(self):
        return Agreement.objects.visible_to(self.user).papers().filter(event=self.event).count()

    @property
    def filters(self):
        return [f"{gettext('Event')}: {self.event.name}"]

    def file_name(self, form):
        return f"paket-{slugify(self.event.slug)}.{form}"

    def write(self, to, progress, *, in_order, findings_of):
        """The packet with its papers in the order that ``in_order`` gives and what is found of each."""
        papers = in_order(self.event, self.user)
        page = packet_page(self.event, papers, findings_of(papers), self.user)
        progress(len(papers) // 2)
        to.write(pdf_of_ceremony(page))
        self.issued.append(page.issue)
        progress(len(papers))
