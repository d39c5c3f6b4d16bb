"""Offices renamed, dissolved into another or split on a day: applications, roles and units go along, the past stays."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from apps.accounts import services as accounts
from apps.accounts.models import Organization
from apps.audit.services import record, record_each
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.inventory import queries, rules
from apps.inventory.models import Application, Placement, Reorganization, SavedView

Kind, Status = Reorganization.Kind, Reorganization.Status


@transaction.atomic
def plan_reorganization(
    *, by: Any, office: Organization, kind: str, effective_on: date, decree: str, reason: str = "",
    into: Organization | None = None, dissolves: bool = False, new_name: str = "", new_short_name: str = "",
    placements: Iterable[tuple[str, int, Organization]] = (),
) -> Reorganization:  # fmt: skip
    """Plan what happens to an office on a day; the clock carries it out, on the day itself also the administrator.

    `placements` says of a split which application, membership or unit (word and id) goes to which office; the rest goes
    to `into`, or stays where the office goes on.
    """
    if not rules.may_reorganize(by, office):
        raise PermissionDenied
    row = Reorganization(
        government=office.government_or_self, kind=kind, office=office, office_name=office.name, effective_on=effective_on,
        into=into if kind != Kind.RENAME else None, dissolves=kind == Kind.MERGE or (kind == Kind.SPLIT and dissolves),
        decree=decree.strip(), reason=reason.strip(), planned_by_name=by.name,
        new_name=new_name.strip() if kind == Kind.RENAME else "",
        new_short_name=new_short_name.strip() if kind == Kind.RENAME else "",
    )  # fmt: skip
    placed = list(placements) if kind == Kind.SPLIT else []
    _check(row, placed)
    row.code = codes.next_code("SOTK", clock.today(office.zone).year)
    _insert(row)
    for thing, pk, to in placed:
        Placement.objects.create(reorganization=row, to=to, **{f"{thing}_id": pk})
    record(by, "reorganization.planned", row, organization=office, reason=row.reason, kind=kind, decree=row.decree,
           effective_on=effective_on, into=into.code if into else "")  # fmt: skip
    return row


@transaction.atomic
def cancel_reorganization(code: str, *, by: Any, version: int, reason: str) -> Reorganization:
    """Take back a plan before its day; what has been carried out is changed by a further reorganisation."""
    row = _found(code, by, version)
    row.move_to(Status.CANCELLED)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa rencana dibatalkan.")]})
    row.save()
    record(by, "reorganization.cancelled", row, organization=row.office, reason=reason.strip())
    return row


@transaction.atomic
def execute_reorganization(code: str, *, by: Any, version: int | None = None) -> Reorganization:
    """Carry out a plan whose day has come: all of it or nothing. Closed quarters, letters and papers keep the old name."""
    row = _found(code, by, version)
    row.move_to(Status.EXECUTED)
    if row.effective_on > clock.today(row.government.zone):
        raise RuleViolation(_("Tanggal berlakunya belum tiba."), code="too_early")
    _check(row, [(_word(p), getattr(p, f"{_word(p)}_id"), p.to) for p in row.placements.select_related("to")])
    row.moved = _renamed(row, by) if row.kind == Kind.RENAME else _moved(row, by)
    row.executed_at, row.blocked_because = clock.now(), ""
    row.save()
    record(by, "reorganization.executed", row, organization=row.into or row.office, reason=row.reason,
           decree=row.decree, moved=row.moved, office=row.office.code)  # fmt: skip
    return row


@transaction.atomic
def note_blocked(code: str, *, by: Any, why: str) -> None:
    """Remember why the clock could not carry out a plan, for the administrator's page; said once."""
    row = _found(code, by, None)
    if row.status == Status.PLANNED and row.blocked_because != why:
        row.blocked_because = why
        row.save()
        record(by, "reorganization.blocked", row, organization=row.office, why=why)


def _found(code: str, by: Any, version: int | None) -> Reorganization:
    row = Reorganization.objects.visible_to(by).locked(code)
    if not rules.may_reorganize(by, row.office):
        raise PermissionDenied
    return Reorganization.objects.locked(row.pk, version)


def _insert(row: Reorganization) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "reorganization_one_planned_per_office" in str(error):
            raise RuleViolation(
                _("Kantor ini sudah mempunyai rencana lain. Batalkan dahulu rencana itu."), code="planned_already"
            ) from error
        raise


