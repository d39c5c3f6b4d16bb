"""The verbs of the quarter, one function per act."""

from apps.monitoring.services.afterwards import plan_gone_checks, settle_gone, stop_expecting_gone
from apps.monitoring.services.closing import close_period
from apps.monitoring.services.corrections import correct_period
from apps.monitoring.services.explanations import ask_about_finding, ask_about_report, explain
from apps.monitoring.services.files import attach_file, remove_file
from apps.monitoring.services.findings import close_finding, dismiss, resolve, restart_count, take_up
from apps.monitoring.services.following import follow_counters, follow_mergers, follow_owners
from apps.monitoring.services.keeping import review_keeping
from apps.monitoring.services.periods import extend_closing, open_period, schedule_period
from apps.monitoring.services.probes import keep_probe, lease_target, plan_probes, probe_due
from apps.monitoring.services.reminders import confirm_batch, discard_batch, remind_due, remind_office
from apps.monitoring.services.reports import (
    accept_report,
    accept_uncontradicted,
    endorse,
    enter_report_for,
    reopen_report,
    return_report,
    save_report,
    submit_reports,
)
from apps.monitoring.services.thresholds import adopt_thresholds, refuse_unfit_thresholds
from apps.monitoring.services.totals import forget_raw, total_up
from apps.monitoring.services.usage import (
    Received,
    create_usage_token,
    hash_of,
    receive_usage,
    revoke_usage_token,
    upload_usage,
)

__all__ = [
    "Received",
    "accept_report",
    "accept_uncontradicted",
    "ask_about_finding",
    "ask_about_report",
    "attach_file",
    "adopt_thresholds",
    "close_finding",
    "close_period",
    "correct_period",
    "confirm_batch",
    "create_usage_token",
    "discard_batch",
    "dismiss",
    "endorse",
    "enter_report_for",
    "explain",
    "extend_closing",
    "forget_raw",
    "follow_counters",
    "follow_mergers",
    "follow_owners",
    "hash_of",
    "keep_probe",
    "lease_target",
    "open_period",
    "plan_gone_checks",
    "plan_probes",
    "probe_due",
    "receive_usage",
    "remind_due",
    "remind_office",
    "remove_file",
    "reopen_report",
    "resolve",
    "refuse_unfit_thresholds",
    "restart_count",
    "return_report",
    "review_keeping",
    "revoke_usage_token",
    "save_report",
    "schedule_period",
    "settle_gone",
    "stop_expecting_gone",
    "submit_reports",
    "take_up",
    "total_up",
    "upload_usage",
]
