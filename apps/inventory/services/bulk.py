"""Many records of the register at once: set-based, one event with counts and a checksum."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import completeness
from apps.inventory.fields import ATTRIBUTES
from apps.inventory.models import Application, ConfirmedFacts


@transaction.atomic
def enrich(rows: dict[int, dict[str, Any]], *, by: Any, reason: str) -> int:
    """Write attributes of many registered records (id to {attribute: value}) and confirm their exemption facts.

    All rows name the same attributes. For the system and reviewers; they stand for what they write.
    """
    if not (by.is_system or by.has_role("reviewer")):
        raise PermissionDenied
    names = sorted(next(iter(rows.values()), {}))
    _refuse_unknown(names)
    records = list(Application.objects.visible_to(by).filter(pk__in=rows, status="registered").select_for_update())
    now = clock.now()
    for application in records:
        for name in names:
            setattr(application, name, rows[application.pk][name])
        application.version, application.updated_at = application.version + 1, now
    Application.objects.bulk_update(records, [*names, "version", "updated_at"], batch_size=500)
    _confirm(records, by)
    completeness.write([application.pk for application in records])
    if records:
        record(by, "applications.enriched", records[0].government, organization=records[0].government, reason=reason,
               count=len(records), attributes=names, checksum=_checksum(rows))  # fmt: skip
    return len(records)


def _refuse_unknown(names: Sequence[str]) -> None:
    editable = {attribute.name for attribute in ATTRIBUTES if attribute.step}
    unknown = set(names) - editable
    if unknown:
        raise RuleViolation(_("Isian tidak dikenal: %(names)s.") % {"names": ", ".join(sorted(unknown))}, "unknown")


def _confirm(records: list[Application], by: Any) -> None:
    ConfirmedFacts.objects.bulk_create(
        ConfirmedFacts(
            application=application,
            ownership=application.ownership,
            operating_since=application.operating_since,
            season_months=application.season_months,
            confirmed_by_id=by.person_id,
            confirmed_by_name=by.name,
        )
        for application in records
    )


def _checksum(rows: dict[int, dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
