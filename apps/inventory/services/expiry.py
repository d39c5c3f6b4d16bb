"""Announcing that a contract or a document runs out: once per row, end and rung; the rows are the queue."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.inventory import rules
from apps.inventory.models import Contract, ExpiryReminder, RecordDocument

About = ExpiryReminder.About
# what is announced: model, field of its end, verb
ENDING = {
    About.CONTRACT: (Contract, "ends_on", "contract.expiring"),
    About.DOCUMENT: (RecordDocument, "valid_until", "document.expiring"),
}


@transaction.atomic
def remind_of_ends(government: Organization, *, by: Any) -> int:
    """Announce every end of living applications that came within a rung and was not announced for it; how many."""
    today = clock.today(government.zone)
    told = 0
    for about in ENDING:
        for rung, row in _due(about, government, today):
            told += _remind(about, rung, row, today, by)
    return told


def _due(about: str, government: Organization, today: date) -> list[tuple[int, Any]]:
    """Rows with their rung, nearest end first; a row somebody else is announcing is left to them."""
    model, day, _verb = ENDING[About(about)]
    living = model._default_manager.filter(
        application__government=government, application__status__in=["registered", "retiring"]
    )
    found, first = [], today
    for rung in rules.EXPIRY_RUNGS:
        last = today + timedelta(days=rung)
        rows = living.filter(**{f"{day}__gte": first, f"{day}__lte": last})
        found += [(rung, row) for row in _untold(rows, about, day, rung)]
        first = last + timedelta(days=1)
    return found


def _untold(rows: QuerySet, about: str, day: str, rung: int) -> QuerySet:
    told = ExpiryReminder.objects.filter(about=about, row_id=OuterRef("pk"), ends_on=OuterRef(day), days_before=rung)
    waiting = rows.filter(~Exists(told)).select_related("application__owner").order_by(day, "pk")
    return waiting.select_for_update(skip_locked=True, of=("self",))


def _remind(about: str, rung: int, row: Any, today: date, by: Any) -> int:
    _model, day, verb = ENDING[About(about)]
    ends_on = getattr(row, day)
    _row, new = ExpiryReminder.objects.get_or_create(about=about, row_id=row.pk, ends_on=ends_on, days_before=rung)
    if new:
        left = (ends_on - today).days
        owner = row.application.owner
        record(by, verb, row.application, organization=owner, title=str(row), until=ends_on, days=left)
    return int(new)
