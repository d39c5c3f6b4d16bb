"""The quarter's report as it was issued."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy

from apps.core.models import ImmutableModel
from apps.documents.models import Document
from apps.monitoring.models import Period


class QuarterReportQuerySet(models.QuerySet):
    """Reports of the government a person works for as a whole."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        wide = by.is_government_wide and not by.has_role("administrator")
        return self.filter(period__government=by.government_id) if wide else self.none()


class QuarterReport(ImmutableModel):
    """What the regional secretary is told of a closed quarter; its figures never change, corrections come in the next."""

    period = models.OneToOneField(Period, models.PROTECT, related_name="+")
    number = models.CharField(gettext_lazy("nomor"), max_length=20, unique=True)
    figures = models.JSONField()
    # SHA-256 over (application, verdict, checksum of its evidence) of every assessment of the close, as hexadecimal.
    register_sha256 = models.CharField(max_length=64)
    paper = models.ForeignKey(Document, models.PROTECT, related_name="+")
    sheet = models.ForeignKey(Document, models.PROTECT, related_name="+")

    objects = QuarterReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-period__year", "-period__quarter"]

    def __str__(self) -> str:
        return self.number
