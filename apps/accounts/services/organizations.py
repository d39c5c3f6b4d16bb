"""Offices: founded, renamed, dissolved."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import GovernmentPolicy, Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation

FIELDS = ("name", "short_name", "kind", "function", "parent", "active_from")


@transaction.atomic
def create_organization(*, by: Actor, name: str, government: Organization | None, **fields: Any) -> Organization:
    """Found an office, or with `government=None` a government with its policy row."""
    if not (by.is_system if government is None else rules.may_administer(by, government)):
        raise PermissionDenied
    row = Organization(name=name, government=government, code=_free_code(name), **fields)
    if government is not None and row.parent is None and row.kind != Organization.Kind.COLLECTIVE:
        row.parent = government
    _check(row)
    row.save()
    if government is None:
        GovernmentPolicy.objects.create(government=row)
    record(by, "organization.created", row, organization=row, name=name, kind=row.kind)
    return row


@transaction.atomic
def edit_organization(code: str, *, by: Actor, version: int, reason: str = "", **fields: Any) -> Organization:
    """Rename an office or correct its place; the former name stays in the row history."""
    row = _office(code, by, version)
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        if name not in FIELDS:
            raise ValidationError({name: [_("Isian ini tidak dapat diubah.")]})
        setattr(row, name, value)
    _check(row)
    _save(row)
    changed = {name: [str(old or ""), str(fields[name] or "")] for name, old in before.items() if old != fields[name]}
    record(by, "organization.edited", row, reason=reason, organization=row, changed=changed)
    return row


@transaction.atomic
def deactivate_organization(code: str, *, by: Actor, version: int, reason: str, on: date | None = None) -> Organization:
    """Dissolve an office; its people must hold no role there any more."""
    row = _office(code, by, version)
    if row.active_until:
        raise RuleViolation(_("Organisasi ini sudah tidak aktif."), "wrong_state")
    if row.kind == Organization.Kind.GOVERNMENT:
        raise RuleViolation(_("Pemerintah daerah tidak dapat dinonaktifkan."), "government_stays")
    if row.children.filter(active_until__isnull=True).exists():
        raise RuleViolation(_("Masih ada unit aktif di bawahnya. Pindahkan atau nonaktifkan dahulu."), "has_children")
    today = clock.today(row.zone)
    if any(m.in_force(today) for m in row.seated.filter(ended_at__isnull=True)):
        raise RuleViolation(
            _("Masih ada orang yang memegang peran di sana. Akhiri dahulu peran mereka."), "has_members"
        )
    row.active_until = on or today
    _save(row)
    record(by, "organization.deactivated", row, reason=reason, organization=row, on=row.active_until)
    return row


@transaction.atomic
def reactivate_organization(code: str, *, by: Actor, version: int, reason: str) -> Organization:
    """Take back a dissolution made by mistake."""
    row = _office(code, by, version)
    if not row.active_until:
        raise RuleViolation(_("Organisasi ini masih aktif."), "wrong_state")
    row.active_until = None
    _save(row)
    record(by, "organization.reactivated", row, reason=reason, organization=row)
    return row


def _office(code: str, by: Actor, version: int | None) -> Organization:
    row = Organization.objects.visible_to(by).locked(code, version)
    if not rules.may_administer(by, row):
        raise PermissionDenied
    return row


def _save(row: Organization) -> None:
    row.version += 1
    row.save()


def _check(row: Organization) -> None:
    """The place in the tree and the unique part in the process, said in words before the database says it."""
    wrong = {}
    if row.function:
        twin = Organization.objects.filter(government=row.government, function=row.function).exclude(pk=row.pk).first()
        if twin:
            wrong["function"] = [
                _("Peran ini sudah dipegang %(office)s. Kosongkan di sana dahulu.") % {"office": twin.name}
            ]
    if row.parent and _is_under(row.parent, row):
        wrong["parent"] = [_("Organisasi tidak dapat berada di bawah dirinya sendiri.")]
    if row.parent and row.government and row.parent.government_or_self != row.government:
        wrong["parent"] = [_("Induk harus dari pemerintah daerah yang sama.")]
    if row.kind == Organization.Kind.GOVERNMENT and not row.time_zone:
        wrong["time_zone"] = [_("Pemerintah daerah memerlukan zona waktu.")]
    if wrong:
        raise ValidationError(wrong)


def _is_under(candidate: Organization | None, row: Organization) -> bool:
    while candidate is not None and row.pk is not None:
        if candidate.pk == row.pk:
            return True
        candidate = candidate.parent
    return False


def _free_code(name: str) -> str:
    base = slugify(name)[:70] or "organisasi"
    taken = set(Organization.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
