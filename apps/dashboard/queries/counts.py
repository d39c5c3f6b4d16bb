"""The numbers beside the names of places, all in one statement."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import Organization
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
    asked = COUNTED.get(by.role, {})
    if not asked:
        return {}
    row = (
        Organization.objects.filter(pk=by.government_id)
        .annotate(**{f"n_{key}": _number(rows(by)) for key, rows in asked.items()})
        .values(*(f"n_{key}" for key in asked))
        .first()
    )
    return {key: row[f"n_{key}"] for key in asked if row[f"n_{key}"]} if row else {}


def _number(rows: QuerySet) -> Coalesce:
    """How many rows, as an expression."""
    one = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(one.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))
