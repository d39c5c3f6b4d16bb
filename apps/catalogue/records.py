"""A public record as `GET /api/v1/applications/<code>/` tells anybody, of the present or of the moment looked back to."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.actor import Actor
from apps.inventory.record_json import document, public_names

CHUNK = 1000


def public_lines(rows: QuerySet) -> Iterator[bytes]:
    """One JSON object per line, from a server-side cursor."""
    said = rows.annotate(body=document(Actor.anonymous(), public_names())).values_list("body", flat=True)
    with transaction.atomic():
        for body in said.iterator(chunk_size=CHUNK):
            yield body.encode() + b"\n"
