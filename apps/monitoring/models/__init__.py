"""What the quarter keeps: its rows by noun."""

from apps.monitoring.models.afterwards import GoneCheck, GoneCheckQuerySet
from apps.monitoring.models.evidence import (
    EvidenceQuerySet,
    Probe,
    ProbeTarget,
    ProbeTotal,
    Span,
    UsageSample,
    UsageToken,
    UsageTotal,
)
from apps.monitoring.models.explanations import ExplanationRequest, ExplanationRequestQuerySet, ReportFile
from apps.monitoring.models.quarter import (
    Assessment,
    AssessmentQuerySet,
    CountRestart,
    DueApplication,
    Duty,
    Endorsement,
    Finding,
    FindingQuerySet,
    Period,
    PeriodQuerySet,
    UsageReport,
    UsageReportQuerySet,
    Verdict,
)
from apps.monitoring.models.reminders import Reminder, ReminderBatch, ReminderBatchQuerySet
from apps.monitoring.models.rule import AdoptedThresholds, AdoptedThresholdsQuerySet

__all__ = [
    "AdoptedThresholds",
    "AdoptedThresholdsQuerySet",
    "Assessment",
    "AssessmentQuerySet",
    "CountRestart",
    "DueApplication",
    "Duty",
    "Endorsement",
    "EvidenceQuerySet",
    "ExplanationRequest",
    "ExplanationRequestQuerySet",
    "Finding",
    "FindingQuerySet",
    "GoneCheck",
    "GoneCheckQuerySet",
    "Period",
    "PeriodQuerySet",
    "Probe",
    "ProbeTarget",
    "ProbeTotal",
    "Span",
    "Reminder",
    "ReminderBatch",
    "ReminderBatchQuerySet",
    "ReportFile",
    "UsageReport",
    "UsageReportQuerySet",
    "UsageSample",
    "UsageToken",
    "UsageTotal",
    "Verdict",
]
