"""What the quarter keeps: its rows by noun."""

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
    "Finding",
    "FindingQuerySet",
    "Period",
    "PeriodQuerySet",
    "Probe",
    "UsageReport",
    "UsageReportQuerySet",
    "UsageSample",
    "UsageToken",
    "Verdict",
]
