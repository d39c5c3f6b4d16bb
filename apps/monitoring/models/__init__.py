"""What the quarter keeps: its rows by noun."""

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
    Probe,
    UsageReport,
    UsageReportQuerySet,
    UsageSample,
    UsageToken,
    Verdict,
)

__all__ = [
    "Assessment",
    "AssessmentQuerySet",
    "CountRestart",
    "DueApplication",
    "Duty",
    "Endorsement",
    "ExplanationRequest",
    "ExplanationRequestQuerySet",
    "Finding",
    "FindingQuerySet",
    "Period",
    "PeriodQuerySet",
    "Probe",
    "ReportFile",
    "UsageReport",
    "UsageReportQuerySet",
    "UsageSample",
    "UsageToken",
    "Verdict",
]
