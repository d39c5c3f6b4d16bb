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
    """One uploaded list on its way: read, shown as a dry run, confirmed or dropped."""

    class Status(models.TextChoices):
        CHECKED = "checked", gettext_lazy("Diperiksa")
        COMMITTED = "committed", gettext_lazy("Diimpor")
        DROPPED = "dropped", gettext_lazy("Dibatalkan")

    MOVES: ClassVar = {Status.CHECKED: {Status.COMMITTED, Status.DROPPED}}

    government = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKED)
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=150)
    summary = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    committed_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
