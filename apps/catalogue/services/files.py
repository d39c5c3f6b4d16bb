"""The whole public catalogue as a file that the clock writes, so that nobody's pull costs the register anything."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max

from apps.audit.models import Link
from apps.catalogue import queries, sending, wholes
from apps.catalogue.models import CatalogueFile
from apps.core import clock
from apps.documents import streams

AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def write_file(form: str, *, by: Any) -> CatalogueFile | None:
    """Write the public catalogue in this form when the last file is old and something happened since.

    None when it is not due or another sweep is at it. The trail gets no event: nothing of the register changes, and an
    event would make the next file due.
    """
    if not by.is_system:
        raise PermissionDenied
    known, now, head = _alone_with(form), clock.now(), _head()
    if known is None or (known.true_at and known.true_at > now - AGAIN_AFTER):
        return None
    known.true_at = now  # before the reading: what the file says is at least as young
    if known.head != head or not known.sha256:
        _write(known, head)
    known.save()
    return known


def _alone_with(form: str) -> CatalogueFile | None:
    """The row of the last file, or a new one; None while another transaction writes this form."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('catalogue_file'), hashtext(%s))", [form])
        if not cursor.fetchone()[0]:
            return None
    return CatalogueFile.objects.filter(form=form).first() or CatalogueFile(form=form)


def _head() -> int:
    return Link.objects.aggregate(head=Max("pk"))["head"] or 0


def _write(row: CatalogueFile, head: int) -> None:
    folder, before = queries.folder_of(row.form), row.sha256
    kept = streams.keep(folder, _parts(row.form))
    row.sha256, row.size, row.head = kept.sha256, kept.size, head
    if row.sha256 == before:
        return
    row.changed_at = row.true_at
    if row.form in queries.PACKED:
        packed = streams.keep(folder, sending.packed(streams.read(folder, row.sha256)))
        row.packed_sha256, row.packed_size = packed.sha256, packed.size
    wanted = {row.sha256, row.packed_sha256}
    transaction.on_commit(lambda: streams.keep_only(folder, wanted))


def _parts(form: str) -> Iterator[bytes]:
    body = wholes.written(form, None)
    return sending.blocks(body if form != "xlsx" else _read(body))


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(sending.BLOCK):
            yield part
