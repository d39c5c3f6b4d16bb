"""Work on the register: drafts, returned and submitted registrations."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.templatetags.spbe import angka, tanggal
from apps.dashboard.queries.task import Task, few
from apps.inventory.models import Application

Status = Application.Status


def to_mend(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Registrations the reviewer sent back."""
    rows = _of(by, Status.RETURNED)
    return _tasks(
        rows,
        lambda row: Task(
            _("Perbaiki pendaftaran %(name)s") % {"name": row.name},
            reverse("inventory:detail", args=[row.reference]),
            _("Perbaiki"),
            _("Dikembalikan Diskominfo: “%(reason)s”") % {"reason": row.status_reason},
        ),
        Status.RETURNED,
    )


def to_finish(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Drafts that were begun."""
    rows = _of(by, Status.DRAFT)
    return _tasks(
        rows,
        lambda row: Task(
            _("Selesaikan konsep: %(name)s") % {"name": row.name},
            reverse("inventory:fill", args=[row.reference, 1]),
            _("Lanjutkan"),
            _("Dimulai %(day)s; belum diajukan.") % {"day": tanggal(row.created_at)},
        ),
        Status.DRAFT,
    )


def to_examine(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Registrations the offices sent in, the oldest first."""
    rows = _of(by, Status.SUBMITTED).order_by("submitted_at", "pk")
    return _tasks(
        rows,
        lambda row: Task(
            _("Periksa pendaftaran %(name)s") % {"name": row.name},
            reverse("inventory:examine", args=[row.reference]),
            _("Periksa"),
            _("%(office)s, diajukan %(day)s.") % {"office": row.owner.name, "day": tanggal(row.submitted_at)},
        ),
        Status.SUBMITTED,
    )


def _of(by: Any, status: str) -> QuerySet:
    return Application.objects.visible_to(by).filter(status=status).select_related("owner").order_by("pk")


def _tasks(rows: QuerySet, row_task: Any, status: str) -> list[Task]:
    found, more = few(rows)
    tasks = [row_task(row) for row in found]
    if more:
        title = ngettext("%(n)s pendaftaran lain", "%(n)s pendaftaran lain", more) % {"n": angka(more)}
        text = _("Semuanya berstatus %(status)s.") % {"status": Status(status).label}
        href = f"{reverse('inventory:list')}?status={status}"
        tasks.append(Task(title, href, _("Buka daftar"), text, number=more))
    return tasks
