"""Taking back what a list changed: a list of its own, shown before it is taken in like any other."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import rules
from apps.inventory.importing import plan
from apps.inventory.models import Application, ImportJob
from apps.inventory.services import staging

Status = ImportJob.Status


@transaction.atomic
def undo_import(job_id: int, *, by: Any, version: int, reason: str) -> ImportJob:
    """Prepare the list that puts back what a taken-in list changed; nothing is written before it is confirmed.

    Records that say something else by now, or may not be changed any more, are refused with the reason; records the list
    added stay. The new list is undone the same way.
    """
    job = ImportJob.objects.visible_to(by).locked(job_id)
    if not rules.writes(by):
        raise PermissionDenied
    ImportJob.objects.locked(job.pk, version)
    if job.status != Status.COMMITTED:
        raise RuleViolation(_("Hanya impor yang sudah masuk dapat dibatalkan."), code="wrong_state")
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa perubahan ini dibatalkan.")]})
    back = ImportJob(
        government=job.government, document=job.document, undoes=job, reason=reason.strip(), judged_at=clock.now(),
        started_by_id=by.person_id, started_by_name=by.name, membership_id=by.membership_id, status=Status.CHECKED,
    )  # fmt: skip
    back.save()
    staging.keep_ways_back(
        back, _open_to(by, job), touched=_("Sudah diubah lagi sesudahnya; ubah langsung di aplikasinya."),
        closed=_("Keterangannya tidak dapat Anda ubah sekarang."),
    )  # fmt: skip
    _sum_up(back)
    record(by, "import.undo_prepared", back, organization=job.government, reason=back.reason, undoes=job.pk)
    return back


def _open_to(by: Any, job: ImportJob) -> list[int]:
    """Records of the list this person may change as they stand now."""
    written = job.lines.filter(fate=plan.CHANGED).values("application_id")
    rows = Application.objects.visible_to(by).filter(pk__in=written, status__in=rules.EDITABLE)
    return [application.pk for application in rows.select_related("owner") if rules.may_change(by, application)]


def _sum_up(back: ImportJob) -> None:
    counts = dict(back.lines.order_by().values_list("fate").annotate(n=Count("pk")))
    if not counts:
        raise RuleViolation(_("Impor ini tidak mengubah aplikasi yang sudah ada."), code="nothing_changed")
    back.rows_total = back.rows_done = sum(counts.values())
    back.summary = {"rows": back.rows_total, **{fate: counts.get(fate, 0) for fate in plan.FATES}}
    back.save()
