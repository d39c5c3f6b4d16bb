"""A kept file as an answer: not again to who has it, and with the checksum of what is sent."""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date


@dataclass(frozen=True)
class File:
    """Where it lies, the SHA-256 of its bytes, what it holds."""

    path: Path
    sha256: str
    content_type: str


def answer(request: HttpRequest, file: File, *, changed_at: datetime, extra: dict[str, str]) -> HttpResponseBase | None:
    """The file, 304 when the reader has it (RFC 9110 section 13), None when it is no longer there."""
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    head = {
        "ETag": f'"{file.sha256}"',
        "Last-Modified": http_date(changed_at.timestamp()),
        "Vary": "Accept-Encoding",
        **extra,
    }
    had = get_conditional_response(request, head["ETag"], int(changed_at.timestamp()), HttpResponse(headers=head))
    if had.status_code != 200:
        return had
    try:
        content = file.path.open("rb")
    except FileNotFoundError:
        return None
    head["Content-Digest"] = f"sha-256=:{digest}:"
    return FileResponse(content, content_type=file.content_type, headers=head)
