"""The suggestion in the words of the office: both axes, what each looked at, and how the points were made."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.templatetags.spbe import VERDICTS, angka, tanggal
from apps.deactivation import rules
from apps.deactivation.models import Case, Outcome
from apps.deactivation.queries.suggestion import frozen, suggestion_of
from apps.inventory.models import Application

AXES = {"value": gettext_lazy("Nilai bagi pengguna"), "condition": gettext_lazy("Keadaan teknis")}
BANDS = {
    "none": gettext_lazy("tidak ada"),
    "low": gettext_lazy("rendah"),
    "high": gettext_lazy("tinggi"),
    "poor": gettext_lazy("buruk"),
    "good": gettext_lazy("baik"),
    "": gettext_lazy("belum dapat dinilai"),
}
INPUTS = {
    "use": gettext_lazy("Hasil triwulan, terbaru dahulu"),
    "users": gettext_lazy("Pengguna aktif"),
    "consumers": gettext_lazy("Aplikasi lain yang mengambil datanya"),
    "service": gettext_lazy("Jenis layanan"),
    "reached": gettext_lazy("Pemeriksaan daring"),
    "age": gettext_lazy("Umur"),
    "completeness": gettext_lazy("Kelengkapan catatan"),
    "licence": gettext_lazy("Lisensi"),
    "test": gettext_lazy("Uji keamanan terakhir"),
    "hosting": gettext_lazy("Penempatan"),
}


def suggestion_now(case: Case) -> dict[str, Any]:
    """The suggestion as the evidence stands now; empty where none is made."""
    return worded(frozen(suggestion_of(case)))


def suggestion_for(case: Case) -> dict[str, Any]:
    """For the page of a case: as frozen by its decision, else as it stands now; an ended case without one has none."""
    if case.decision_id:
        item = case.decision_items.filter(decision=case.decision_id).first()
        return worded((item.evidence.get("suggestion") if item else None) or {})
    return suggestion_now(case) if case.is_open else {}


def worded(kept: dict[str, Any]) -> dict[str, Any]:
    """A suggestion, of now or as it was kept, for a page; empty where none was made."""
    if not kept:
        return {}
    axes = [_axis(kept[name]) for name in AXES]
    outcome = kept["outcome"]
    return {
        "outcome": outcome,
        "label": Outcome(outcome).label if outcome else "",
        "sentence": _sentence(outcome, axes),
        "axes": axes,
        "field": _field(),
        "source": rules.FORMULA["source"],
        "known": rules.FORMULA["known_at_least"],
    }


def _sentence(outcome: str, axes: list[dict[str, Any]]) -> str:
    said = ", ".join(axis["said"] for axis in axes)
    if not outcome:
        return _("Belum ada saran: %(axes)s.") % {"axes": said}
    return _("Saran: %(outcome)s. %(axes)s.") % {"outcome": Outcome(outcome).label.lower(), "axes": said}


def _axis(kept: dict[str, Any]) -> dict[str, Any]:
    label, band = str(AXES[kept["name"]]), str(BANDS[kept["band"]])
    known = [row for row in kept["inputs"] if row["points"] is not None]
    points = kept["points"]
    said = {"axis": label, "band": band, "points": points}
    return {
        "label": label,
        "points": points,
        "band": band,
        "said": (_("%(axis)s %(points)s dari 100 (%(band)s)") if points is not None else _("%(axis)s %(band)s")) % said,
        "inputs": [
            {**row, "label": INPUTS[row["name"]], "said": _said(row["name"], row["said"])} for row in kept["inputs"]
        ],
        "sum": " + ".join(f"{row['points']} × {row['weight']}" for row in known),
        "weight": sum(row["weight"] for row in known),
    }


def _field() -> list[dict[str, Any]]:
    """The table of outcomes: a row for each band of value, a cell for each of condition."""
    return [
        {"band": BANDS[band], "outcomes": [Outcome(cells[one]).label for one in ("poor", "good")]}
        for band, cells in rules.FORMULA["outcomes"].items()
    ]


def _said(name: str, value: Any) -> str:
    unknown = _("tidak diketahui")
    if name == "consumers":
        return angka(value)
    if value is None or value == "" or value == []:
        return _("belum tercatat") if name == "test" else unknown
    return str(_WORDS[name](value))


def _verdicts(value: list[str]) -> str:
    low = _("aktif, pemakaian rendah")
    return "; ".join(low if row == "low_use" else str(VERDICTS[row]).lower() for row in value)


def _licence(value: str) -> str:
    if value == "proprietary_ended":
        return _("berpemilik, kontraknya sudah berakhir")
    return Application.License(value).label


_WORDS: dict[str, Any] = {
    "use": _verdicts,
    "users": angka,
    "service": lambda value: Application.ServiceKind(value).label,
    "reached": lambda value: _("terbuka %(n)s dari %(all)s") % {"n": angka(value[0]), "all": angka(value[1])},
    "age": lambda value: ngettext("%(n)s tahun", "%(n)s tahun", value) % {"n": value},
    "completeness": lambda value: _("%(n)s persen") % {"n": value},
    "licence": _licence,
    "test": lambda value: tanggal(date.fromisoformat(value)),
    "hosting": lambda value: Application.Hosting(value).label,
}
