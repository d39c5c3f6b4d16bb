"""The evidence of closed quarters in words, one row a quarter."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags.spbe import angka
from apps.monitoring import rules
from apps.monitoring.models import Assessment


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
