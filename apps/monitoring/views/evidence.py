"""The evidence of closed quarters in words, one row a quarter."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags.spbe import angka
from apps.monitoring import rules
from apps.monitoring.models import Assessment, Verdict


def evidence_rows(assessments: Iterable[Assessment], spoken: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Each assessment with its sentence and what it rests on; `spoken` marks the quarters that speak for a finding."""
    marked = set(spoken)
    return [_row(assessment, assessment.period.code in marked) for assessment in assessments]


def _row(assessment: Assessment, marked: bool) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "period": assessment.period,
        "sentence": rules.sentence(assessment),
        "marked": marked,
        "corrected": assessment.corrects_id is not None,
        "report": _report(assessment.evidence.get("report")),
        "counters": _counters(assessment.evidence.get("counters")),
        "probes": _probes(assessment.evidence.get("probes")),
        "explanation": (assessment.evidence.get("report") or {}).get("explanation", ""),
        "answers": [row["answer"] for row in assessment.evidence.get("explanations") or []],
    }


def sides_of(assessments: list[Assessment]) -> dict[str, Any] | None:
    """What the agency, the counters and the probes say of the last quarter in conflict, side by side."""
    last = next((row for row in assessments if row.verdict == Verdict.CONFLICT), None)
    if last is None:
        return None
    evidence = last.evidence
    report, counters, probes = (evidence.get(name) or {} for name in ("report", "counters", "probes"))
    zero = counters and not (counters["active_users"] or counters["transactions"])
    return {
        "period": last.period,
        "report": report,
        "counters": counters,
        "counters_against": bool(zero),
        "probes": probes,
        "probes_against": bool(probes and not probes["reached"]),
    }


def _report(report: dict[str, Any] | None) -> str:
    if not report:
        return _("tidak ada laporan")
    if not report["used"]:
        return _("tidak dipakai")
    numbers = {"users": angka(report["active_users"]), "transactions": angka(report["transactions"])}
    return _("dipakai; %(users)s pengguna aktif, %(transactions)s transaksi") % numbers


def _counters(counters: dict[str, Any] | None) -> str:
    if not counters:
        return _("tidak ada pencacah")
    numbers = {name: angka(counters[name]) for name in ("days", "active_users", "transactions")}
    return _("%(days)s hari; %(active_users)s pengguna aktif, %(transactions)s transaksi") % numbers


def _probes(probes: dict[str, Any] | None) -> str:
    if not probes:
        return _("tidak diperiksa")
    numbers = {name: angka(probes[name]) for name in ("reached", "completed", "days")}
    return _("terbuka %(reached)s dari %(completed)s pemeriksaan pada %(days)s hari") % numbers
