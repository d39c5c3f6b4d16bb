"""What the apps above know of an application, written set-based; and the holds they place."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from apps.audit.services import record
from apps.inventory import completeness
from apps.inventory.models import Application, Hold, Standing

COLUMNS = {
    "last_verdict": "text",
    "last_period": "text",
    "low_use": "boolean",
    "watched": "boolean",
    "active_users": "integer",
    "verdicts": "jsonb",
    "open_findings": "text[]",
    "open_case": "text",
    "completeness": "smallint",
}
EMPTY = {field.name: field.get_default() for field in Standing._meta.fields if field.name in COLUMNS}


def set_standing(rows: Iterable[dict[str, Any]]) -> int:
    """Write the given columns of many applications' standing in one statement; each row names `application_id`.

    All rows must name the same columns (see COLUMNS). Returns the number of rows written.
    """
    rows = list(rows)
    if not rows:
        return 0
    columns = sorted(set(rows[0]) - {"application_id"})
    unknown = set(columns) - set(COLUMNS)
    if unknown:
        raise ValueError(f"not columns of a standing: {sorted(unknown)}")
    with connection.cursor() as cursor:
        cursor.execute(_upsert(columns), [*_defaults(columns), json.dumps(rows)])
        return cursor.rowcount


def note_completeness(application: Application) -> None:
    """Keep how much of the national attributes is filled, for lists and counts."""
    completeness.write([application.pk])


def _upsert(columns: list[str]) -> str:
    others = [name for name in COLUMNS if name not in columns]
    given = ", ".join(f"r.{name}" for name in columns)
    shape = ", ".join(f"{name} {COLUMNS[name]}" for name in columns)
    fallback = "".join(f", %s::{COLUMNS[name]}" for name in others)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return (
        f"INSERT INTO inventory_standing (application_id, {', '.join([*columns, *others])}) "
        f"SELECT r.application_id, {given}{fallback} "
        f"FROM jsonb_to_recordset(%s::jsonb) AS r(application_id bigint, {shape}) ORDER BY 1 "
        f"ON CONFLICT (application_id) DO UPDATE SET {changes}"
    )


def _defaults(columns: list[str]) -> list[Any]:
    return [json.dumps(value) if name == "verdicts" else value for name, value in EMPTY.items() if name not in columns]


@transaction.atomic
def place_hold(application_id: int, *, by: Any, kind: str, reason: str) -> None:
    """Note that an upper app needs the record to stay as it is; a second hold of the kind changes its reason."""
    application = Application.objects.get(pk=application_id)
    Hold.objects.update_or_create(application=application, kind=kind, defaults={"reason": reason})
    record(by, "application.held", application, organization=application.owner, reason=reason, kind=kind)


@transaction.atomic
def release_hold(application_id: int, *, by: Any, kind: str) -> None:
    """Drop the hold of this kind, if there is one."""
    application = Application.objects.get(pk=application_id)
    if Hold.objects.filter(application=application, kind=kind).delete()[0]:
        record(by, "application.hold_released", application, organization=application.owner, kind=kind)
