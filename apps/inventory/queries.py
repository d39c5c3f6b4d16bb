"""Reading the register: what a person sees of it, completeness."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.apps import apps as registry
from django.db.models import Q, QuerySet

from apps.accounts.models import Membership, Organization
from apps.accounts.queries import as_called_then
from apps.audit.models import Event
from apps.inventory import fields, past
from apps.inventory.models import Address, Application, Hold, Placement, Reorganization

# What ended before it was registered stays with the office that began it.
STAYING = (Application.Status.WITHDRAWN, Application.Status.REFUSED)
BELONGING = ("application", "membership", "unit")


def seen(by: Any) -> QuerySet:
    """The applications of this reader with what a row shows, now or at the moment looked back to."""
    return past.visible(by).select_related("owner", "government", "standing")


def events_of(application: Application) -> QuerySet[Event]:
    """The acts on one record, newest first; of the past those before the moment looked back to."""
    events = Event.objects.filter(subject_type="inventory.application", subject_id=application.pk).order_by("-pk")
    moment = past.looking()
    return events.filter(at__lte=moment.at) if moment else events


def ids_of(by: Any, keys: Iterable[str]) -> QuerySet:
    """Ids of the records with these codes or references, of those the person may see."""
    known = list(keys)
    return Application.objects.visible_to(by).filter(Q(code__in=known) | Q(reference__in=known)).values("pk")


def ids_meant_by(code: str) -> QuerySet:
    """The record with this code, and the one it went into."""
    return Application.objects.filter(Q(code__iexact=code) | Q(merged_from__code__iexact=code)).values("pk")


def owners_then(asked: Iterable[tuple[Application, datetime | None]]) -> list[Organization]:
    """The owners of the records at those instants (None: now) under the names of then; two statements for all, and one
    more where a record has changed hands since."""
    pairs = list(asked)
    past = [application.pk for application, instant in pairs if instant]
    versions: dict[int, list[tuple[datetime, int]]] = {}
    if past:
        kept = registry.get_model("inventory", "ApplicationEvent").objects.filter(pgh_obj__in=past).order_by("pgh_id")
        for pk, at, owner in kept.values_list("pgh_obj_id", "pgh_created_at", "owner_id"):
            versions.setdefault(pk, []).append((at, owner))
    owners = [_owner_at(application, instant, versions.get(application.pk, [])) for application, instant in pairs]
    offices = {application.owner_id: application.owner for application, _instant in pairs}
    offices |= Organization.objects.in_bulk(set(owners) - set(offices)) if set(owners) - set(offices) else {}
    return as_called_then(
        (offices[owner], instant) for owner, (_application, instant) in zip(owners, pairs, strict=True)
    )


def _owner_at(application: Application, instant: datetime | None, versions: list[tuple[datetime, int]]) -> int:
    known = [version for version in versions if instant and version[0] <= instant] or versions[:1]
    return application.owner_id if instant is None or not known else known[-1][1]


def readable_addresses(by: Any) -> QuerySet:
    """Addresses this reader may know: the public only the public ones."""
    rows = Address.objects.all()
    return rows.filter(kind=Address.Kind.PUBLIC) if by.is_outside else rows


def is_filled(application: Application, name: str) -> bool:
    """Whether anything is said of the attribute."""
    if name == "reference_codes":
        return bool(application.references.all())
    if name == "attestation":
        return bool(application.attestations.all())
    if name == "relations":
        return bool(application.relations_out.all() or application.relations_in.all())
    if name in fields.ROW_ATTRIBUTES:
        return bool(getattr(application, name).all())
    return application.value(name) not in (None, "", [])


def belongings(office: Organization, on: date) -> dict[str, QuerySet]:
    """What an office has that a successor takes over: applications in every state, roles in force or to come, units."""
    tenures = Membership.objects.filter(seat=office, ended_at__isnull=True).order_by("pk")
    return {
        "application": Application.objects.filter(owner=office).exclude(status__in=STAYING).order_by("name", "pk"),
        "membership": tenures.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).select_related("seat", "user"),
        "unit": Organization.objects.filter(parent=office, active_until__isnull=True),
    }


def going_to(row: Reorganization, heir: Organization, thing: str, places: list[Placement]) -> QuerySet:
    """What of this kind goes to `heir` as things stand: what is placed there, and for the main heir what is placed nowhere."""
    rows = belongings(row.office, row.effective_on)[thing]
    placed = {getattr(place, f"{thing}_id"): place.to_id for place in places}
    here = [pk for pk, to in placed.items() if pk and to == heir.pk]
    elsewhere = [pk for pk, to in placed.items() if pk and to != heir.pk]
    return rows.exclude(pk__in=elsewhere) if heir.pk == row.into_id else rows.filter(pk__in=here)


def named_belongings(office: Organization, on: date) -> list[tuple[str, int, str]]:
    """What can be placed, one by one: word, id and a name for the person who places it."""
    names: dict[str, Any] = {
        "application": lambda row: f"{row.name} ({row.key})",
        "membership": lambda row: f"{row.user.name} – {row.get_role_display()}",
        "unit": lambda row: row.name,
    }
    return [(thing, row.pk, names[thing](row)) for thing, rows in belongings(office, on).items() for row in rows]


def belongings_in_numbers(office: Organization, on: date) -> dict[str, int]:
    """How many of each, with the open cases that follow their applications."""
    counts = {thing: rows.count() for thing, rows in belongings(office, on).items()}
    held = Hold.objects.filter(application__owner=office, kind="case").count()
    return {**counts, "case": held}


def what_moves(row: Reorganization) -> list[dict[str, Any]]:
    """A planned change office by office: what each successor gets as things stand today."""
    places = list(row.placements.select_related("to"))
    heirs = dict.fromkeys([*(place.to for place in places), *filter(None, [row.into])])
    parts = []
    for heir in heirs:
        going = {thing: list(going_to(row, heir, thing, places)) for thing in BELONGING}
        parts.append(
            {"heir": heir, "main": heir.pk == row.into_id, **{f"{thing}s": rows for thing, rows in going.items()}}
        )
    return parts
