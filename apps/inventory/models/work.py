"""Work in progress: what somebody typed, lists somebody uploaded."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet
from apps.documents.models import Document
from apps.inventory.models.applications import Application


class Draft(models.Model):
    """What a person typed and did not finish, valid or not; kept for the same person on the server."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="draft")
    values = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(default=1)
    saved_by_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField(db_default=CoreNow())


class ImportJobQuerySet(StatefulQuerySet):
    """Uploaded lists: everybody's own."""

    def visible_to(self, by: Any) -> Self:
        return self if by.is_system else self.filter(started_by_id=by.person_id)


class ImportJob(StatefulModel):
    """One uploaded list on its way: columns matched, every row judged, shown as a dry run, then taken in or dropped.

    Long lists wait for the clock's sweep as `waiting` and `queued`; `failed` says in `trouble` why and changed nothing.
    """

    class Status(models.TextChoices):
        MATCHING = "matching", gettext_lazy("Menunggu pencocokan kolom")
        WAITING = "waiting", gettext_lazy("Sedang diperiksa")
        CHECKED = "checked", gettext_lazy("Diperiksa")
        QUEUED = "queued", gettext_lazy("Sedang diimpor")
        COMMITTED = "committed", gettext_lazy("Diimpor")
        DROPPED = "dropped", gettext_lazy("Dibatalkan")
        FAILED = "failed", gettext_lazy("Gagal")

    MOVES: ClassVar = {
        Status.MATCHING: {Status.WAITING, Status.DROPPED},
        Status.WAITING: {Status.CHECKED, Status.FAILED, Status.DROPPED},
        Status.CHECKED: {Status.MATCHING, Status.WAITING, Status.QUEUED, Status.COMMITTED, Status.DROPPED},
        Status.QUEUED: {Status.COMMITTED, Status.FAILED},
    }
    WORKING: ClassVar = (Status.WAITING, Status.QUEUED)

    government = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=150)
    membership_id = models.BigIntegerField(null=True)
    # The heads of the file with what each means: [["Nama", "name"], ["Warna", "-"], …]
    columns = models.JSONField(default=list)
    # What a person said of the rows that asked: {"17": "APL-2026-000042"}
    answers = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    # A list that puts back what an earlier one changed, and why
    undoes = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="undone_by")
    reason = models.TextField(blank=True, default="", db_default="")
    judged_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    @property
    def working(self) -> bool:
        """Whether the sweep has something to do with it."""
        return self.status in self.WORKING


class ImportLine(models.Model):
    """One row of an uploaded list with its fate; kept while the job is shown, written set-based."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    fate = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True)
    application_id = models.BigIntegerField(null=True)
    version = models.IntegerField(null=True)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    # What the record said of these values before and after the line was taken in; None until then
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    warnings = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    candidates = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["job", "fate", "number"], name="import_line_by_fate")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "number"], name="import_line_once")]


class ColumnMemory(models.Model):
    """What one sender said a column head means; asked of nobody twice."""

    person_id = models.BigIntegerField()
    head = models.CharField(max_length=200)
    meaning = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person_id", "head"], name="column_memory_once")]
