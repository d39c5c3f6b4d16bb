"""The window of a quarter, what exempts an application from it, and the verdict its evidence leads to."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from apps.core.quarter import Quarter
from apps.monitoring.models import DueApplication, Verdict
from apps.monitoring.rules.numbers import CLOSES_ON_DAY_AFTER, OPENS_BEFORE_END_DAYS

Exemption = DueApplication.Exemption


def window(quarter: Quarter, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The reporting window [opens, closes): 14 days before the quarter's end to the start of the 11th day after it."""
    opens = datetime.combine(quarter.next().starts_on - timedelta(days=OPENS_BEFORE_END_DAYS), time(), zone)
    closes = datetime.combine(quarter.ends_on + timedelta(days=CLOSES_ON_DAY_AFTER), time(), zone)
    return opens, closes


@dataclass(frozen=True)
class Facts:
    """What exempts, as confirmed when the window opened."""

    status: str
    ownership: str
    operating_since: date | None = None
    season_months: tuple[int, ...] = ()
    suspended: bool = False


def exemption(facts: Facts, quarter: Quarter) -> str:
    """Why the application is not judged in this quarter; "" when it is. Unknown first day means before."""
    months = {quarter.starts_on.month + step for step in range(3)}
    if facts.operating_since and facts.operating_since > quarter.starts_on:
        return Exemption.NOT_OPERATING
    if facts.ownership == "central":
        return Exemption.CENTRAL
    if facts.status in ("retiring", "retired"):
        return Exemption.RETIRING
    if facts.season_months and not months & set(facts.season_months):
        return Exemption.OUT_OF_SEASON
    return Exemption.SUSPENDED if facts.suspended else Exemption.NONE


@dataclass(frozen=True)
class Evidence:
    """The inputs of one verdict. Counters are the quarter's highest day of active users and the sum of transactions."""

    exemption: str = ""
    report_used: bool | None = None
    report_active_users: int | None = None
    report_transactions: int | None = None
    counter_days: int = 0
    counter_active_users: int = 0
    counter_transactions: int = 0
    probes_completed: int = 0
    probe_days: int = 0
    probes_reached: int = 0
    quarter_days: int = 90

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The inputs from an assessment's stored evidence."""
        report, counters, probes = (stored.get(name) or {} for name in ("report", "counters", "probes"))
        return cls(
            exemption=stored.get("exemption", ""),
            report_used=report.get("used"),
            report_active_users=report.get("active_users"),
            report_transactions=report.get("transactions"),
            counter_days=counters.get("days", 0),
            counter_active_users=counters.get("active_users", 0),
            counter_transactions=counters.get("transactions", 0),
            probes_completed=probes.get("completed", 0),
            probe_days=probes.get("days", 0),
            probes_reached=probes.get("reached", 0),
            quarter_days=stored.get("quarter_days", 90),
        )

    @property
    def counters_are_zero(self) -> bool:
        return self.counter_days > 0 and not (self.counter_active_users or self.counter_transactions)


def unreachable(evidence: Evidence, thresholds: dict[str, int]) -> bool:
    """Enough completed probes on enough days, and none reached the address."""
    enough = evidence.probes_completed >= thresholds["probes"] and evidence.probe_days >= thresholds["probe_days"]
    return enough and evidence.probes_reached == 0


def verdict(evidence: Evidence, thresholds: dict[str, int]) -> str:
    """Rule version 1. Silence is missing data, never idleness."""
    if evidence.exemption:
        return Verdict.EXEMPT
    if evidence.report_used and (evidence.counters_are_zero or unreachable(evidence, thresholds)):
        return Verdict.CONFLICT
    if _shows_use(evidence, thresholds):
        return Verdict.ACTIVE
    covered = 2 * evidence.counter_days >= evidence.quarter_days
    if evidence.report_used is False or (evidence.counters_are_zero and covered):
        return Verdict.IDLE
    return Verdict.UNREPORTED


def low_use(evidence: Evidence, thresholds: dict[str, int]) -> bool:
    """Used, but by fewer than the second threshold of active users; unknown numbers are not low."""
    known = [evidence.report_active_users] if evidence.report_active_users is not None else []
    known += [evidence.counter_active_users] if evidence.counter_days else []
    return verdict(evidence, thresholds) == Verdict.ACTIVE and bool(known) and max(known) < thresholds["low_use_users"]


def _shows_use(evidence: Evidence, thresholds: dict[str, int]) -> bool:
    users = max(evidence.report_active_users or 0, evidence.counter_active_users)
    transactions = max(evidence.report_transactions or 0, evidence.counter_transactions)
    return users >= thresholds["active_users"] or transactions >= thresholds["transactions"]