def _check(row: Reorganization, placed: list[tuple[str, int, Organization]]) -> None:
    """The plan fits the offices as they are now; the same at planning and on the day."""
    wrong: dict[str, list[str]] = {}
    if row.kind not in Kind.values:
        wrong["kind"] = [_("Pilih jenis perubahan.")]
    if not row.decree:
        wrong["decree"] = [_("Tuliskan nomor peraturan yang mendasarinya.")]
    if row.kind == Kind.RENAME and not row.new_name:
        wrong["new_name"] = [_("Tuliskan nama baru.")]
    if row.dissolves and row.into is None:
        wrong["into"] = [_("Pilih kantor penerus; kantor yang berakhir tidak boleh meninggalkan apa pun.")]
    for heir in filter(None, (row.into, *(to for _thing, _pk, to in placed))):
        if not _can_inherit(heir, row):
            wrong["into"] = [_("“%(name)s” tidak dapat menjadi penerus.") % {"name": heir.name}]
    if row.kind == Kind.SPLIT and not placed and row.into is None:
        wrong["into"] = [_("Pilih apa yang pindah, atau kantor penerusnya.")]
    if row.dissolves and row.into and row.office.function and row.into.function:
        wrong["into"] = [_("Kedua kantor mempunyai peran dalam proses. Kosongkan dahulu peran salah satunya.")]
    if unknown := {thing for thing, _pk, _to in placed} - set(queries.BELONGING):
        wrong["placements"] = [", ".join(sorted(unknown))]
    if wrong:
        raise ValidationError(wrong)
    if row.office.active_until or row.office.kind == Organization.Kind.GOVERNMENT:
        raise RuleViolation(_("Kantor ini sudah berakhir atau bukan kantor yang dapat diubah."), code="wrong_state")


def _can_inherit(heir: Organization, row: Reorganization) -> bool:
    living = heir.active_until is None and heir.kind != Organization.Kind.COLLECTIVE
    beneath = heir.parent_id == row.office_id and row.dissolves and row.kind == Kind.MERGE
    return living and heir.pk != row.office_id and heir.government_or_self == row.government and not beneath


def _renamed(row: Reorganization, by: Any) -> dict[str, Any]:
    office = row.office
    fields = {"name": row.new_name, "short_name": row.new_short_name}
    accounts.edit_organization(office.code, by=by, version=office.version, reason=row.decree, **fields)
    return {"name": [row.office_name, row.new_name]}


def _moved(row: Reorganization, by: Any) -> dict[str, Any]:
    """What is placed goes to its office, the rest to the main heir; the old office ends when it is to end."""
    places = list(row.placements.select_related("to"))
    moved = {"applications": 0, "memberships": 0, "ended": 0, "units": 0}
    for heir in dict.fromkeys([*(place.to for place in places), *filter(None, [row.into])]):
        _to_heir(row, heir, places, by, moved)
    if row.dissolves:
        _end(row, by)
    return moved


def _to_heir(row: Reorganization, heir: Organization, places: list[Placement], by: Any, moved: dict[str, int]) -> None:
    going = {thing: queries.going_to(row, heir, thing, places) for thing in queries.BELONGING}
    moved["applications"] += _reassign(going["application"], heir, by, row)
    for unit in going["unit"].exclude(pk=heir.pk):
        accounts.edit_organization(unit.code, by=by, version=unit.version, reason=row.decree, parent=heir)
        moved["units"] += 1
    for membership in going["membership"].select_related("seat", "user").order_by("pk"):
        again = accounts.move_membership(membership, to=heir, by=by, on=row.effective_on, reason=row.decree)
        moved["memberships" if again else "ended"] += 1


def _reassign(rows: QuerySet, heir: Organization, by: Any, row: Reorganization) -> int:
    """The applications belong to the heir now, whatever state they are in; open cases and reports are read through them."""
    records = list(rows.order_by("pk").select_for_update(of=("self",)))
    ids = [application.pk for application in records]
    Application.objects.filter(pk__in=ids).update(owner=heir, version=F("version") + 1, updated_at=clock.now())
    said = {"former": row.office.code, "owner": heir.code, "reorganization": row.code}
    return record_each(by, "application.reassigned", records, organization=heir, reason=row.decree, **said)


def _end(row: Reorganization, by: Any) -> None:
    """The old office keeps its past and can own nothing more; its part in the process and its keys go to the heir."""
    office, heir = Organization.objects.get(pk=row.office_id), Organization.objects.get(pk=row.into_id or 0)
    function = office.function
    if function:
        accounts.edit_organization(office.code, by=by, version=office.version, reason=row.decree, function="")
        accounts.edit_organization(heir.code, by=by, version=heir.version, reason=row.decree, function=function)
    SavedView.objects.filter(organization=office).update(organization=heir)
    accounts.move_keys(office, to=heir, by=by)
    present = Organization.objects.get(pk=office.pk)
    accounts.deactivate_organization(
        present.code, by=by, version=present.version, reason=row.decree, on=row.effective_on - timedelta(days=1)
    )


def _word(place: Placement) -> str:
    return next(thing for thing in queries.BELONGING if getattr(place, f"{thing}_id"))
