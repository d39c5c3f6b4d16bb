"""What is known about the application of a case: its quarters, answers, opinions and costs, and use seen since it was opened."""

from django.db.models import Q, Sum

from apps.core.quarter import Quarter
from apps.deactivation.queries.cases import consumers
from apps.monitoring.models import Assessment, UsageSample

QUARTERS_SHOWN = 8
SIGNS_OF_USE = ("active", "conflict")


def assessments(case):
    """The published assessments of the application, newest quarter first, each as last corrected."""
    rows = Assessment.objects.published().in_force().filter(application=case.application).select_related("period")
    return list(rows.order_by("-period__year", "-period__quarter", "-pk")[:QUARTERS_SHOWN])


def evidence(case):
    """What is known about the application now, as frozen into a decision; `changes` is use seen since."""
    rows = assessments(case)
    application = case.application
    latest = case.letter_items.filter(is_superseded=False).last()
    costs = application.costs.values("year").annotate(total=Sum("amount")).order_by("-year")[:3]
    return {
        "quarters": [_quarter_facts(row) for row in rows],
        "finding": case.finding.code if case.finding_id else "",
        "answer": latest.answer if latest else "",
        "late_answer": latest.late_answer if latest else "",
        "opinions": [{"office": row.organization.name, "stance": row.stance} for row in _opinions(case)],
        "yearly_cost": str(application.yearly_cost) if application.yearly_cost is not None else "",
        "costs": [{"year": row["year"], "total": str(row["total"])} for row in costs],
        "relations": [other.code or other.reference for _pk, other in consumers(case)],
        "changes": evidence_changed(case, rows),
    }


def evidence_changed(case, rows=None):
    """Signs of use that came after the case was opened, oldest last; they never move the case.

    [{"quarter", "verdict", "source"}] from published assessments and from the application's own counters.
    """
    rows = assessments(case) if rows is None else rows
    changes = [
        {"quarter": row.period.code, "verdict": row.verdict, "source": "assessment"}
        for row in rows
        if row.verdict in SIGNS_OF_USE and row.created_at > case.nominated_at
    ]
    return _counted_since(case) + changes


def _counted_since(case):
    """Use counted on days after the nomination, per quarter."""
    since = case.nominated_at.astimezone(case.government.zone).date()
    used = Q(active_users__gt=0) | Q(transactions__gt=0)
    days = UsageSample.objects.filter(used, application=case.application, day__gt=since).values_list("day", flat=True)
    quarters = {Quarter.around(day) for day in days}
    return [{"quarter": str(row), "verdict": "active", "source": "counters"} for row in sorted(quarters, reverse=True)]


def _opinions(case):
    return case.opinions.select_related("organization")


def _quarter_facts(row):
    return {"quarter": row.period.code, "verdict": row.verdict, "duty": row.duty, "evidence": row.evidence}
