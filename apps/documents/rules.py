"""Which files are taken in: by content, never by the name alone (trust rule 5)."""

import codecs
import io
import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PDF, PNG, JPEG, CSV = "application/pdf", "image/png", "image/jpeg", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", XLSX: ".xlsx", CSV: ".csv"}
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 2000
_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/Launch", b"/EmbeddedFile", b"/OpenAction")


def content_type_of(content: bytes) -> str:
    """The type the bytes themselves show; ValidationError when it is none we take."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _spreadsheet(content)
    if _looks_like_text(content):
        return CSV
    raise ValidationError(_("Jenis berkas ini tidak diterima. Unggah PDF, PNG, JPG, XLSX, atau CSV."))


def refuse_active_content(content: bytes, content_type: str) -> None:
    """A PDF that runs scripts or carries other files is refused."""
    if content_type == PDF and any(mark in content for mark in _ACTIVE_PDF):
        raise ValidationError(_("PDF ini memuat skrip atau lampiran. Cetak ulang menjadi PDF biasa, lalu unggah lagi."))


def _spreadsheet(content: bytes) -> str:
    """XLSX after a look at the directory only: nothing is unpacked before its declared size is known."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValidationError(
            _("Berkas rusak dan tidak dapat dibuka. Simpan ulang dari Excel, lalu unggah lagi.")
        ) from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 1):
        raise ValidationError(_("Isi berkas terlalu besar setelah dibuka. Bagi menjadi beberapa berkas."))
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        raise ValidationError(_("Berkas ini bukan XLSX biasa tanpa makro. Simpan sebagai .xlsx, lalu unggah lagi."))
    return XLSX


def _looks_like_text(content: bytes) -> bool:
    if not content.strip() or b"\x00" in content:
        return False
    start = content.removeprefix(codecs.BOM_UTF8)[:1024].lstrip().lower()
    if start.startswith((b"<", b"mz", b"#!", b"\x7felf")):
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
