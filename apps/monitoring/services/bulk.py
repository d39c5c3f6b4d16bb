"""Reports, counters and probes by the thousand: set-based, one event with counts and a checksum."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory.models import Application
from apps.monitoring import rules
from apps.monitoring.models import Period, UsageReport

Status = UsageReport.Status


@transaction.atomic
def submit_many(period_id: int, rows: dict[int, dict[str, Any]], *, by: Any) -> int:
    """Send first reports of many due applications (id to answers) in one act, all or none."""
    period = Period.objects.visible_to(by).locked(period_id)
    now = clock.now()
    if period.status != Period.Status.OPEN or now >= period.closes_at:
        raise RuleViolation(_("Masa lapor triwulan ini tidak sedang dibuka."), code="not_open")
    applications = Application.objects.visible_to(by).filter(pk__in=rows).select_related("owner").in_bulk()
    if not all(by.is_system or rules.may_report(by, application) for application in applications.values()):
        raise PermissionDenied
    _refuse_not_due(period, rows)
    reports = [_report(period, applications[key], values, by, now) for key, values in rows.items()]
    _refuse_unready(reports)
    UsageReport.objects.bulk_create(reports, batch_size=1000)
    record(by, "reports.submitted", period, organization=period.government, count=len(reports),
           checksum=_checksum(rows))  # fmt: skip
    return len(reports)


@transaction.atomic
def accept_many(period_id: int, application_ids: Iterable[int], *, by: Any) -> int:
    """Take the sent reports of many applications as they are; who entered one may not accept it."""
    period = Period.objects.visible_to(by).locked(period_id)
    sent = UsageReport.objects.filter(period=period, status=Status.SUBMITTED, application__in=list(application_ids))
    reports = list(sent.select_for_update(of=("self",)).select_related("application", "period"))
    if not all(rules.may_review(by, report) for report in reports):
        raise PermissionDenied
    now = clock.now()
    for report in reports:
        report.move_to(Status.ACCEPTED)
        report.version += 1
        report.reviewed_at, report.reviewed_by_id = now, by.person_id
    UsageReport.objects.bulk_update(reports, ["status", "version", "reviewed_at", "reviewed_by_id"], batch_size=500)
    record(by, "reports.accepted", period, organization=period.government, count=len(reports))
    return len(reports)


def load_samples(rows: Iterable[tuple[int, date, int, int, int, datetime]]) -> int:
    """Copy days of counters (application, day, active users, transactions, bytes, received) that are not there yet."""
    columns = "application_id, day, active_users, transactions, data_bytes, received_at"
    return _copy("monitoring_usagesample", columns, rows)


def load_probes(rows: Iterable[tuple[int, str, datetime, str, str, int | None, int | None, datetime | None]]) -> int:
    """Copy reachability checks (application, url, at, outcome, why, status code, milliseconds, certificate's end)."""
    columns = "application_id, url, at, outcome, why, status_code, latency_ms, certificate_ends, note"
    return _copy("monitoring_probe", columns, ((*row, "") for row in rows), ", FORCE_NOT_NULL (note, why)")


def _copy(table: str, columns: str, rows: Iterable[tuple], options: str = "") -> int:
    """COPY as CSV; an empty cell is NULL."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    sheet.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv{options})", sheet)
        return cursor.rowcount


def _refuse_not_due(period: Period, rows: dict[int, dict[str, Any]]) -> None:
    due = set(period.due.filter(application__in=list(rows)).values_list("application_id", flat=True))
    missing = set(rows) - due
    if missing:
        raise RuleViolation(_("%(number)s aplikasi tidak wajib lapor.") % {"number": len(missing)}, code="not_due")


def _report(period: Period, application: Application, values: dict[str, Any], by: Any, now: datetime) -> UsageReport:
    return UsageReport(
        period=period,
        application=application,
        status=Status.SUBMITTED,
        version=1,
        submitted_at=now,
        submitted_by_id=by.person_id,
        submitted_by_name=by.name,
        **values,
    )


def _refuse_unready(reports: list[UsageReport]) -> None:
    for report in reports:
        missing = rules.unready(report, rules.Against())
        if missing:
            raise ValidationError({name: [f"{report.application.name}: {text}"] for name, text in missing.items()})


def _checksum(rows: dict[int, dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
