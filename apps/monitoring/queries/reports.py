"""Reads about reports and what stands beside them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.core.quarter import Quarter
from apps.monitoring.models import (
    ExplanationRequest,
    Finding,
    Period,
    ReportFile,
    UsageReport,
)


def sent_reports(period: Period) -> QuerySet[UsageReport]:
    """Reports that count: sent or accepted; a returned one counts as none."""
    return UsageReport.objects.filter(
        period=period, status__in=[UsageReport.Status.SUBMITTED, UsageReport.Status.ACCEPTED]
    )


def reports_of(period: Period, application_ids: Any) -> dict[int, UsageReport]:
    """The period's reports by application."""
    found = UsageReport.objects.filter(period=period, application__in=application_ids)
    return {report.application_id: report for report in found}


def last_reports(period: Period, application_ids: Any) -> dict[int, UsageReport]:
    """The newest sent report before `period` of each application: what a new one starts from."""
    before = Q(period__year=period.year, period__quarter__lt=period.quarter) | Q(period__year__lt=period.year)
    found = UsageReport.objects.filter(before, application__in=application_ids).exclude(status=UsageReport.Status.DRAFT)
    newest = found.order_by("application_id", "-period__year", "-period__quarter").distinct("application_id")
    return {report.application_id: report for report in newest.select_related("period")}


def files_by_application(period: Period, application_ids: Any) -> dict[int, int]:
    """How many files stand beside the period's report of each application."""
    rows = ReportFile.objects.filter(report__period=period, report__application__in=application_ids)
    return dict(rows.values_list("report__application").annotate(Count("pk")).order_by())


def explanations_by_report(reports: Iterable[UsageReport]) -> dict[int, list[ExplanationRequest]]:
    """What was asked about each report and explained, oldest first."""
    found: dict[int, list[ExplanationRequest]] = defaultdict(list)
    rows = ExplanationRequest.objects.filter(report__in=[report.pk for report in reports])
    for row in rows.select_related("report__period", "document").order_by("pk"):
        found[row.report_id or 0].append(row)
    return found


def explanations_of(finding: Finding) -> list[ExplanationRequest]:
    """What was asked about a finding, and about the reports of the quarters it rests on, oldest first."""
    quarters = [Quarter.parse(label) for label in finding.quarters]
    its = Q(finding=finding)
    for quarter in quarters:
        its |= Q(report__period__year=quarter.year, report__period__quarter=quarter.number)
    rows = ExplanationRequest.objects.filter(its, application=finding.application_id)
    return list(rows.select_related("report__period", "document").order_by("pk"))


def explanations_about(application_id: int, shown: int = 8) -> list[ExplanationRequest]:
    """The last things reviewers asked about an application and its agency explained, oldest first."""
    rows = ExplanationRequest.objects.filter(application=application_id)
    return list(rows.select_related("report__period", "finding", "document").order_by("-pk")[:shown])[::-1]
