"""The rule of the quarter, version 1, as pure functions; the close does the same set-based in SQL.

Source: product rules of the team after the monitoring procedures of Kota Malang and Kota Yogyakarta; the numbers are
data of each period (`Period.thresholds`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.quarter import Quarter
from apps.core.templatetags.spbe import angka
from apps.inventory import rules as inventory_rules
from apps.monitoring.models import Assessment, DueApplication, Finding, Period, UsageReport, Verdict

RULE_VERSION = 1
OPENS_BEFORE_END_DAYS = 14
CLOSES_ON_DAY_AFTER = 11
REVIEW_STOPS_WORKING_DAYS = 3
# Active users and transactions are per quarter; low use is fewer active users; probes must be completed on many days.
THRESHOLDS = {"active_users": 1, "transactions": 1, "low_use_users": 5, "probes": 30, "probe_days": 30, "look_back": 4}
# What an adopted threshold may be. A quarter has at most 92 days; a probe is sent once a day.
THRESHOLD_RANGES = {
    "active_users": (1, 100_000),
    "transactions": (1, 1_000_000),
    "low_use_users": (1, 100_000),
    "probes": (1, 1_000),
    "probe_days": (1, 92),
    "look_back": (1, 8),
}

# Days of counters and probes stay this long, far beyond the late reports of their quarter; their totals stay for good.
RAW_KEPT_QUARTERS = 8
# A counter's key ends after a year, so that a forgotten one does not stay open.
USAGE_TOKEN_DAYS = 366
# A retired application's address is gone after so many days in a row without an answer; one answer says it is not.
GONE_AFTER_SILENT_DAYS = 3
# An address dead this long speaks against "dipakai" while the report is written; the close has thresholds of its own.
DEAD_AFTER_DAYS = 7
GIGABYTE = 10**9
MEASURED = ("active_users", "transactions", "database_gb", "growth_gb")
PREFILLED = (
    "running", "used", "registered_users", "active_users", "transactions", "database_gb", "growth_gb", "sla_percent",
    "satisfaction", "next_step",
)  # fmt: skip

# Calendar days left when a role is reminded, from eight in the morning; the executive reads a digest after the end.
LADDER = {"operator": (14, 7, 3, 1), "agency_head": (3, 0)}
REMINDED_FROM, DIGEST, DIGEST_WITHIN = time(8), "digest", timedelta(days=14)
# More people never reminded before than this, at once, wait for a reviewer.
NEW_RECIPIENTS_AT_MOST = 100

OPERATOR, HEAD, REVIEWER = "operator", "agency_head", "reviewer"
COUNTER_KEEPERS = (OPERATOR, REVIEWER)
Exemption = DueApplication.Exemption
Kind = Finding.Kind


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


WATCH, SHOWN, INSUFFICIENT, RESOLVE, RAISE, NOTHING = "watch", "shown", "insufficient", "resolve", "raise", ""
# previous verdict × this verdict: what happens, and the kind of finding when one is raised
CELLS: dict[tuple[str | None, str], tuple[str, str]] = {
    (None, "active"): (NOTHING, ""),
    (None, "idle"): (WATCH, ""),
    (None, "unreported"): (SHOWN, ""),
    (None, "conflict"): (RAISE, Kind.CONFLICT),
    ("active", "active"): (RESOLVE, ""),
    ("active", "idle"): (WATCH, ""),
    ("active", "unreported"): (SHOWN, ""),
    ("active", "conflict"): (RAISE, Kind.CONFLICT),
    ("idle", "active"): (RESOLVE, ""),
    ("idle", "idle"): (RAISE, Kind.IDLE),
    ("idle", "unreported"): (INSUFFICIENT, ""),
    ("idle", "conflict"): (RAISE, Kind.CONFLICT),
    ("unreported", "active"): (RESOLVE, ""),
    ("unreported", "idle"): (INSUFFICIENT, ""),
    ("unreported", "unreported"): (RAISE, Kind.NON_REPORTING),
    ("unreported", "conflict"): (RAISE, Kind.CONFLICT),
    ("conflict", "active"): (RESOLVE, ""),
    ("conflict", "idle"): (WATCH, ""),
    ("conflict", "unreported"): (SHOWN, ""),
    ("conflict", "conflict"): (RAISE, Kind.CONFLICT),
}
IDLE_RULE = gettext_lazy("Dua triwulan berturut-turut yang wajib dilaporkan dinilai tidak dipakai.")
NON_REPORTING_RULE = gettext_lazy("Dua triwulan berturut-turut tidak ada laporan dan tidak ada pencacah yang cukup.")
OWNERLESS_RULE = gettext_lazy(
    "OPD pemilik sudah berakhir, atau tidak punya operator maupun kepala yang perannya masih berlaku. Temuan teratasi sendiri begitu ada."
)
STALE_RULE = gettext_lazy(
    "Keterangannya tidak diubah dan tidak dinyatakan benar selama jumlah triwulan yang ditetapkan dalam Ketentuan. Temuan teratasi sendiri setelah pemilik mengubah atau menyatakannya benar."
)
REAPPEARED_RULE = gettext_lazy(
    "Aplikasi sudah pensiun, tetapi alamatnya masih menjawab. Lepaskan nama domain dan matikan servernya, atau usulkan pengaktifan kembali. Temuan teratasi sendiri setelah alamat tiga hari berturut-turut tidak menjawab, atau ketika pengaktifan kembali diputuskan."
)
CONFLICT_RULE = gettext_lazy("Laporan menyatakan dipakai, tetapi bukti lain menyatakan sebaliknya.")
RESOLVED_BY_USE = (Kind.IDLE, Kind.CONFLICT, Kind.NON_REPORTING)


@dataclass(frozen=True)
class Judged:
    """One closed quarter of one application; `look_back` is how far back its own numbers look for the verdict before."""

    quarter: Quarter
    verdict: str
    owner_id: int = 0
    look_back: int = THRESHOLDS["look_back"]


@dataclass(frozen=True)
class Restart:
    """From `quarter` on verdicts count anew for `kinds` (all when empty)."""

    quarter: Quarter
    kinds: frozenset[str] = field(default_factory=frozenset)

    def hides(self, judged: Judged, kind: str) -> bool:
        return judged.quarter < self.quarter and (not self.kinds or kind in self.kinds)


def previous(history: Iterable[Judged], this: Judged, restarts: Iterable[Restart], kind: str) -> Judged | None:
    """The last non-exempt quarter within the look-back of `this` that still counts for `kind`."""
    earliest = this.quarter.plus(-this.look_back)
    before = [j for j in history if earliest <= j.quarter < this.quarter and j.verdict != Verdict.EXEMPT]
    last = max(before, key=lambda j: j.quarter, default=None)
    if last is None or any(restart.hides(last, kind) for restart in restarts):
        return None
    return None if kind == Kind.NON_REPORTING and last.owner_id != this.owner_id else last


def standing_findings(history: Iterable[Judged], restarts: Iterable[Restart] = ()) -> dict[str, list[str]]:
    """The findings that stand after walking all quarters: kind to the quarters that speak for it."""
    judged, restarts = sorted(history, key=lambda j: j.quarter), list(restarts)
    standing: dict[str, list[str]] = {}
    for this in judged:
        if this.verdict == Verdict.EXEMPT:
            continue
        if this.verdict == Verdict.ACTIVE:
            standing.clear()
        kind = kind_raised_by(this.verdict)
        if any(restart.hides(this, kind) for restart in restarts):
            continue
        last = previous(judged, this, restarts, kind) if kind else None
        if kind and CELLS[last.verdict if last else None, this.verdict] == (RAISE, kind):
            quarters = standing.setdefault(kind, [str(last.quarter)] if last and last.verdict == this.verdict else [])
            quarters.append(str(this.quarter))
    return standing


def kind_raised_by(verdict_: str) -> str:
    """The kind of finding a verdict may raise; "" when none."""
    raises: dict[str, str] = {"idle": Kind.IDLE, "unreported": Kind.NON_REPORTING, "conflict": Kind.CONFLICT}
    return raises.get(verdict_, "")


def sentence(assessment: Assessment) -> str:
    """The verdict in one sentence that follows from its evidence and the thresholds of its period."""
    evidence, thresholds = Evidence.of(assessment.evidence), assessment.period.thresholds
    if assessment.verdict == Verdict.EXEMPT:
        return _("Dikecualikan: %(reason)s.") % {"reason": Exemption(assessment.reason).label}
    if assessment.verdict == Verdict.UNREPORTED:
        return _(
            "Tidak ada laporan dan tidak ada pencacah yang cukup. Ini data yang kurang, bukan tanda tidak dipakai."
        )
    tell = {Verdict.CONFLICT: _tell_conflict, Verdict.ACTIVE: _tell_use, Verdict.IDLE: _tell_idleness}
    return tell[Verdict(assessment.verdict)](evidence, thresholds)


def _tell_use(evidence: Evidence, thresholds: dict[str, int]) -> str:
    words = _(
        "Dipakai: %(users)s pengguna aktif dan %(transactions)s transaksi; cukup %(least)s pengguna atau %(few)s transaksi."
    )
    return words % {
        "users": angka(max(evidence.report_active_users or 0, evidence.counter_active_users)),
        "transactions": angka(max(evidence.report_transactions or 0, evidence.counter_transactions)),
        "least": angka(thresholds["active_users"]),
        "few": angka(thresholds["transactions"]),
    }


def _tell_idleness(evidence: Evidence, _thresholds: dict[str, int]) -> str:
    if evidence.report_used is False:
        return _("Laporan OPD menyatakan tidak dipakai.")
    words = _("Pencacah nol pada %(days)s dari %(all)s hari triwulan; sedikitnya separuh hari tercatat.")
    return words % {"days": angka(evidence.counter_days), "all": angka(evidence.quarter_days)}


def _tell_conflict(evidence: Evidence, thresholds: dict[str, int]) -> str:
    told = []
    if evidence.counters_are_zero:
        told.append(_("pencacah nol pada %(n)s hari") % {"n": angka(evidence.counter_days)})
    if unreachable(evidence, thresholds):
        words = _("alamatnya tidak pernah terbuka pada %(n)s pemeriksaan selama %(days)s hari")
        told.append(words % {"n": angka(evidence.probes_completed), "days": angka(evidence.probe_days)})
    return _("Laporan menyatakan dipakai, tetapi %(against)s.") % {"against": _(" dan ").join(told)}


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


def may_report(by: Any, application: Any) -> bool:
    """The owner's operator (or head)."""
    return by.has_role(OPERATOR, HEAD) and by.covers(application.owner)


