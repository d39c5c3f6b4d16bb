"""Why an application is up for a case, as pages show it: quarter by quarter, with the rule and what changed since."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.quarter import Quarter
from apps.core.templatetags.spbe import VERDICTS, angka
from apps.deactivation import queries
from apps.deactivation.models import Case, Ground
from apps.monitoring import queries as monitoring
from apps.monitoring.models import UsageReport

TABLE_QUARTERS = 4
SHOWN = 8


def evidence_of(case: Case) -> dict[str, Any]:
    """The eight last closed quarters as corrected, four of them in full, and one sentence that says why."""
    rows = _latest_per_quarter(queries.assessments(case))
    table = rows[-TABLE_QUARTERS:]
    _with_growth(case, table)
    hidden = len(rows) - len(table)
    return {
        "why": why(case, rows),
        "rule": _rule(case, rows),
        "quarters": [_head(row) for row in table],
        "eight": [_head(row) for row in rows],
        "rows": [{"label": label, "cells": [cell(row) for row in table]} for label, cell in _lines()],
        "strip": [(_quarter(row).label, row.verdict) for row in rows],
        "span": _span(rows),
        "hidden": _("%(n)s triwulan lebih lama hanya di lajur ini") % {"n": hidden} if hidden else "",
        "explanations": monitoring.explanations_about(case.application_id),
        "changed": [_change(change) for change in queries.evidence_changed(case)],
    }


def why(case: Case, rows: list) -> str:
    """One sentence: the run of idle quarters for an idle case, else the ground."""
    run = _idle_run(rows)
    if case.ground != Ground.IDLE or not run:
        return _("Dasar usulan: %(ground)s.") % {"ground": case.get_ground_display().lower()}
    names = [f"{quarter.roman} {quarter.year}" for quarter in run]
    listed = (
        names[0]
        if len(names) == 1
        else _("%(first)s dan %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
    )
    return ngettext(
        "Dinilai tidak dipakai %(n)s triwulan (%(names)s).",
        "Dinilai tidak dipakai %(n)s triwulan berturut-turut (%(names)s).",
        len(names),
    ) % {"n": len(names), "names": listed}


def verdicts_of(application: Any) -> list[tuple[str, str]]:
    """The stored strip of an application as pairs of quarter and verdict."""
    standing = getattr(application, "standing", None)
    return [(Quarter.parse(label).label, verdict) for label, verdict in (standing.verdicts if standing else [])]


def _latest_per_quarter(rows: list) -> list:
    """Old to new; a correction takes the place of what it corrects."""
    latest: dict[Quarter, Any] = {}
    for row in sorted(rows, key=lambda row: (_quarter(row), row.pk)):
        latest[_quarter(row)] = row
    return list(latest.values())[-SHOWN:]


def _with_growth(case: Case, rows: list) -> None:
    """The reported growth of data beside each assessment; it is shown and judges nothing."""
    reports = UsageReport.objects.filter(application=case.application, period__in=[row.period_id for row in rows])
    growth = dict(reports.exclude(status="draft").values_list("period_id", "growth_gb"))
    for row in rows:
        row.growth = growth.get(row.period_id)


def _quarter(row: Any) -> Quarter:
    return Quarter(row.period.year, row.period.quarter)


def _idle_run(rows: list) -> list[Quarter]:
    run: list[Quarter] = []
    for row in reversed(rows):
        if row.verdict == "idle":
            run.insert(0, _quarter(row))
        elif row.verdict != "exempt":
            break
    return run


def _rule(case: Case, rows: list) -> str:
    if case.ground != Ground.IDLE or not rows:
        return ""
    return _(
        "Aturan versi %(version)s: dua triwulan wajib lapor berturut-turut dinilai tidak dipakai "
        "menjadikan aplikasi calon penonaktifan."
    ) % {"version": rows[-1].rule_version}


def _head(row: Any) -> dict[str, Any]:
    quarter = _quarter(row)
    return {
        "label": f"TW {quarter.roman} {quarter.year}",
        "short": f"{quarter.roman} {quarter.year}",
        "verdict": row.verdict,
        "word": str(VERDICTS.get(row.verdict, "")),
        "low_use": row.low_use,
        "corrected": row.corrects_id is not None,
        "users": (row.evidence.get("report") or {}).get("active_users"),
    }


def _span(rows: list) -> str:
    if not rows:
        return ""
    first, last = _quarter(rows[0]), _quarter(rows[-1])
    return _("%(n)s triwulan, %(first)s sampai %(last)s:") % {
        "n": len(rows),
        "first": f"{first.roman} {first.year}",
        "last": f"{last.roman} {last.year}",
    }


def _change(change: dict) -> str:
    quarter = Quarter.parse(change["quarter"])
    return _("%(quarter)s: %(verdict)s.") % {
        "quarter": quarter.label,
        "verdict": str(VERDICTS.get(change["verdict"], change["verdict"])).lower(),
    }


def _lines() -> list[tuple[str, Any]]:
    return [
        (_("Laporan OPD"), _report_cell),
        (_("Pencacah pemakaian"), _counter_cell),
        (_("Pertumbuhan data"), _growth_cell),
        (_("Pemeriksaan daring"), _probe_cell),
    ]


def _report_cell(row: Any) -> str:
    report = row.evidence.get("report")
    if not report:
        return _("tidak ada laporan")
    if not report["used"]:
        return _("Tidak dipakai")
    return _("Dipakai, %(n)s pengguna aktif") % {"n": angka(report["active_users"])}


def _counter_cell(row: Any) -> str:
    counters = row.evidence.get("counters")
    if not counters:
        return _("tidak ada")
    used = max(counters["transactions"] or 0, counters["active_users"] or 0)
    return _("%(n)s dalam %(days)s hari") % {"n": angka(used), "days": angka(counters["days"])}


def _growth_cell(row: Any) -> str:
    return "—" if row.growth is None else _("%(n)s GB") % {"n": angka(row.growth)}


def _probe_cell(row: Any) -> str:
    probes = row.evidence.get("probes")
    if not probes:
        return _("tidak diperiksa")
    return _("Terbuka %(n)s dari %(all)s") % {"n": angka(probes["reached"]), "all": angka(probes["completed"])}
