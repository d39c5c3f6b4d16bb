"""Taking files in: temporary name, fsync, rename to the SHA-256, then the row."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.documents import rules
from apps.documents.models import Document


@transaction.atomic
def store(upload: UploadedFile, *, by: Any, kind: str, title: str = "") -> Document:
    """Keep a file a person handed in; ValidationError when it is too large or not of a type we take."""
    if upload.size is not None and upload.size > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("Berkas lebih besar dari %(limit)s MB. Perkecil atau bagi berkas itu.") % {"limit": limit}
        )
    content = upload.read()
    if not content:
        raise ValidationError(_("Berkas ini kosong. Pilih berkas yang berisi."))
    content_type = rules.content_type_of(content)
    rules.refuse_active_content(content, content_type)
    return _keep(content, content_type, upload.name or "berkas", by=by, kind=kind, title=title)


@transaction.atomic
def store_generated(content: bytes, *, by: Any, kind: str, name: str, title: str = "") -> Document:
    """Keep a file the product made itself."""
    return _keep(content, rules.content_type_of(content), name, by=by, kind=kind, title=title)


def open_file(document: Document) -> BinaryIO:
    """The stored content, open for reading."""
    return path_of(document.sha256).open("rb")


def path_of(sha256: str) -> Path:
    """Where content with this hash lies."""
    return Path(settings.MEDIA_ROOT) / "documents" / sha256[:2] / sha256


def _keep(content: bytes, content_type: str, name: str, *, by: Any, kind: str, title: str) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    _write_once(path_of(digest), content)
    document = Document.objects.create(
        sha256=digest,
        size=len(content),
        content_type=content_type,
        kind=kind,
        original_name=_safe_name(name, content_type),
        title=title[:255],
        uploaded_by_id=by.person_id,
        uploaded_by_name=by.name,
    )
    record(by, "document.stored", document, sha256=digest, kind=kind)
    return document


def _safe_name(name: str, content_type: str) -> str:
    stem = Path(get_valid_filename(Path(name).name) or "berkas").stem[:200]
    return stem + rules.EXTENSIONS[content_type]


def _write_once(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in it outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
