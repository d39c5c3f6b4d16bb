"""What a decision changes, said before the button is pressed."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.templatetags.spbe import rupiah
from apps.deactivation import queries, rules
from apps.deactivation.models import Case, ChecklistTemplate, Outcome


def difference_of(case: Case) -> dict[str, Any]:
    """Rows of before and after when the recommendation is decided, and who still takes data from the application."""
    if case.recommendation is None:
        return {"rows": [], "consumers": []}
    outcome = case.recommendation.outcome
    rows = _ending(case) if outcome in rules.ENDS_SERVICE else _keeping(case, outcome)
    return {"rows": rows, "consumers": [other.name for _pk, other in queries.consumers(case)]}


def _ending(case: Case) -> list[dict[str, Any]]:
    application, target = case.application, case.recommendation.target
    rows = [{"label": _("Status"), "before": application.get_status_display(), "after": _("Dalam penonaktifan")}]
    if application.yearly_cost:
        rows.append({"label": _("Biaya"), "before": rupiah(application.yearly_cost), "after": _("Rp0 setahun")})
    rows.append({"label": _("Lapor"), "after": _("tidak lagi wajib sejak pensiun")})
    if target:
        rows.append({"label": _("Tujuan"), "after": target.name, "url": reverse("inventory:detail", args=[target.key])})
    steps = [
        row for row in ChecklistTemplate.objects.filter(is_active=True) if rules.template_applies(row, application)
    ]
    rows.append({"label": _("Tugas"), "after": _("%(n)s langkah, masing-masing dengan bukti") % {"n": len(steps)}})
    return rows


def _keeping(case: Case, outcome: str) -> list[dict[str, Any]]:
    advised = case.recommendation
    if outcome == Outcome.REACTIVATE:
        return [{"label": _("Status"), "before": case.application.get_status_display(), "after": _("Terdaftar")}]
    rows = [
        {"label": _("Status"), "after": _("tetap %(now)s") % {"now": case.application.get_status_display().lower()}}
    ]
    if advised.retain_from:
        rows.append({"label": _("Dihitung lagi"), "after": advised.retain_from})
    if advised.conditions:
        rows.append(
            {"label": _("Syarat"), "after": _("%(n)s syarat diikuti sampai selesai") % {"n": len(advised.conditions)}}
        )
    return rows
