"""Late reports: an accepted one corrects the assessment of its closed period and what followed from it."""

from typing import Any

from django.db import connection, transaction

from apps.audit.services import record
from apps.core import clock, codes
from apps.core.quarter import Quarter
from apps.monitoring import queries, rules
from apps.monitoring.models import Assessment, Finding, Period, UsageReport, Verdict
from apps.monitoring.services import closing_sql as sql
from apps.monitoring.services.findings import show_open_findings

Status = Finding.Status
_CHECKSUM = "SELECT encode(sha256(convert_to(%s::jsonb::text, 'UTF8')), 'hex')"
_LATER_HELD = "SELECT * FROM monitoring_period WHERE government_id = %s AND status <> 'closed' ORDER BY id FOR SHARE"


@transaction.atomic
def correct_period(report: UsageReport, *, by: Any) -> Assessment:
    """Judge the report's closed period again by its own thresholds, and recompute the application's findings.

    Later periods are held meanwhile, so that a close in its last step sees all of the correction or none of it.
    """
    list(Period.objects.raw(_LATER_HELD, [report.period.government_id]))
    before = Assessment.objects.in_force().get(period=report.period, application=report.application_id)
    evidence = {**before.evidence, "report": _said(report), "explanations": _explained(report)}
    inputs = rules.Evidence.of(evidence)
    after = Assessment.objects.create(
        period=report.period,
        application_id=report.application_id,
        owner_id=before.owner_id,
        verdict=rules.verdict(inputs, report.period.thresholds),
        reason=before.reason,
        low_use=rules.low_use(inputs, report.period.thresholds),
        duty="late",
        evidence=evidence,
        checksum=_checksum(evidence),
        rule_version=report.period.rule_version,
        corrects=before,
    )
    record(
        by,
        "assessment.corrected",
        report,
        organization=report.application.owner,
        before=before.verdict,
        after=after.verdict,
    )
    recompute_findings(report.application_id, by=by, period=report.period)
    return after


def recompute_findings(application_id: int, *, by: Any, period: Period) -> None:
    """Make the standing findings those that follow from the history in force; what falls away is *corrected*."""
    history = queries.history_of(application_id)
    restarts = queries.restarts_of(application_id)
    wanted = rules.standing_findings(history, restarts)
    standing = (
        Finding.objects.standing().filter(application=application_id, kind__in=rules.COUNTING).select_for_update()
    )
    for finding in standing:
        quarters = wanted.pop(finding.kind, None)
        if quarters is None and not _still_says(finding, history, restarts):
            _drop(finding, by)
        elif quarters is None:
            continue
        elif quarters != finding.quarters:
            finding.quarters = quarters
            finding.save()
    for kind, quarters in wanted.items():
        _raise(application_id, kind, quarters, by, period)
    _show_standing(application_id)


def _show_standing(application_id: int) -> None:
    """Write the application's standing as its last closed quarter in force now says."""
    last = Assessment.objects.published().in_force().filter(application=application_id).select_related("period").first()
    if last is None:
        show_open_findings(application_id)
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.STANDING_OF_ONE, sql.parameters(last.period, application=application_id))


def _still_says(finding: Finding, history: list[rules.Judged], restarts: list[rules.Restart]) -> bool:
    """Whether a finding's quarters all stand as judged, and neither use nor a correction since has ended it.

    In a case later use does not end it, the case does; a count begun anew for another finding's sake does not either.
    """
    verdicts = {str(judged.quarter): judged.verdict for judged in history}
    kept = all(rules.kind_raised_by(verdicts.get(quarter, "")) == finding.kind for quarter in finding.quarters)
    if finding.status == Status.TAKEN_UP or not kept:
        return kept
    last = rules.Judged(Quarter.parse(finding.quarters[-1]), "")
    used_since = any(judged.quarter > last.quarter and judged.verdict == Verdict.ACTIVE for judged in history)
    return not used_since and any(restart.hides(last, finding.kind) for restart in restarts)


def _drop(finding: Finding, by: Any) -> None:
    finding.move_to(Status.CORRECTED)
    finding.ended_at = clock.now()
    finding.save()
    record(by, "finding.corrected", finding, organization=finding.application.owner, kind=finding.kind)


def _raise(application_id: int, kind: str, quarters: list[str], by: Any, period: Period) -> None:
    year = clock.today(period.government.zone).year
    finding = Finding(
        code=codes.next_code("TMN", year), application_id=application_id, kind=kind, opened_in=period, quarters=quarters
    )
    finding.save()
    record(by, "finding.raised", finding, organization=finding.application.owner, kind=kind)


def _said(report: UsageReport) -> dict[str, Any]:
    return {
        "used": report.used,
        "active_users": report.active_users,
        "transactions": report.transactions,
        "registered_users": report.registered_users,
        "growth_gb": None if report.growth_gb is None else float(report.growth_gb),
        "database_gb": None if report.database_gb is None else float(report.database_gb),
        "version": report.version,
        "submitted_at": report.submitted_at and report.submitted_at.isoformat(),
        "explanation": report.explanation,
        "obstacles": report.obstacles,
        "next_step": report.next_step,
        "running": report.running,
    }


def _explained(report: UsageReport) -> list[dict[str, Any]] | None:
    answered = report.explanations.answered().order_by("pk")
    return [
        {
            "code": row.code,
            "question": row.question,
            "answer": row.answer,
            "answered_at": row.answered_at and row.answered_at.isoformat(),
        }
        for row in answered
    ] or None


def _checksum(evidence: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_CHECKSUM, [Assessment._meta.get_field("evidence").get_db_prep_value(evidence, connection)])
        return cursor.fetchone()[0]
