"""Sweeps of the quarter, run each minute."""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import rules
from apps.monitoring.models import Period
from apps.monitoring.services import (
    close_period,
    follow_counters,
    follow_mergers,
    follow_owners,
    forget_raw,
    open_period,
    plan_probes,
    probe_due,
    remind_due,
    review_keeping,
    schedule_period,
)

# A tick asks this long, so that the other sweeps of the minute have their turn.
PROBING_SECONDS = 20
logger = logging.getLogger(__name__)


@shared_task
def open_due_periods() -> None:
    """Make the periods whose time has come near, and open those whose window has begun."""
    now = clock.now()
    for government in Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, active_until__isnull=True):
        this = Quarter.of(now, government.zone)
        if now < rules.window(this.previous(), government.zone)[1]:
            schedule_period(government, this.previous())
        schedule_period(government, this)
    for pk in _due(status=Period.Status.SCHEDULED, opens_at__lte=now):
        _attempt(open_period, pk)


@shared_task
def close_due_periods() -> None:
    """Close what has ended, and go on with a close that was killed."""
    for pk in _due(status__in=[Period.Status.OPEN, Period.Status.CLOSING], closes_at__lte=clock.now()):
        _attempt(close_period, pk)


@shared_task
def probe_declared_addresses() -> None:
    """Keep the daily round up to the register, and ask what is due."""
    if settings.PROBES:
        plan_probes()
        probe_due(seconds=PROBING_SECONDS)


@shared_task
def forget_raw_evidence() -> None:
    """Drop days and probes whose totals stand and which are older than is kept."""
    for government in Organization.objects.filter(kind=Organization.Kind.GOVERNMENT):
        forget_raw(government, by=Actor.system())


@shared_task
def follow_register() -> None:
    """Bring mergers and changes of owner into the running quarter."""
    follow_mergers(by=Actor.system())
    follow_counters(by=Actor.system())
    follow_owners(by=Actor.system())


@shared_task
def remind_people() -> None:
    """Climb the ladder of every open quarter, and tell executives of one that has just ended."""
    now = clock.now()
    recent = Period.objects.filter(
        Q(status=Period.Status.OPEN, opens_at__lte=now, closes_at__gt=now)
        | Q(status=Period.Status.CLOSED, closes_at__gt=now - rules.DIGEST_WITHIN - timedelta(days=1))
    )
    for pk in recent.values_list("pk", flat=True):
        remind_due(pk, by=Actor.system())


@shared_task
def review_register_keeping() -> None:
    """Raise and resolve findings about records nobody keeps."""
    governments = Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, active_until__isnull=True)
    for pk in governments.values_list("pk", flat=True):
        review_keeping(pk, by=Actor.system())


def _attempt(verb: Callable[..., Period], pk: int) -> None:
    """One period that has to wait does not hold up the others; the next tick tries it again."""
    try:
        verb(pk, by=Actor.system())
    except RuleViolation as refusal:
        logger.warning("%s of period %s has to wait: %s", verb.__name__, pk, refusal)


def _due(**conditions) -> list[int]:
    """Due periods nobody else is working on, oldest first."""
    with transaction.atomic():
        rows = Period.objects.filter(**conditions).order_by("year", "quarter").select_for_update(skip_locked=True)
        return [period.pk for period in rows]
