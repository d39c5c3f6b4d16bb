"""What is written about an application: files and places, some of which run out."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.documents.models import Document
from apps.inventory.models.applications import Application


class RecordDocumentQuerySet(models.QuerySet):
    """Documents as each reader may know them."""

    def readable_by(self, by: Any) -> Self:
        """The people of the government read all of a record they may see, the public and systems nothing."""
        return self.none() if by.is_outside else self


@tracked()
class RecordDocument(models.Model):
    """One document of a record: a stored file, or the place where something is kept (source code)."""

    class Kind(models.TextChoices):
        ARCHITECTURE = "architecture", gettext_lazy("arsitektur")
        MANUAL = "manual", gettext_lazy("buku panduan")
        SOURCE_CODE = "source_code", gettext_lazy("letak kode sumber")
        SECURITY_TEST = "security_test", gettext_lazy("uji keamanan")
        CONTRACT = "contract", gettext_lazy("kontrak atau serah terima")
        OTHER = "other", gettext_lazy("lainnya")

    class Visibility(models.TextChoices):
        RESTRICTED = "restricted", gettext_lazy("terbatas")
        INTERNAL = "internal", gettext_lazy("internal")

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    kind = models.CharField(gettext_lazy("jenis dokumen"), max_length=14, choices=Kind.choices)
    title = models.CharField(gettext_lazy("judul"), max_length=200)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("berkas")
    )
    location = models.URLField(gettext_lazy("alamat penyimpanan"), max_length=500, blank=True)
    valid_from = models.DateField(gettext_lazy("berlaku mulai"), null=True, blank=True)
    valid_until = models.DateField(gettext_lazy("berlaku sampai"), null=True, blank=True, db_index=True)
    visibility = models.CharField(
        gettext_lazy("siapa yang boleh membaca"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.RESTRICTED,
    )
    added_at = models.DateTimeField(gettext_lazy("ditambahkan"), db_default=CoreNow(), editable=False)

    objects = RecordDocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="record_document_file_or_place",
                condition=Q(document__isnull=False, location="") | (Q(document__isnull=True) & ~Q(location="")),
                violation_error_message=gettext_lazy("Unggah berkas atau isi alamat penyimpanannya, salah satu."),
            ),
            models.CheckConstraint(
                name="record_document_valid_in_order",
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=gettext_lazy("Akhir masa berlaku tidak boleh sebelum mulainya."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def expired_on(self, day: date) -> bool:
        """Whether it no longer holds on that day; its last day still counts."""
        return self.valid_until is not None and self.valid_until < day


class ExpiryReminder(models.Model):
    """That an approaching end was announced: once per row, end and rung (days before)."""

    class About(models.TextChoices):
        CONTRACT = "contract"
        DOCUMENT = "document"

    about = models.CharField(max_length=8, choices=About.choices)
    row_id = models.BigIntegerField()
    ends_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["about", "row_id", "ends_on", "days_before"], name="expiry_told_once")
        ]
