"""Reads about cases."""

from apps.deactivation.queries.cases import (
    consumers,
    letters_of,
    missing_before,
    name_owners,
    named_as_then,
    office_name,
    offices_by_function,
    open_case_of,
    over_since,
    possible_target,
    presences,
    present_quarter,
    savings_total,
    succession,
    written_invitations,
)
from apps.deactivation.queries.evidence import assessments, evidence, evidence_changed
from apps.deactivation.queries.lateness import days_late, late_cases, with_due

__all__ = [
    "assessments",
    "consumers",
    "days_late",
    "evidence",
    "evidence_changed",
    "late_cases",
    "letters_of",
    "missing_before",
    "name_owners",
    "named_as_then",
    "office_name",
    "offices_by_function",
    "open_case_of",
    "over_since",
    "possible_target",
    "presences",
    "present_quarter",
    "savings_total",
    "succession",
    "with_due",
    "written_invitations",
]
