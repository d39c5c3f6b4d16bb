"""Attributes a government adds to its own register."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import StatefulQuerySet


class CustomAttributeQuerySet(StatefulQuerySet):
    """A government's own attributes."""

    code_field = "key"

    def visible_to(self, by: Any) -> Self:
        """Those who work for the government know its attributes."""
        return self if by.is_system else self.filter(government=by.government_id)


@tracked()
class CustomAttribute(models.Model):
    """Something one government wants to know of each application beyond the common attributes."""

    class Kind(models.TextChoices):
        TEXT = "text", gettext_lazy("teks")
        NUMBER = "number", gettext_lazy("angka")
        DATE = "date", gettext_lazy("tanggal")
        CHOICE = "choice", gettext_lazy("satu pilihan")
        CHOICES = "choices", gettext_lazy("beberapa pilihan")

    class Visibility(models.TextChoices):
        PUBLIC = "public", gettext_lazy("publik: tampil di katalog dan API terbuka")
        INTERNAL = "internal", gettext_lazy("internal: orang pemerintah daerah ini")
        RESTRICTED = "restricted", gettext_lazy("terbatas: pengelola aplikasi")
        PERSONAL = "personal", gettext_lazy("data pribadi: pengelola aplikasi")

    CHOOSING: ClassVar = (Kind.CHOICE, Kind.CHOICES)

    government = models.ForeignKey(Organization, models.PROTECT, related_name="+", editable=False)
    key = models.SlugField(gettext_lazy("kunci API"), max_length=40, editable=False)
    label = models.CharField(gettext_lazy("nama keterangan"), max_length=80)
    kind = models.CharField(gettext_lazy("jenis"), max_length=8, choices=Kind.choices)
    choices = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=gettext_lazy("pilihan")
    )
    visibility = models.CharField(
        gettext_lazy("siapa yang membaca"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )
    step = models.PositiveSmallIntegerField(gettext_lazy("langkah formulir"), default=1)
    position = models.PositiveSmallIntegerField(gettext_lazy("urutan"), default=1)
    help = models.CharField(gettext_lazy("petunjuk"), max_length=200, blank=True)
    active = models.BooleanField(gettext_lazy("dipakai"), default=True, editable=False)
    version = models.IntegerField(gettext_lazy("versi"), default=1, editable=False)
    created_at = models.DateTimeField(gettext_lazy("dibuat"), db_default=CoreNow(), editable=False)

    objects = CustomAttributeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["step", "position", "label", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government", "key"], name="custom_attribute_key_once"),
            models.CheckConstraint(
                name="custom_attribute_choices_where_chosen",
                condition=Q(kind__in=["choice", "choices"], choices__len__gt=0)
                | (~Q(kind__in=["choice", "choices"]) & Q(choices__len=0)),
            ),
            models.CheckConstraint(name="custom_attribute_step", condition=Q(step__gte=1, step__lte=5)),
        ]

    def __str__(self) -> str:
        return self.label
