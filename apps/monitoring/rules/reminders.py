"""When whom to remind of the reports, in calendar days of the government."""

from datetime import date, datetime, time, timedelta

from apps.monitoring.models import Period

# Calendar days left when a role is reminded, from eight in the morning; the executive reads a digest after the end.
LADDER = {"operator": (14, 7, 3, 1), "agency_head": (3, 0)}
REMINDED_FROM, DIGEST, DIGEST_WITHIN = time(8), "digest", timedelta(days=14)


def rung_of(role: str, period: Period, now: datetime) -> str:
    """The lowest rung of the role's ladder whose morning has come, like "T-3"; "" before the first and after the end."""
    zone = period.government.zone
    last = last_day(period)
    reached = [n for n in LADDER[role] if now >= datetime.combine(last - timedelta(days=n), REMINDED_FROM, zone)]
    return f"T-{min(reached)}" if reached and now < period.closes_at else ""


def digest_is_due(period: Period, now: datetime) -> bool:
    """From the morning after the end on, for two weeks."""
    begins = datetime.combine(last_day(period) + timedelta(days=1), REMINDED_FROM, period.government.zone)
    return begins <= now < begins + DIGEST_WITHIN


def last_day(period: Period) -> date:
    """The last day on which a report is in time."""
    return (period.closes_at - timedelta(microseconds=1)).astimezone(period.government.zone).date()
