"""Serving a document: the page it belongs to asks `visible_to` first."""

from typing import IO

from django.http import FileResponse

from apps.documents.models import Document
from apps.documents.services import open_file


def file_response(document: Document) -> FileResponse:
    """The file as an attachment that no browser interprets."""
    return _kept(open_file(document), document.original_name, document.content_type)


def pack_response(pack: IO[bytes], name: str) -> FileResponse:
    """A ZIP made for this reader; the response closes it."""
    return _kept(pack, f"{name}.zip", "application/zip")


def _kept(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
