"""The verbs of the quarter, one function per act."""

from apps.monitoring.services.closing import close_period
from apps.monitoring.services.corrections import correct_period
from apps.monitoring.services.findings import close_finding, dismiss, restart_count, take_up
from apps.monitoring.services.periods import extend_closing, open_period, schedule_period
from apps.monitoring.services.reports import (
    accept_report,
    endorse,
    enter_report_for,
    return_report,
    save_report,
    submit_reports,
)
from apps.monitoring.services.usage import create_usage_token, hash_of, receive_usage, revoke_usage_token

__all__ = [
    "accept_report",
    "close_finding",
    "close_period",
    "correct_period",
    "create_usage_token",
    "dismiss",
    "endorse",
    "enter_report_for",
    "extend_closing",
    "hash_of",
    "open_period",
    "receive_usage",
    "restart_count",
    "return_report",
    "revoke_usage_token",
    "save_report",
    "schedule_period",
    "submit_reports",
    "take_up",
]
