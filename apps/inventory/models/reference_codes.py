"""The national reference architecture as rows."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy


class ReferenceCode(models.Model):
    """A code of the national SPBE reference architecture (Perpres 132/2022), as data with a version."""

    class Kind(models.TextChoices):
        RAB = "RAB", gettext_lazy("proses bisnis")
        RAL = "RAL", gettext_lazy("layanan")
        RAD = "RAD", gettext_lazy("data dan informasi")
        RAA = "RAA", gettext_lazy("aplikasi")
        RAI = "RAI", gettext_lazy("infrastruktur")
        RAK = "RAK", gettext_lazy("keamanan")

    class Verification(models.TextChoices):
        CROSS_CHECKED = "cross_checked", gettext_lazy("cocok di dua sumber atau lebih")
        SINGLE_SOURCE = "single_source", gettext_lazy("satu sumber")
        CODE_INFERRED = "code_inferred", gettext_lazy("nomor disimpulkan dari urutan")

    kind = models.CharField(gettext_lazy("domain"), max_length=3, choices=Kind.choices)
    code = models.CharField(gettext_lazy("kode"), max_length=30)
    name = models.CharField(gettext_lazy("nama"), max_length=300)
    level = models.PositiveSmallIntegerField(gettext_lazy("tingkat"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    verification = models.CharField(gettext_lazy("verifikasi"), max_length=15, choices=Verification.choices)
    edition = models.CharField(gettext_lazy("versi"), max_length=40)
    valid_from = models.DateField(gettext_lazy("berlaku sejak"), null=True, blank=True)
    valid_until = models.DateField(gettext_lazy("berlaku sampai"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="reference_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
