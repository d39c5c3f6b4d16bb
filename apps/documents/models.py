"""Stored files, known by the SHA-256 of their content."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy

from apps.core.models import ImmutableModel


class Document(ImmutableModel):
    """One file as it was handed in or generated; never changed. Several documents may share one content."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", gettext_lazy("bukti")
        SCAN = "scan", gettext_lazy("pindaian surat bertanda tangan")
        LETTER = "letter", gettext_lazy("surat konfirmasi")
        MINUTES = "minutes", gettext_lazy("Berita Acara")
        DECISION = "decision", gettext_lazy("keputusan")
        TERMINATION = "termination", gettext_lazy("laporan hasil terminasi")
        IMPORT = "import", gettext_lazy("berkas impor")
        RECORD = "record", gettext_lazy("dokumen aplikasi")
        QUARTER = "quarter", gettext_lazy("laporan triwulan")

    sha256 = models.CharField(gettext_lazy("SHA-256"), max_length=64, db_index=True)
    size = models.PositiveIntegerField(gettext_lazy("ukuran (bita)"))
    content_type = models.CharField(gettext_lazy("jenis berkas"), max_length=100)
    kind = models.CharField(gettext_lazy("jenis"), max_length=20, choices=Kind.choices)
    original_name = models.CharField(gettext_lazy("nama berkas"), max_length=255)
    title = models.CharField(gettext_lazy("judul"), max_length=255, blank=True)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(gettext_lazy("diunggah oleh"), max_length=150)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.title or self.original_name
