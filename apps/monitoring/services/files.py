"""Files beside a report, put there and taken away while it is a draft."""

from typing import Any

from django.db import transaction
from django.http import Http404

from apps.audit.services import record
from apps.documents.models import Document
from apps.monitoring import queries, rules
from apps.monitoring.models import ReportFile
from apps.monitoring.services.reports import draft_of


@transaction.atomic
def attach_file(
    period_id: int, application_id: int, *, by: Any, document: Document, version: int | None = None
) -> ReportFile:
    """Put a file beside the agency's draft; a report not begun yet begins as the grid would begin it."""
    report, period, _now = draft_of(period_id, application_id, by=by, version=version)
    if report.pk is None:
        last = queries.last_reports(period, [application_id]).get(application_id)
        counters = queries.against_of(period, application_id).counters
        for name, value in rules.first_answers(last, counters).items():
            setattr(report, name, value)
    report.save()
    file = ReportFile.objects.create(report=report, document=document)
    record(by, "report.file_attached", report, organization=report.application.owner, file=document.original_name)
    return file


@transaction.atomic
def remove_file(file_id: int, *, by: Any, version: int | None = None) -> None:
    """Take a file away from the draft; the document itself is kept."""
    file = ReportFile.objects.select_related("report", "document").filter(pk=file_id).first()
    if file is None:
        raise Http404
    report, _period, _now = draft_of(file.report.period_id, file.report.application_id, by=by, version=version)
    ReportFile.objects.filter(pk=file.pk).delete()
    report.save()
    record(by, "report.file_removed", report, organization=report.application.owner, file=file.document.original_name)
