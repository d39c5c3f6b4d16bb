"""What follows from the verdicts of two quarters: findings raised, kept and resolved."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from apps.core.quarter import Quarter
from apps.monitoring.models import Finding, Verdict
from apps.monitoring.rules.numbers import THRESHOLDS

Kind = Finding.Kind
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
# Those that follow from judged quarters: use resolves them, a dismissal starts their count anew.
COUNTING = (Kind.IDLE, Kind.CONFLICT, Kind.NON_REPORTING)


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
