"""Reading what the suggestion of a case rests on, and its shape as it is frozen."""

from dataclasses import asdict
from typing import Any

from apps.core import clock
from apps.deactivation import rules
from apps.deactivation.models import Case, Kind
from apps.deactivation.queries.cases import consumers
from apps.deactivation.queries.evidence import assessments as assessments_of


def suggestion_of(case: Case, assessments: Any = None) -> rules.Suggestion | None:
    """What the two axes say of the case's application now; a retired one has no use to weigh, so nothing is said."""
    if case.kind == Kind.REACTIVATION:
        return None
    rows = assessments_of(case) if assessments is None else assessments
    return rules.suggest(_facts(case, rows))


def frozen(found: rules.Suggestion | None) -> dict[str, Any]:
    """The suggestion as it is kept with a recommendation and a decision: every input with its points."""
    return asdict(found) if found else {}


def _facts(case: Case, rows: Any) -> rules.Facts:
    application = case.application
    standing = getattr(application, "standing", None)
    return rules.Facts(
        today=clock.today(case.government.zone),
        verdicts=tuple("low_use" if row.verdict == "active" and row.low_use else row.verdict for row in rows),
        users=_users(rows),
        consumers=len(consumers(case)),
        service=application.service_kind,
        probes=_probes(rows),
        year_built=application.year_built,
        completeness=standing.completeness if standing else None,
        licence=application.license,
        contract_ends_on=application.contract_ends_on,
        security=application.security_category,
        tested_on=application.last_penetration_test_on,
        hosting=application.hosting,
    )


def _users(rows: Any) -> int | None:
    """The most active users report or counters name in the newest closed quarter that names any."""
    for row in rows:
        named = [(row.evidence.get(source) or {}).get("active_users") for source in ("report", "counters")]
        known = [number for number in named if number is not None]
        if known:
            return max(known)
    return None


def _probes(rows: Any) -> tuple[int, int] | None:
    """Probes that were answered, of those completed, in the newest closed quarter with any."""
    read = next((row.evidence["probes"] for row in rows if row.evidence.get("probes")), None)
    return (read["reached"], read["completed"]) if read else None
