"""What a report begins with, what speaks against it, and whether it may be sent."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.monitoring.models import UsageReport
from apps.monitoring.rules.numbers import DEAD_AFTER_DAYS

GIGABYTE = 10**9
MEASURED = ("active_users", "transactions", "database_gb", "growth_gb")
PREFILLED = (
    "running", "used", "registered_users", "active_users", "transactions", "database_gb", "growth_gb", "sla_percent",
    "satisfaction", "next_step",
)  # fmt: skip


@dataclass(frozen=True)
class Against:
    """What counters and probes say of an application while its report is written."""

    counters: dict[str, Any] | None = None
    dead_days: int = 0  # how long no completed probe has reached the address

    @property
    def counters_are_zero(self) -> bool:
        counted = self.counters
        return bool(counted and counted["days"]) and not self.counters_show_use

    @property
    def counters_show_use(self) -> bool:
        return bool(self.counters and (self.counters["active_users"] or self.counters["transactions"]))


def data_sizes(before: int | None, sizes: list[int]) -> dict[str, Decimal]:
    """The last size told, in GB of 10^9 bytes, and its growth since the quarter before, else since the first day told.

    `sizes` are the quarter's in bytes, oldest first. A size that shrank has not grown; one size alone tells no growth.
    """
    if not sizes:
        return {}
    told = {"database_gb": _in_gb(sizes[-1])}
    if before is None and len(sizes) == 1:
        return told
    return {**told, "growth_gb": _in_gb(max(sizes[-1] - (sizes[0] if before is None else before), 0))}


def _in_gb(size: int) -> Decimal:
    return (Decimal(size) / GIGABYTE).quantize(Decimal("0.01"))


def first_answers(last: UsageReport | None, counters: dict[str, Any] | None) -> dict[str, Any]:
    """What a new report begins with: last quarter's answers, and what the counters have measured since."""
    said = {name: getattr(last, name) for name in PREFILLED} if last else {}
    measured = {name: counters[name] for name in MEASURED if name in counters} if counters else {}
    return {**said, **measured}


def contradiction(report: UsageReport, against: Against) -> str:
    """What in the evidence speaks against the report, as a sentence; "" when nothing does."""
    counted = report.active_users or report.transactions
    if report.used and report.running is False:
        return _("Dinyatakan dipakai, tetapi tidak berjalan.")
    if report.used and against.counters_are_zero:
        return _("Pencacah mencatat 0 pemakaian pada triwulan ini.")
    if report.used and not counted:
        return _("Dinyatakan dipakai, tetapi pengguna aktif dan transaksi 0.")
    if report.used is False and counted:
        return _("Dinyatakan tidak dipakai, tetapi ada pengguna aktif atau transaksi.")
    if report.used is False and against.counters_show_use:
        return _("Dinyatakan tidak dipakai, tetapi pencacah mencatat pemakaian.")
    if report.used and against.dead_days >= DEAD_AFTER_DAYS:
        return _("Alamatnya tidak dapat dibuka selama %(n)s hari terakhir pemeriksaan.") % {"n": against.dead_days}
    return ""


def unready(report: UsageReport, against: Against) -> dict[str, str]:
    """Why a draft cannot be sent yet: field to what to do about it; nothing when it is ready."""
    if report.used is None:
        return {"used": _("Jawab dahulu apakah aplikasi ini dipakai.")}
    words = contradiction(report, against)
    if words and not report.explanation.strip():
        return {"explanation": words + " " + _("Jelaskan dahulu, atau perbaiki isiannya.")}
    return {} if report.attested else {"attested": _("Beri tanda bahwa isian ini benar.")}


def counters_light(last_day: date | None, today: date) -> str:
    """Whether counters still come: "fresh" until the day before yesterday, "behind" for a week, then "silent"; "none"."""
    if last_day is None:
        return "none"
    age = (today - last_day).days
    return "fresh" if age <= 2 else "behind" if age <= 7 else "silent"
