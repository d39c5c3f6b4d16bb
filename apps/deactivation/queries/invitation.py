"""A desk session as an entry of its guests' calendars."""

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core import clock, icalendar
from apps.deactivation.models import DeskSession

FILE_NAME = "undangan.ics"
KIND = "text/calendar; charset=utf-8"


def as_calendar(session: DeskSession) -> str:
    """The invitation as iCalendar text; sent again after a change, calendars move or strike the same entry."""
    return icalendar.calendar(_("Desk reviu"), [entry_of(session)], clock.now())


def entry_of(session: DeskSession) -> icalendar.Entry:
    """The same entry wherever a calendar has it from: the file, the mail, or the feed of a person."""
    address = f"{settings.BASE_URL}{session.get_absolute_url()}"
    return icalendar.Entry(
        uid=f"desk-{session.pk}@portofolio-spbe",
        day=session.held_at.astimezone(session.government.zone).date(),
        summary=_("Desk reviu: %(title)s") % {"title": session.title},
        description=_("Agenda dan bukti: %(address)s") % {"address": address},
        url=address,
        starts_at=session.held_at,
        place=session.place,
        sequence=session.version,
        cancelled=session.status == DeskSession.Status.CANCELLED,
    )
