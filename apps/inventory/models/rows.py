"""What an application has several of and is typed in its form: places in the reference architecture, addresses."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
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

    application = models.ForeignKey(Application, models.CASCADE, related_name="addresses", db_index=False)
    url = models.URLField(gettext_lazy("alamat"), max_length=500)
    kind = models.CharField(gettext_lazy("jenis"), max_length=8, choices=Kind.choices, default=Kind.PUBLIC)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "url"], name="address_once")]
        indexes: ClassVar = [GinIndex(OpClass(Upper("url"), name="gin_trgm_ops"), name="address_trigram")]

    def __str__(self) -> str:
        return self.url
