"""The numbers beside the names of places, all in one statement."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from apps.core.clock import CoreNow
from apps.deactivation.models import Case, DeskSession
from apps.inventory.models import Application
from apps.monitoring.models import DueApplication, Finding, Period, UsageReport


def _unreported(by: Any) -> QuerySet:
    """Applications of the own offices whose report in an open quarter is not sent."""
    due = DueApplication.objects.filter(
        owner__in=by.organization_ids,
        exemption="",
        period__status=Period.Status.OPEN,
        period__closes_at__gt=CoreNow(),
    )
    sent = UsageReport.objects.filter(status__in=["submitted", "accepted"], period__status=Period.Status.OPEN)
    return due.exclude(application__in=sent.filter(application__owner__in=by.organization_ids).values("application"))


def _cases(*statuses: str) -> Callable[[Any], QuerySet]:
    return lambda by: Case.objects.visible_to(by).filter(status__in=statuses)


def _applications(*statuses: str) -> Callable[[Any], QuerySet]:
    return lambda by: Application.objects.visible_to(by).filter(status__in=statuses)


def _sitting(by: Any) -> QuerySet:
    return DeskSession.objects.visible_to(by).filter(status__in=["scheduled", "in_session"])


def _to_accept(by: Any) -> QuerySet:
    return UsageReport.objects.visible_to(by).filter(status="submitted").exclude(submitted_by_id=by.person_id)


def _findings(by: Any) -> QuerySet:
    return Finding.objects.visible_to(by).filter(status=Finding.Status.OPEN)


COUNTED: dict[str, dict[str, Callable[[Any], QuerySet]]] = {
    "operator": {
        "applications": _applications("draft", "returned"),
        "periods": _unreported,
        "cases": _cases("awaiting_answer"),
    },
    "agency_head": {"periods": _unreported, "cases": _cases("awaiting_answer")},
    "reviewer": {
        "applications": _applications("submitted"),
        "periods": _to_accept,
        "findings": _findings,
        "cases": _cases("nominated", "answered"),
        "desk": _sitting,
    },
    "companion": {"cases": _cases("on_desk"), "desk": _sitting},
    "approver": {"cases": _cases("recommended"), "desk": _sitting},
}


def counts(by: Any) -> dict[str, int]:
    """What waits in each place, by the keys of the navigation; places with nothing are left out."""
    asked = COUNTED.get(by.role)
    if not asked or by.government_id is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(*_statement(by, by.organization_ids))
        return {key: number for key, number in zip(asked, cursor.fetchone(), strict=True) if number}


@lru_cache(maxsize=256)
def _statement(by: Any, _offices: frozenset[int]) -> tuple[str, tuple]:
    """One row of numbers. Only its wording is kept, of an actor that never changes: each page asked four times as long for it
    as PostgreSQL takes to count."""
    parts = [_number(rows(by)) for rows in COUNTED[by.role].values()]
    numbers = ", ".join(f"({sql})" for sql, _params in parts)
    return f"SELECT {numbers}", tuple(param for _sql, params in parts for param in params)


def _number(rows: QuerySet) -> tuple[str, tuple]:
    """How many rows, as SQL."""
    try:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # an actor without offices
        return "SELECT 0", ()
    return f"SELECT count(*) FROM ({sql}) AS counted", params
