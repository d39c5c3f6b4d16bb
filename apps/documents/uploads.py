"""A file handed in beside an act."""

from typing import Any

from django.core.exceptions import ValidationError

from apps.documents import services as documents
from apps.documents.models import Document


def taken(upload: Any, by: Any, kind: str = Document.Kind.EVIDENCE, field: str = "evidence") -> Document | None:
    """The stored document of an uploaded file; none when nothing was handed in. A refusal is said of `field`."""
    if not upload:
        return None
    try:
        return documents.store(upload, by=by, kind=kind)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal
