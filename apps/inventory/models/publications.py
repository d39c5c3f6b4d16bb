"""The public document of an application as its readers outside were last given it."""

from typing import ClassVar

from django.db import models

from apps.core.models import DerivedModel
from apps.inventory.models.applications import Application


class Publication(DerivedModel):
    """What `GET /api/v1/applications/<code>/` tells anybody, stored as it is sent; no body once it left the catalogue.

    The database alone writes these rows, at COMMIT of whatever changed them (`apps.inventory.publishing`). `position` grows
    in the order of commits and moves with each change, so that who read up to one misses nothing by asking for what is after.
    """

    # Without constraints: the trigger reads the record it writes of, and a tombstone outlives what it stands for.
    application = models.OneToOneField(
        Application, models.DO_NOTHING, primary_key=True, related_name="publication", db_constraint=False
    )
    government_id = models.BigIntegerField()
    code = models.CharField(max_length=20)
    body = models.TextField(null=True)  # noqa: DJ001 - no document is not an empty one
    merged_into = models.CharField(max_length=20, blank=True)
    position = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["government_id", "position"], name="publication_by_government")]

    def __str__(self) -> str:
        return f"{self.code} @{self.position}"


class PublicationMark(DerivedModel):
    """How far the positions had come after one transaction, with random letters that no restored copy gives out again.

    Who read the catalogue up to here can be told, ever after, whether this register still has that past.
    """

    head = models.BigIntegerField(primary_key=True)
    mark = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"{self.head}-{self.mark}"
