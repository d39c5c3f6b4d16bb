"""Who may do what about a quarter."""

from typing import Any

from apps.inventory import rules as inventory_rules
from apps.monitoring.models import Finding, Period, UsageReport

OPERATOR, HEAD, REVIEWER = "operator", "agency_head", "reviewer"
COUNTER_KEEPERS = (OPERATOR, REVIEWER)


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
