"""A public record as `GET /api/v1/applications/<code>/` tells anybody, of the present or of the moment looked back to."""

from collections.abc import Iterator
from functools import cache

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from rest_framework.renderers import JSONRenderer

from apps.accounts.actor import Actor
from apps.inventory import fields
from apps.inventory.models import Address
from apps.inventory.serializers import AROUND, ApplicationSerializer

CHUNK = 1000


def public_lines(rows: QuerySet) -> Iterator[bytes]:
    """One JSON object per line, from a server-side cursor."""
    by, pen = Actor.anonymous(), JSONRenderer()
    own = cache(lambda government_id: fields.own_readable_by(by, government_id))
    readable = [one for one in fields.readable_by(by) if not isinstance(one, fields.OwnAttribute)]
    said = ApplicationSerializer(context={"attributes": readable, "own_attributes": own, "around": AROUND})
    addresses = Prefetch("addresses", Address.objects.filter(kind=Address.Kind.PUBLIC).order_by("pk"))
    rows = rows.select_related("owner", "government", "successor", "super_application", "merged_into")
    with transaction.atomic():
        for row in rows.prefetch_related(addresses, "references__reference_code").iterator(chunk_size=CHUNK):
            yield pen.render(said.to_representation(row)) + b"\n"
