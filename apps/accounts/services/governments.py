"""What a government decides about its own process, and the calendar of its days off."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import GovernmentPolicy, Organization, Role
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.models import HolidayYear

POLICY_FIELDS = frozenset(field.name for field in GovernmentPolicy._meta.fields) - {"government"}


@transaction.atomic
def edit_policy(government: Organization, *, by: Actor, reason: str, **fields: Any) -> GovernmentPolicy:
    """Change the government's terms; what is already counted keeps the terms it began with."""
    if not rules.may_administer(by, government):
        raise PermissionDenied
    unknown = set(fields) - POLICY_FIELDS
    if unknown:
        raise ValidationError({name: [_("Isian tidak dikenal.")] for name in sorted(unknown)})
    policy = get_object_or_404(GovernmentPolicy.objects.select_for_update(), pk=government.pk)
    changed = {name: [getattr(policy, name), value] for name, value in fields.items() if getattr(policy, name) != value}
    for name, value in fields.items():
        setattr(policy, name, value)
    policy.save()
    record(by, "policy.edited", policy, reason=reason, organization=government, changed=changed)
    return policy


@transaction.atomic
def confirm_holidays(year: int, *, by: Actor, decree: str) -> HolidayYear:
    """Say that the days off of `year` were compared with the joint decree; deadlines across it can then be counted."""
    if not (by.is_system or by.has_role(Role.ADMINISTRATOR)):
        raise PermissionDenied
    row = get_object_or_404(HolidayYear.objects.select_for_update(), pk=year)
    if row.confirmed_at:
        raise RuleViolation(_("Hari libur tahun ini sudah dikonfirmasi."), "wrong_state")
    row.decree, row.confirmed_by, row.confirmed_at = decree, by.name, clock.now()
    row.save()
    record(by, "holidays.confirmed", row, decree=decree, days=row.days.count())
    return row
