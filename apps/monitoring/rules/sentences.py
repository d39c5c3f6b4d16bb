"""The sentence that follows from a verdict's evidence and numbers."""

from django.utils.translation import gettext as _

from apps.core.templatetags.spbe import angka
from apps.monitoring.models import Assessment, Verdict
from apps.monitoring.rules.verdict import Evidence, Exemption, unreachable


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
