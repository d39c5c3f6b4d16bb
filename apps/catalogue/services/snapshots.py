"""The public catalogue as it stood at the close of a quarter, frozen for ever."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.catalogue import queries, sending
from apps.catalogue.models import Snapshot
from apps.catalogue.records import public_lines
from apps.core.errors import RuleViolation
from apps.documents import streams
from apps.inventory import exporting, past
from apps.monitoring.models import Period


@transaction.atomic
def freeze_quarter(period_id: int, *, by: Any) -> Snapshot:
    """Freeze the public catalogue of a closed quarter as row history tells it, once; RuleViolation before the close.

    Its files are whole before the row is written: a process that dies between leaves the quarter to the next sweep.
    """
    period = Period.objects.visible_to(by).locked(period_id)
    if not by.is_system:
        raise PermissionDenied
    if period.status != Period.Status.CLOSED:
        raise RuleViolation(_("Salinan beku dibuat setelah triwulan ditutup."), code="not_closed")
    frozen = Snapshot.objects.filter(period=period).first()
    if frozen:
        return frozen
    with past.looking_back(past.Moment(period.closed_at, period.closed_at.isoformat()), by=by):
        rows = queries.whole(period.government)
        count = rows.count()
        kept = {form: streams.keep(queries.SNAPSHOTS, _parts(form, rows, period)) for form in Snapshot.FORMS}
    frozen = Snapshot.objects.create(
        period=period,
        told_of=period.closed_at,
        applications=count,
        ndjson_sha256=kept["ndjson"].sha256,
        ndjson_size=kept["ndjson"].size,
        csv_sha256=kept["csv"].sha256,
        csv_size=kept["csv"].size,
    )
    record(
        by, "snapshot.frozen", frozen, organization=period.government, quarter=period.code,
        sha256={form: one.sha256 for form, one in kept.items()},
    )  # fmt: skip
    return frozen


def _parts(form: str, rows: QuerySet, period: Period) -> Iterator[bytes]:
    if form == "ndjson":
        return sending.blocks(public_lines(rows))
    return sending.blocks(exporting.csv_lines(rows, queries.columns_of(period.government), internal=False))
