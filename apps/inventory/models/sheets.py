"""Sheets other institutions prescribe, as versions an administrator may add."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy

from apps.core.models import ImmutableModel


class SheetLayout(ImmutableModel):
    """One version of the national application-architecture metadata sheet: which head shows which attribute.

    The heads could not be checked against the official sheet, so they are rows an administrator corrects by adding a
    version; the newest is in force, an older one says what was exported then.
    """

    number = models.PositiveIntegerField(gettext_lazy("versi"), unique=True)
    title = models.CharField(gettext_lazy("nama lembar"), max_length=200)
    source = models.CharField(gettext_lazy("sumber"), max_length=300, blank=True)
    # The columns in their order: [["Nama Aplikasi", "name"], ["Uraian Aplikasi", "description"], …]
    columns = models.JSONField(gettext_lazy("kolom"), default=list)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(gettext_lazy("dibuat oleh"), max_length=150)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
