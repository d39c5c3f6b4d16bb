"""What waits for a person: one read per kind of work, however many rows there are."""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from apps.dashboard.queries import case_work, quarter_work, register_work
from apps.dashboard.queries.task import Task, in_order

Kind = Callable[[Any, ZoneInfo], list[Task]]
WORK: dict[str, tuple[Kind, ...]] = {
    "operator": (
        case_work.letters_to_answer,
        quarter_work.to_report,
        quarter_work.to_explain,
        case_work.steps_to_do,
        register_work.to_mend,
        register_work.to_finish,
    ),
    "agency_head": (
        case_work.letters_to_answer,
        case_work.requests_to_sign,
        quarter_work.to_report,
        quarter_work.to_explain,
        quarter_work.to_endorse,
    ),
    "reviewer": (
        register_work.to_examine,
        quarter_work.to_review,
        quarter_work.findings,
        case_work.to_triage,
        case_work.to_put_on_desk,
        case_work.sessions,
        case_work.steps_to_do,
        case_work.steps_to_verify,
        case_work.to_close,
    ),
    "companion": (
        case_work.opinions_to_give,
        case_work.sessions,
        case_work.steps_to_do,
        case_work.savings_to_verify,
    ),
    "approver": (case_work.objections, case_work.sessions),
}


def waiting(by: Any, today: date, zone: ZoneInfo) -> list[Task]:
    """The work of the role, the most urgent first."""
    found = [task for kind in WORK.get(by.role, ()) for task in kind(by, zone)]
    return in_order(found, today)
