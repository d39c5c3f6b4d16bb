"""Reads that join the apps below: the days a person has to keep in mind."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.actor import Actor
from apps.accounts.models import Membership, User
from apps.audit.models import Event
from apps.core import clock
from apps.core.icalendar import Entry
from apps.deactivation.models import Case, Condition, DeskSession, Letter
from apps.deactivation.queries import invitation
from apps.monitoring import rules as monitoring
from apps.monitoring.models import ExplanationRequest, Period

REPORTS = ("operator", "agency_head", "reviewer", "executive")
OFFICE = ("operator", "agency_head")
ABOUT_A_DAY = ("session.scheduled", "session.invited", "session.cancelled")


def actors_of(person: User) -> list[Actor]:
    """The person in each role in force today, wherever it is."""
    members = Membership.objects.filter(user=person).select_related("user", "seat__government", "scope__government")
    return [Actor.of(member) for member in members if member.in_force(clock.today(member.seat.zone))]


def deadlines(person: User) -> list[Entry]:
    """Every day ahead and of late that concerns the person in any role, each once, in order."""
    found = {entry.uid: entry for by in actors_of(person) for read in _READS for entry in read(by)}
    return sorted(found.values(), key=lambda entry: (entry.day, entry.uid))


def attachments(event: Event) -> list[tuple[str, str, str]]:
    """What goes with the mail about an event, as name, text and type: the calendar entry of a desk session."""
    if event.verb not in ABOUT_A_DAY or event.subject_id is None:
        return []
    session = DeskSession.objects.select_related("government").get(pk=event.subject_id)
    return [(invitation.FILE_NAME, invitation.as_calendar(session), "text/calendar")]


def _quarters(by: Any) -> list[Entry]:
    if not by.has_role(*REPORTS):
        return []
    rows = Period.objects.visible_to(by).exclude(status=Period.Status.CLOSED).select_related("government")
    return [
        _entry(
            "triwulan",
            row.pk,
            monitoring.last_day(row),
            _("Batas laporan %(quarter)s") % {"quarter": row},
            f"{reverse('monitoring:board')}?triwulan={row.code}",
        )
        for row in rows
    ]


def _explanations(by: Any) -> list[Entry]:
    if not by.has_role(*OFFICE, "reviewer"):
        return []
    rows = ExplanationRequest.objects.visible_to(by).filter(status=ExplanationRequest.Status.ASKED)
    return [
        _entry(
            "penjelasan",
            row.pk,
            row.due_on,
            _("Penjelasan %(name)s") % {"name": row.application.name},
            reverse("monitoring:explanation", args=[row.code]),
        )
        for row in rows.select_related("application")
    ]


def _letters(by: Any) -> list[Entry]:
    if not by.has_role(*OFFICE, "reviewer"):
        return []
    rows = Letter.objects.visible_to(by).waiting()
    return [
        _entry(
            "surat",
            row.pk,
            row.due_on,
            _("Batas jawab surat %(code)s") % {"code": row.code},
            reverse("deactivation:letter_detail", args=[row.code]),
        )
        for row in rows
    ]


def _conditions(by: Any) -> list[Entry]:
    if not by.has_role(*OFFICE, "reviewer"):
        return []
    seen = Q(case__in=Case.objects.visible_to(by), status=Condition.Status.OPEN)
    return [
        _entry(
            "syarat",
            row.pk,
            row.due_on,
            _("Syarat %(name)s") % {"name": row.case.application.name},
            row.case.get_absolute_url(),
            row.text,
        )
        for row in Condition.objects.filter(seen).select_related("case__application")
    ]


def _sessions(by: Any) -> list[Entry]:
    return [invitation.entry_of(row) for row in DeskSession.objects.awaiting(by).select_related("government")]


_READS = (_quarters, _explanations, _letters, _conditions, _sessions)


def _entry(kind: str, pk: int, day: Any, summary: str, path: str, description: str = "") -> Entry:
    address = f"{settings.BASE_URL}{path}"
    return Entry(f"{kind}-{pk}@portofolio-spbe", day, summary, description or address, address)