def may_report_on_paper(by: Any, application: Any) -> bool:
    """A reviewer enters what a signed paper says."""
    return by.has_role(REVIEWER) and by.government_id == application.government_id


def may_review(by: Any, report: UsageReport) -> bool:
    """A reviewer of the government who did not enter the report."""
    return (
        by.has_role(REVIEWER)
        and by.government_id == report.application.government_id
        and by.person_id != report.submitted_by_id
    )


def may_endorse(by: Any, organization: Any) -> bool:
    """The agency's head."""
    return by.has_role(HEAD) and by.covers(organization)


def may_run_periods(by: Any, period: Period) -> bool:
    """The clock, or a reviewer of the government."""
    return by.is_system or (by.has_role(REVIEWER) and by.government_id == period.government_id)


def may_read_thresholds(by: Any) -> bool:
    """Whoever sees the whole government: the numbers are tried on all its offices."""
    return by.is_government_wide


def may_adopt_thresholds(by: Any) -> bool:
    """A reviewer, who runs the periods."""
    return by.has_role(REVIEWER)


def may_dismiss(by: Any, finding: Finding) -> bool:
    """A reviewer of the government."""
    return by.is_system or (by.has_role(REVIEWER) and by.government_id == finding.application.government_id)


def may_keep_counters(by: Any, application: Any) -> bool:
    """Who may edit the record makes and ends the keys of its counters, and uploads its days."""
    return inventory_rules.may_edit(by, application)


