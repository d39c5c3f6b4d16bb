"""What an application has several of: places in the reference architecture, addresses, costs, relations."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.inventory.models.applications import Application
from apps.inventory.models.reference_codes import ReferenceCode


@tracked()
class ApplicationReference(models.Model):
    """An application's place in the reference architecture."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="references")
    reference_code = models.ForeignKey(ReferenceCode, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "reference_code"], name="application_reference_once")
        ]


@tracked()
class Address(models.Model):
    """Where an application is opened."""

    class Kind(models.TextChoices):
        PUBLIC = "public", gettext_lazy("publik")
        INTERNAL = "internal", gettext_lazy("jaringan dalam")

    application = models.ForeignKey(Application, models.CASCADE, related_name="addresses")
    url = models.URLField(gettext_lazy("alamat"), max_length=500)
    kind = models.CharField(gettext_lazy("jenis"), max_length=8, choices=Kind.choices, default=Kind.PUBLIC)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "url"], name="address_once")]
        indexes: ClassVar = [GinIndex(OpClass(Upper("url"), name="gin_trgm_ops"), name="address_trigram")]

    def __str__(self) -> str:
        return self.url


@tracked()
class Cost(models.Model):
    """What an application costs in one budget year, by kind."""

    class Kind(models.TextChoices):
        BUILD = "build", gettext_lazy("pembangunan")
        ENHANCE = "enhance", gettext_lazy("pengembangan")
        MAINTAIN = "maintain", gettext_lazy("pemeliharaan")
        HOSTING = "hosting", gettext_lazy("penempatan")
        LICENSE = "license", gettext_lazy("lisensi")

    application = models.ForeignKey(Application, models.CASCADE, related_name="costs")
    year = models.PositiveSmallIntegerField(gettext_lazy("tahun"))
    kind = models.CharField(gettext_lazy("jenis"), max_length=10, choices=Kind.choices)
    amount = models.DecimalField(gettext_lazy("jumlah (Rp)"), max_digits=15, decimal_places=0)
    contract_number = models.CharField(gettext_lazy("nomor kontrak"), max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "year", "kind", "contract_number"], name="cost_once")
        ]


@tracked()
class Relation(models.Model):
    """`source` takes data from or sends data to `target`; consumers block a retirement until migrated."""

    source = models.ForeignKey(Application, models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(Application, models.PROTECT, related_name="relations_in")
    description = models.CharField(gettext_lazy("data yang dipertukarkan"), max_length=300, blank=True)
    migrated_on = models.DateField(gettext_lazy("dipindahkan tanggal"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target"], name="relation_once"),
            models.CheckConstraint(name="relation_not_itself", condition=~Q(source=F("target"))),
        ]
