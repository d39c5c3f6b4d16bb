"""Reads about quarters and the numbers that count in them."""

from datetime import datetime, timedelta

from django.db.models import Q

from apps.accounts.models import GovernmentPolicy, Organization
from apps.core.quarter import Quarter
from apps.core.workdays import working_days_between
from apps.monitoring import rules
from apps.monitoring.models import (
    AdoptedThresholds,
    Period,
)
from apps.monitoring.rules import REVIEW_STOPS_WORKING_DAYS


def thresholds_in(government_id: int, quarter: Quarter) -> dict[str, int]:
    """The numbers of the rule that count in `quarter`: the last adopted ones, else the product's own."""
    adopted = AdoptedThresholds.objects.filter(government=government_id).in_force(quarter).first()
    return {**rules.THRESHOLDS, **(adopted.thresholds if adopted else {})}


def first_unopened(government_id: int, now: datetime) -> Quarter:
    """The earliest quarter other thresholds may count from: the one after the last opened, else the present one."""
    begun = Period.objects.filter(government=government_id).exclude(status=Period.Status.SCHEDULED)
    last = begun.select_related("government").order_by("-year", "-quarter").first()
    return last.quarter_value.next() if last else Quarter.of(now, Organization.objects.get(pk=government_id).zone)


def next_is_closed(period: Period) -> bool:
    """Whether a later period of the government is closed: late reports are over then."""
    later = Q(year=period.year, quarter__gt=period.quarter) | Q(year__gt=period.year)
    return Period.objects.filter(later, government=period.government_id, status=Period.Status.CLOSED).exists()


def last_ended(government_id: int, now: datetime) -> Period | None:
    """The last period whose window is over."""
    ended = Period.objects.filter(government=government_id, closes_at__lte=now)
    return ended.order_by("-year", "-quarter").first()


def may_still_return(period: Period, now: datetime) -> bool:
    """Whether more than three working days are left; RuleViolation when the year's holidays are not confirmed."""
    zone = period.government.zone
    policy = GovernmentPolicy.objects.get(pk=period.government_id)
    left = working_days_between(  # today counts, the day at whose start the window ends does not
        now.astimezone(zone).date() - timedelta(days=1),
        period.closes_at.astimezone(zone).date() - timedelta(days=1),
        joint_leave_counts=not policy.joint_leave_is_working,
    )
    return now < period.closes_at and left > REVIEW_STOPS_WORKING_DAYS


def current_period(government_id: int) -> Period | None:
    """The open period, else the one being closed, else the next scheduled, else the last closed."""
    periods = Period.objects.filter(government=government_id)
    for status in (Period.Status.OPEN, Period.Status.CLOSING, Period.Status.SCHEDULED):
        found = periods.filter(status=status).order_by("year", "quarter").first()
        if found:
            return found
    return periods.first()
