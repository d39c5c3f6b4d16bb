"""What the catalogue keeps ready: the whole of it as files, and how it stood at the close of each quarter."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from apps.core.models import ImmutableModel
from apps.monitoring.models import Period


class CatalogueFile(models.Model):
    """The whole public catalogue in one form, as the clock last wrote it; content may be the same for long."""

    form = models.CharField(max_length=10, primary_key=True)
    sha256 = models.CharField(gettext_lazy("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(gettext_lazy("ukuran (bita)"))
    # The same as gzip; empty for what is packed already.
    packed_sha256 = models.CharField(max_length=64, blank=True)
    packed_size = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(gettext_lazy("isi berubah"))
    true_at = models.DateTimeField(gettext_lazy("menurut keadaan"))
    # The last link of the audit chain before it was read: while it is the last one, the file says all there is.
    head = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["form"]

    def __str__(self) -> str:
        return self.form


class SnapshotQuerySet(models.QuerySet):
    """Frozen catalogues; anybody may read what was public."""

    def visible_to(self, by: Any) -> Self:
        return self


class Snapshot(ImmutableModel):
    """A government's public catalogue as it stood when a quarter was closed; never changed, at an address that stays."""

    FORMS: ClassVar = ("ndjson", "csv")

    period = models.OneToOneField(Period, models.PROTECT, related_name="+")
    told_of = models.DateTimeField(gettext_lazy("menurut keadaan"))
    applications = models.PositiveIntegerField(gettext_lazy("jumlah aplikasi"))
    ndjson_sha256 = models.CharField(max_length=64)
    ndjson_size = models.PositiveBigIntegerField()
    csv_sha256 = models.CharField(max_length=64)
    csv_size = models.PositiveBigIntegerField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-period__year", "-period__quarter", "period__government__name"]

    def __str__(self) -> str:
        return f"{self.period.government.code} {self.period.code}"

    @property
    def files(self) -> list[dict[str, Any]]:
        """Each form with its size in bytes, its SHA-256 and its path."""
        return [
            {
                "form": form,
                "size": getattr(self, f"{form}_size"),
                "sha256": getattr(self, f"{form}_sha256"),
                "path": reverse("api-snapshot-file", args=[self.period.government.code, self.period.code, form]),
            }
            for form in self.FORMS
        ]
