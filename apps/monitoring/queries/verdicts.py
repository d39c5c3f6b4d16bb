"""What was judged, and what followed."""

from typing import Any

from django.db import connection

from apps.core.quarter import Quarter
from apps.inventory.models import Application
from apps.monitoring.models import (
    Assessment,
    CountRestart,
    Finding,
    Period,
)
from apps.monitoring.rules import Judged, Restart

# SHA-256 of a period's verdicts and the checksums of their evidence, in the order of the applications' keys.
REGISTER_STATE = """encode(sha256(convert_to(coalesce(string_agg(application_id || ':' || verdict || ':' || checksum, E'\\n'
    ORDER BY application_id), ''), 'UTF8')), 'hex')"""


def history_of(application: Application | int) -> list[Judged]:
    """Every closed quarter of one application in force, oldest first."""
    pk = application if isinstance(application, int) else application.pk
    closed = Assessment.objects.published().in_force().filter(application=pk)
    rows = closed.values_list("period__year", "period__quarter", "verdict", "owner_id", "period__thresholds__look_back")
    return sorted((Judged(Quarter(y, q), *judged) for y, q, *judged in rows), key=lambda judged: judged.quarter)


def restarts_of(application_id: int) -> list[Restart]:
    """From which quarters the count began anew."""
    rows = CountRestart.objects.filter(application=application_id).values_list("year", "quarter", "kinds")
    return [Restart(Quarter(y, q), frozenset(kinds)) for y, q, kinds in rows]


def assessments_of(application: Application, by: Any, quarters: int = 8) -> list[Assessment]:
    """The last `quarters` assessments in force, newest first."""
    found = Assessment.objects.visible_to(by).in_force().filter(application=application).select_related("period")
    return list(found[:quarters])


def standing_finding(application_id: int, kind: str) -> Finding | None:
    """The finding of this kind that has not ended, if there is one."""
    return Finding.objects.published().standing().filter(application=application_id, kind=kind).first()


def register_state(period: Period) -> str:
    """The register as the close of the period saw it; late corrections leave it as it was."""
    said = f"SELECT {REGISTER_STATE} FROM monitoring_assessment WHERE period_id = %s AND corrects_id IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(said, [period.pk])
        return cursor.fetchone()[0]
