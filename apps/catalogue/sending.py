"""How a whole catalogue goes out: in blocks, packed for who asks for it, only so many at once."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import APIException

from apps.core.places import BUSY, NoPlace, Place, with_a_place

BLOCK = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS
RETRY_AFTER = 15  # seconds
_ASKED = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=([01](?:\.\d*)?))?\s*(?=,|$)", re.IGNORECASE)


class TooManyAtOnce(APIException):
    """429: as many whole catalogues are on their way as may be."""

    status_code = 429
    default_code = "too_many_exports"
    default_detail = BUSY
    wait = RETRY_AFTER


def with_place(answer: Callable[[Place], Any]) -> Any:
    """What `answer` makes while it holds a place; TooManyAtOnce (429) without one."""
    try:
        return with_a_place("export", settings.EXPORTS_AT_ONCE, answer)
    except NoPlace:
        raise TooManyAtOnce


def blocks(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    """The parts as bytes: the first as soon as it is there, the others in blocks."""
    kept, size, limit = [], 0, 0
    for part in parts:
        one = part.encode() if isinstance(part, str) else part
        kept.append(one)
        size += len(one)
        if size >= limit:
            yield b"".join(kept)
            kept, size, limit = [], 0, BLOCK
    if kept:
        yield b"".join(kept)


def packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts as gzip, the first block at once."""
    pen, early = zlib.compressobj(6, zlib.DEFLATED, GZIP), True
    for part in parts:
        one = pen.compress(part) + (pen.flush(zlib.Z_SYNC_FLUSH) if early else b"")
        early = False
        if one:
            yield one
    yield pen.flush()


def takes_gzip(request: HttpRequest) -> bool:
    """Whether Accept-Encoding lets the answer be gzip (RFC 9110 section 12.5.3)."""
    asked = _ASKED.search(request.headers.get("Accept-Encoding", ""))
    return bool(asked) and float(asked[1] or 1) > 0


def as_packed(response: HttpResponseBase, is_packed: bool) -> HttpResponseBase:
    """Says how the body is packed, and to caches that it depends on what was asked."""
    patch_vary_headers(response, ["Accept-Encoding"])
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return response
