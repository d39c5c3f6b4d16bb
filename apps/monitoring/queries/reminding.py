"""Who owes a report and who is told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from apps.accounts.models import GovernmentPolicy, Membership, Organization
from apps.core import clock
from apps.monitoring.models import (
    Period,
)
from apps.monitoring.queries.coverage import endorsed, unreported
from apps.monitoring.queries.reports import sent_reports
from apps.monitoring.rules import HEAD, OPERATOR


@dataclass(frozen=True)
class Owing:
    """A person who may still do something about a quarter's reports, and for how many applications."""

    person_id: int
    role: str
    organization_id: int
    missing: int


def owing_people(period: Period, role: str, within: Organization | None = None) -> list[Owing]:
    """People of the role, in force today, whose offices have reports to send; heads also where one is to endorse.

    A person with several offices is told of all of them at once. Four statements, however many offices.
    """
    government = period.government
    missing = dict(unreported(period).order_by().values_list("application__owner").annotate(Count("pk")))
    beneath = _offices_beneath(government.pk)
    members = Membership.objects.current(clock.today(government.zone)).filter(
        role=role, user__is_active=True, scope__in=beneath
    )
    offices: dict[int, set[int]] = defaultdict(set)
    seat: dict[int, int] = {}
    for person, scope in members.order_by("pk").values_list("user", "scope"):
        offices[person] |= beneath[scope] if within is None else beneath[scope] & beneath[within.pk]
        seat.setdefault(person, within.pk if within else scope)
    unsigned = _unendorsed(period) if role == HEAD else set()
    found = [
        Owing(person, role, seat[person], sum(missing.get(pk, 0) for pk in mine))
        for person, mine in offices.items()
        if any(pk in missing or pk in unsigned for pk in mine)
    ]
    return sorted(found, key=lambda one: one.person_id)


def executives_of(period: Period) -> list[Owing]:
    """The government's executives, with how many applications were not reported in time."""
    missing = unreported(period).count()
    today = clock.today(period.government.zone)
    members = Membership.objects.current(today).filter(role="executive", user__is_active=True, scope=period.government)
    people = sorted(set(members.values_list("user", flat=True)))
    return [Owing(person, "executive", period.government_id, missing) for person in people]


def _offices_beneath(government_id: int) -> dict[int, set[int]]:
    """Each office of the government with all beneath it, itself included."""
    parents = dict(Organization.objects.within(government_id).values_list("pk", "parent"))
    beneath: dict[int, set[int]] = {pk: {pk} for pk in parents}
    for pk in parents:
        above = parents[pk]
        while above in beneath:
            beneath[above].add(pk)
            above = parents[above]
    return beneath


def _unendorsed(period: Period) -> set[int]:
    """Offices with sent reports that nobody has endorsed, where the government asks for endorsement."""
    if not GovernmentPolicy.objects.filter(government=period.government_id, endorsement_required=True).exists():
        return set()
    sent = set(sent_reports(period).values_list("application__owner", flat=True))
    return sent - set(endorsed(period))


def last_reminders(period: Period) -> dict[int, datetime]:
    """When each office was last reminded of the quarter."""
    rows = period.reminders.filter(sent_at__isnull=False).values_list("organization")
    return dict(rows.annotate(Max("sent_at")).order_by())


def people_of(period: Period, office_ids: list[int]) -> dict[int, list[Membership]]:
    """Operators and heads in force of each office, also those seated above it."""
    parents = dict(Organization.objects.within(period.government_id).values_list("pk", "parent"))
    today = clock.today(period.government.zone)
    members: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.current(today).filter(role__in=[OPERATOR, HEAD], user__is_active=True, scope__in=parents)
    for member in rows.select_related("user").order_by("role", "user__name"):
        members[member.scope_id].append(member)
    return {pk: [member for above in _upwards(pk, parents) for member in members[above]] for pk in office_ids}


def _upwards(pk: int | None, parents: dict[int, int | None]) -> Iterable[int]:
    while pk is not None:
        yield pk
        pk = parents.get(pk)
