"""Reads about people and offices."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime
from itertools import islice
from typing import Any

from django.apps import apps as registry
from django.db import connection
from django.db.models import Count, Model, Q, QuerySet

from apps.accounts.actor import Actor
from apps.accounts.models import Membership, Organization, Role, User
from apps.core import clock
from apps.core.models import Holiday, HolidayYear

_READ: list[tuple[str, type[Model]]] = [
    ("held", Membership), ("seat", Organization), ("of_seat", Organization), ("scope", Organization), ("person", User),
]  # fmt: skip
_NAMES = {model: [field.attname for field in model._meta.concrete_fields] for _alias, model in _READ}
_COLUMNS = ", ".join(f'{alias}."{field.column}"' for alias, model in _READ for field in model._meta.concrete_fields)
# Read for every request somebody signed in for: the ORM took longer to word it than PostgreSQL to answer.
_TENURES = f"""SELECT {_COLUMNS}, core_now() FROM accounts_membership held
JOIN accounts_organization seat ON seat.id = held.seat_id
LEFT JOIN accounts_organization of_seat ON of_seat.id = seat.government_id
JOIN accounts_organization scope ON scope.id = held.scope_id
JOIN accounts_user person ON person.id = held.user_id
WHERE held.{{column}} = %s AND held.ended_at IS NULL ORDER BY held.id"""


def current_memberships(user: User) -> list[Membership]:
    """The person's memberships in force today, each by the calendar of its own government's zone."""
    return _in_force("user_id", user.pk, user)


def membership_in_force(pk: int) -> Membership | None:
    """The membership with its person if it is in force today, else None."""
    return next(iter(_in_force("id", pk)), None)


def _in_force(column: str, key: int, user: User | None = None) -> list[Membership]:
    with connection.cursor() as cursor:
        cursor.execute(_TENURES.format(column=column), [key])
        held = [(_with_its_own(row, user), row[-1]) for row in cursor.fetchall()]
    return [row for row, moment in held if row.in_force(moment.astimezone(row.seat.zone).date())]


def _with_its_own(row: Sequence, user: User | None) -> Membership:
    """A membership with its seat below a government, its scope and its person, each from its part of the row."""
    parts = iter(row)
    membership, seat, government, scope, person = (_next(model, parts) for _alias, model in _READ)
    seat.government = government if government.pk else None
    membership.seat, membership.scope, membership.user = seat, scope, user or person
    return membership


def _next(model: type[Model], parts: Iterator) -> Any:
    names = _NAMES[model]
    return model.from_db(connection.alias, names, list(islice(parts, len(names))))


def actor_of_session(user: Any, session: Any) -> tuple[Actor, Membership | None, list[Membership]]:
    """The actor chosen in this session, else of the first membership, else the public; and the choices."""
    memberships = current_memberships(user) if user.is_authenticated else []
    if not memberships:
        return Actor.anonymous(), None, []
    chosen = next((m for m in memberships if m.pk == session.get("membership")), memberships[0])
    return Actor.of(chosen), chosen, memberships


def delegates(by: Actor) -> list[Membership]:
    """Operators of the head's offices whose role has a last day that is not over, by that day."""
    rows = Membership.objects.filter(seat__in=by.organization_ids, role=Role.OPERATOR, ended_at__isnull=True)
    rows = rows.exclude(ends_on=None).select_related("user", "seat__government").order_by("ends_on", "user__name")
    instant = clock.now()
    return [row for row in rows if row.ends_on and row.ends_on >= instant.astimezone(row.seat.zone).date()]


def colleagues(by: Actor) -> list[tuple[int, str]]:
    """Ids and names of who works or worked in the head's offices, oneself and operators of the head's own seat aside."""
    rows = User.objects.filter(is_active=True, memberships__seat__in=by.organization_ids).exclude(pk=by.person_id)
    reporting = Membership.objects.filter(role=Role.OPERATOR, seat=by.seat_id, ended_at__isnull=True, ends_on=None)
    rows = rows.exclude(pk__in=reporting.values("user")).distinct().order_by("name")
    return [(person.pk, person.name) for person in rows]


def people(by: Actor, text: str = "", role: str = "") -> QuerySet[User]:
    """People the administrator looks after, by name, sign-in name or NIP, and by a role they hold."""
    rows = User.objects.visible_to(by).prefetch_related("memberships__seat").order_by("name")
    if text:
        rows = rows.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(nip=text) | Q(email__icontains=text)
        )
    if role:
        rows = rows.filter(pk__in=Membership.objects.filter(role=role, ended_at__isnull=True).values("user"))
    return rows


def offices(by: Actor, text: str = "", kind: str = "", *, ended: bool = False) -> QuerySet[Organization]:
    """Offices of the own government; dissolved ones only when asked for."""
    rows = Organization.objects.visible_to(by).select_related("parent").order_by("name")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(short_name__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    return rows if ended else rows.filter(active_until__isnull=True)


def names_on(instant: datetime, ids: Iterable[int]) -> dict[int, str]:
    """What these offices were called at that instant, from the history of their rows; those not yet founded are left out."""
    rows = registry.get_model("accounts", "OrganizationEvent").objects.filter(
        pgh_obj__in=set(ids), pgh_created_at__lte=instant
    )
    last = rows.order_by("pgh_obj_id", "-pgh_created_at", "-pgh_id").distinct("pgh_obj_id")
    return dict(last.values_list("pgh_obj_id", "name"))


def as_called_then(asked: Iterable[tuple[Organization, datetime | None]]) -> list[Organization]:
    """The offices under the names they had at those instants (None: now), for showing only; one statement for all."""
    pairs = list(asked)
    past = {office.pk for office, instant in pairs if instant}
    versions: dict[int, list[tuple[datetime, str, str]]] = {}
    if past:
        rows = registry.get_model("accounts", "OrganizationEvent").objects.filter(pgh_obj__in=past).order_by("pgh_id")
        for pk, *version in rows.values_list("pgh_obj_id", "pgh_created_at", "name", "short_name"):
            versions.setdefault(pk, []).append(tuple(version))
    return [_called(office, instant, versions.get(office.pk, [])) for office, instant in pairs]


def _called(office: Organization, instant: datetime | None, versions: list[tuple[datetime, str, str]]) -> Organization:
    known = [version for version in versions if instant and version[0] <= instant] or versions[:1]
    if instant is None or not known:
        return office
    former = copy(office)
    _since, former.name, former.short_name = known[-1]
    return former


def holiday_years() -> QuerySet[HolidayYear]:
    """Years with their number of days off, newest first."""
    return HolidayYear.objects.annotate(
        holidays=Count("days", filter=Q(days__kind=Holiday.Kind.NATIONAL)),
        joint_leave=Count("days", filter=Q(days__kind=Holiday.Kind.JOINT_LEAVE)),
    )
