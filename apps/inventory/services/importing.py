"""Taking a list into the register: what was shown in the dry run, all of it or nothing."""

import hashlib
import json
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.documents import services as documents
from apps.documents.models import Document
from apps.inventory import completeness
from apps.inventory.importing import plan, reading
from apps.inventory.models import Address, Application, ConfirmedFacts, ImportJob

Status = ImportJob.Status
SETTLED = ("owner", "addresses")


@transaction.atomic
def check_import(upload: UploadedFile, *, by: Any, government: Organization) -> ImportJob:
    """Keep the file and its dry run; nothing of the register is touched."""
    if not (by.is_system or by.has_role("reviewer", "operator")):
        raise PermissionDenied
    document = documents.store(upload, by=by, kind=Document.Kind.IMPORT)
    with documents.open_file(document) as file:
        rows, summary = plan.make_plan(reading.read(file.read()), by=by, government=government)
    job = ImportJob(
        government=government,
        document=document,
        started_by_id=by.person_id,
        started_by_name=by.name,
        summary=summary,
        rows=plan.as_json(rows),
    )
    job.save()
    record(
        by,
        "import.checked",
        job,
        organization=government,
        **{k: summary[k] for k in ("rows", "new", "changed", "refused")},
    )
    return job


@transaction.atomic
def commit_import(job_id: int, *, by: Any, version: int) -> ImportJob:
    """Write the ready rows of a checked list: new ones in one sweep, changed ones only where they differ.

    A reviewer's rows are registered at once and get codes, an operator's become drafts. RuleViolation when the register
    moved on since the dry run, so that what was shown is what happens.
    """
    job = ImportJob.objects.visible_to(by).locked(job_id, version)
    with documents.open_file(job.document) as file:
        rows, summary = plan.make_plan(reading.read(file.read()), by=by, government=job.government)
    job.move_to(Status.COMMITTED)
    if plan.as_json(rows) != job.rows:
        raise RuleViolation(
            _("Register berubah sejak berkas ini diperiksa. Unggah lagi untuk melihat perbedaannya."), code="moved_on"
        )
    now = clock.now()
    created = _create([row for row in rows if row.fate == plan.NEW], by=by, government=job.government, now=now)
    _change([row for row in rows if row.fate == plan.CHANGED], now=now)
    changed = [row.application_id for row in rows if row.fate == plan.CHANGED and row.application_id]
    completeness.write([*(one.pk for one in created), *changed])
    job.committed_at = now
    job.save()
    record(by, "import.committed", job, organization=job.government, new=summary["new"], changed=summary["changed"],
           refused=summary["refused"], codes=[created[0].key, created[-1].key] if created else [], checksum=_checksum(rows))  # fmt: skip
    return job


@transaction.atomic
def drop_import(job_id: int, *, by: Any, version: int) -> ImportJob:
    """Leave a checked list aside."""
    job = ImportJob.objects.visible_to(by).locked(job_id, version)
    job.move_to(Status.DROPPED)
    job.save()
    record(by, "import.dropped", job, organization=job.government)
    return job


def _create(rows: list[plan.Row], *, by: Any, government: Organization, now: datetime) -> list[Application]:
    registers = by.is_system or by.has_role("reviewer")
    year = now.astimezone(government.zone).year
    numbers = codes.reserve(f"APL-{year}", len(rows)) if registers and rows else []
    made = [_new(row, by, government, now) for row in rows]
    for application, number in zip(made, numbers, strict=False):
        application.code = f"APL-{year}-{number:06d}"
        application.registered_at, application.status = now, Application.Status.REGISTERED
    Application.objects.bulk_create(made)
    Address.objects.bulk_create(
        Address(application=application, url=url, kind=kind)
        for application, row in zip(made, rows, strict=True)
        for url, kind in row.values.get("addresses", [])
    )
    if registers:
        ConfirmedFacts.objects.bulk_create(_facts(application, by) for application in made)
    return made


def _new(row: plan.Row, by: Any, government: Organization, now: datetime) -> Application:
    values = {name: value for name, value in row.values.items() if name not in SETTLED}
    return Application(
        **values,
        owner_id=cast(int, row.owner_id),  # a new row has its office, or it was refused
        government=government,
        created_by_id=by.person_id,
        submitted_by_id=by.person_id,
        updated_at=now,
        version=1,
    )


def _facts(application: Application, by: Any) -> ConfirmedFacts:
    return ConfirmedFacts(
        application=application, ownership=application.ownership, operating_since=application.operating_since,
        season_months=application.season_months, confirmed_by_id=by.person_id, confirmed_by_name=by.name,
    )  # fmt: skip


def _change(rows: list[plan.Row], *, now: datetime) -> None:
    for row in rows:
        pk = cast(int, row.application_id)  # a changed row has its application
        simple = {name: after for name, (_before, after) in row.changes.items() if name not in SETTLED}
        Application.objects.filter(pk=pk).update(**simple, version=F("version") + 1, updated_at=now)
        for url, kind in row.changes.get("addresses", [[], []])[1]:
            Address.objects.get_or_create(application_id=pk, url=url, defaults={"kind": kind})


def _checksum(rows: list[plan.Row]) -> str:
    return hashlib.sha256(json.dumps(plan.as_json(rows), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