def may_revoke_usage_token(by: Any, token: Any) -> bool:
    """Who may make a key may end it."""
    return may_keep_counters(by, token.application)


def may_know_probes(by: Any) -> bool:
    """Diskominfo and the other offices of the government; an owner learns whether an address opens, never why not."""
    return by.is_system or by.is_government_wide


def counters_light(last_day: date | None, today: date) -> str:
    """Whether counters still come: "fresh" until the day before yesterday, "behind" for a week, then "silent"; "none"."""
    if last_day is None:
        return "none"
    age = (today - last_day).days
    return "fresh" if age <= 2 else "behind" if age <= 7 else "silent"


def may_ask(by: Any, subject: UsageReport | Finding) -> bool:
    """A reviewer of the government asks the agency to explain a report or a finding."""
    return by.has_role(REVIEWER) and by.government_id == subject.application.government_id


def may_explain(by: Any, request: Any) -> bool:
    """The owner's operator or head answers for the agency."""
    return may_report(by, request.application)


def may_remind(by: Any, organization: Any) -> bool:
    """A reviewer of the government."""
    return by.has_role(REVIEWER) and by.covers(organization)


def may_run_reminders(by: Any, batch: Any) -> bool:
    """A reviewer of the government lets a held batch go, or not."""
    return by.has_role(REVIEWER) and by.government_id == batch.period.government_id


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
