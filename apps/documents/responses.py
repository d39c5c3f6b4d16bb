"""Serving a document: the page it belongs to asks `visible_to` first."""

from django.http import FileResponse

from apps.documents.models import Document
from apps.documents.services import open_file


def file_response(document: Document) -> FileResponse:
    """The file as an attachment that no browser interprets."""
    response = FileResponse(
        open_file(document), as_attachment=True, filename=document.original_name, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
