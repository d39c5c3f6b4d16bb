"""What came back with signatures: beside the issued paper, never in its place."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel
from apps.deactivation.models.issued import IssuedDocument

CHECKED = {
    "scan": _("Berkasnya bukan naskah asli; tanda tangan basah tidak diperiksa oleh register."),
    "electronic": _("Tanda tangan elektronik ada; keabsahan sertifikat diperiksa di layanan BSrE."),
}


class SignedCopy(ImmutableModel):
    """A scan with wet signatures, or the PDF with electronic ones, of one issued paper; known by its hash."""

    class Kind(models.TextChoices):
        SCAN = "scan", _("Pindaian bertanda tangan basah")
        ELECTRONIC = "electronic", _("PDF bertanda tangan elektronik")

    issued = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="signed_copies")
    kind = models.CharField(max_length=12, choices=Kind)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    attached_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "signed copies"
        constraints: ClassVar = [models.UniqueConstraint(fields=["issued", "sha256"], name="signed_copy_once")]

    @property
    def checked(self):
        """What was looked at when it was attached, and what was left to others."""
        return CHECKED[self.kind]

    def __str__(self):
        return f"{self.issued_id} {self.kind}"
