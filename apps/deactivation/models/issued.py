"""Papers the product issues under a number and lets anyone verify."""

from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel


class IssuedDocumentQuerySet(models.QuerySet):
    def terminating(self, case: Any) -> Self | None:
        """The termination report of the case; none before it is closed."""
        named = self.filter(paper=IssuedDocument.Paper.TERMINATION, objects_named__contains=[{"case": case.code}])
        return named.select_related("document").first()


class IssuedDocument(ImmutableModel):
    """A numbered paper with its hash and a random 128-bit address; it names offices, never persons."""

    class Paper(models.TextChoices):
        LETTER = "letter", _("Surat konfirmasi")
        MINUTES = "minutes", _("Berita Acara desk reviu")
        AMENDMENT = "amendment", _("Perubahan Berita Acara")
        DECISION = "decision", _("Surat keputusan")
        TERMINATION = "termination", _("Laporan hasil terminasi")

    paper = models.CharField(max_length=12, choices=Paper)
    number = models.CharField(max_length=120, unique=True)
    address = models.CharField(max_length=32, unique=True)
    government = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    office_name = models.CharField(max_length=250)
    objects_named = models.JSONField(default=list)
    issued_on = models.DateField()
    issued_at = models.DateTimeField(db_default=CoreNow())
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments")

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(address__regex=r"^[0-9a-f]{32}$"), name="issued_address_is_128_bit"
            )
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("deactivation:verify_document", args=[self.address])
