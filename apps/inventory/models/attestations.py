"""The owner's word for a record."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy

from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel
from apps.inventory.models.applications import Application


class Attestation(ImmutableModel):
    """Somebody of the owning office stood for the record in a quarter, as it was in `version`: a later edit breaks the seal."""

    WRITTEN_AT: ClassVar = "attested_at"

    application = models.ForeignKey(Application, models.PROTECT, related_name="attestations")
    year = models.PositiveSmallIntegerField(gettext_lazy("tahun"))
    quarter = models.PositiveSmallIntegerField(gettext_lazy("triwulan"))
    version = models.IntegerField(gettext_lazy("versi"))
    attested_by_id = models.BigIntegerField(null=True)
    attested_by_name = models.CharField(max_length=150)
    attested_at = models.DateTimeField(db_default=CoreNow())
    created_at = None

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "version", "year", "quarter"], name="attestation_once")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"{self.year}-Q{self.quarter}"

    @property
    def intact(self) -> bool:
        """Whether the record still says what was attested."""
        return self.version == self.application.version
