"""The whole public catalogue, of a government or of all, in each of its forms."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from apps.accounts.models import Organization
from apps.catalogue import queries
from apps.inventory import exporting

CHUNK = 2000
CONTENT_TYPES = {
    "csv": exporting.WRITERS["csv"][0],
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "xlsx": exporting.WRITERS["xlsx"][0],
}


def written(form: str, government: Organization | None) -> Any:
    """The body: lines of text, parts of JSON, or an open workbook."""
    if form == "ndjson":
        return (f"{body}\n" for body in _bodies(government))
    if form == "json":
        return _array(government)
    _kind, write = exporting.WRITERS[form]
    return write(queries.whole(government), queries.columns_of(government), internal=False)


def _array(government: Organization | None) -> Iterator[str]:
    yield "["
    for number, body in enumerate(_bodies(government)):
        yield (",\n" if number else "\n") + body
    yield "\n]\n"


def _bodies(government: Organization | None) -> Iterator[str]:
    """The stored documents as `GET /api/v1/applications/<code>/` tells them, by a server-side cursor.

    Its transaction opens here, inside the consumer's loop, so that the first one is early.
    """
    with transaction.atomic():
        yield from queries.documents(government).iterator(chunk_size=CHUNK)
