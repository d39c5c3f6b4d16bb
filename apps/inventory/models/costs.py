"""What an application costs: by budget year and kind, under which contract."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.inventory.models.applications import Application

FIRST_YEAR, LAST_YEAR = 1980, 2100


@tracked()
class Contract(models.Model):
    """An agreement an application rests on."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="contracts")
    number = models.CharField(gettext_lazy("nomor kontrak"), max_length=100)
    vendor = models.CharField(gettext_lazy("penyedia"), max_length=200)
    subject = models.CharField(gettext_lazy("pekerjaan"), max_length=200, blank=True)
    amount = models.DecimalField(
        gettext_lazy("nilai (Rp)"), max_digits=15, decimal_places=0, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField(gettext_lazy("mulai"))
    ends_on = models.DateField(gettext_lazy("berakhir"), db_index=True)

    class Meta:
        ordering: ClassVar = ["-ends_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "number"],
                name="contract_once",
                violation_error_message=gettext_lazy("Nomor kontrak ini sudah dicatat pada aplikasi ini."),
            ),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=gettext_lazy("Tanggal berakhir tidak boleh sebelum tanggal mulai."),
            ),
            models.CheckConstraint(name="contract_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Cost(models.Model):
    """What an application costs in one budget year, by kind."""

    class Kind(models.TextChoices):
        BUILD = "build", gettext_lazy("pembangunan")
        ENHANCE = "enhance", gettext_lazy("pengembangan")
        MAINTAIN = "maintain", gettext_lazy("pemeliharaan")
        HOSTING = "hosting", gettext_lazy("penempatan")
        LICENSE = "license", gettext_lazy("lisensi")

    # What comes back every year; building is paid once.
    RECURRING: ClassVar = [Kind.ENHANCE, Kind.MAINTAIN, Kind.HOSTING, Kind.LICENSE]

    application = models.ForeignKey(Application, models.CASCADE, related_name="costs")
    year = models.PositiveSmallIntegerField(
        gettext_lazy("tahun anggaran"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    kind = models.CharField(gettext_lazy("jenis biaya"), max_length=10, choices=Kind.choices)
    amount = models.DecimalField(
        gettext_lazy("jumlah (Rp)"), max_digits=15, decimal_places=0, validators=[MinValueValidator(0)]
    )
    budget_reference = models.CharField(gettext_lazy("kode anggaran"), max_length=100, blank=True)
    funding_source = models.CharField(gettext_lazy("sumber dana"), max_length=100, blank=True)
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="costs", verbose_name=gettext_lazy("kontrak")
    )

    class Meta:
        ordering: ClassVar = ["-year", "kind", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "year", "kind", "budget_reference", "contract"],
                name="cost_once",
                nulls_distinct=False,
                violation_error_message=gettext_lazy(
                    "Biaya jenis ini untuk tahun, kode anggaran, dan kontrak itu sudah dicatat. Ubah barisnya."
                ),
            ),
            models.CheckConstraint(name="cost_amount_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.kind}"
