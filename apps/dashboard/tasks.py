"""The clock issues the report of every closed quarter that has none."""

import logging

from celery import shared_task

from apps.accounts.actor import Actor
from apps.core.errors import RuleViolation
from apps.dashboard import services
from apps.dashboard.models import QuarterReport
from apps.monitoring.models import Period

_log = logging.getLogger(__name__)


@shared_task
def issue_quarter_reports():
    """Closed quarters without a report, the oldest first; harmless to run twice."""
    issued = QuarterReport.objects.values("period")
    due = Period.objects.filter(status=Period.Status.CLOSED).exclude(pk__in=issued)
    for pk in due.order_by("year", "quarter", "pk").values_list("pk", flat=True):
        try:
            services.issue_quarter_report(pk, by=Actor.system())
        except RuleViolation:
            _log.exception("quarter report not issued", extra={"period": pk})
