"""Findings after the close: taken up, dismissed, closed; and the count that starts anew."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.monitoring import rules
from apps.monitoring.models import CountRestart, Finding, GoneCheck, GoneCheckQuerySet

Status = Finding.Status


@transaction.atomic
def take_up(finding_id: int, *, by: Any, case_code: str) -> Finding:
    """A case exists for the finding."""
    finding = Finding.objects.locked(finding_id)
    finding.case_code = case_code
    return _moved(finding, Status.TAKEN_UP, by, "finding.taken_up", "")


@transaction.atomic
def dismiss(finding_id: int, *, by: Any, reason: str, version: int | None = None) -> Finding:
    """A reviewer sets the finding aside, saying why; idleness is counted anew."""
    finding = Finding.objects.visible_to(by).locked(finding_id)
    if not rules.may_dismiss(by, finding):
        raise PermissionDenied
    finding = Finding.objects.locked(finding_id, version)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa temuan ini dikesampingkan.")]})
    if finding.kind == Finding.Kind.REAPPEARED:
        answering = GoneCheck.objects.filter(application=finding.application_id, status=GoneCheck.Status.ANSWERS)
        end_checks(answering)  # a later look, planned from the start, asks the address again
    elif finding.kind in rules.COUNTING:
        last = Quarter.parse(finding.quarters[-1]) if finding.quarters else finding.opened_in.quarter_value
        restart_count(finding.application_id, by=by, from_quarter=last.next(), reason=reason)
    return _ended(finding, Status.DISMISSED, by, "finding.dismissed", reason.strip())


@transaction.atomic
def close_finding(finding_id: int, *, by: Any, reason: str) -> Finding:
    """The finding's case ended."""
    finding = Finding.objects.locked(finding_id)
    if finding.status not in (Status.OPEN, Status.TAKEN_UP):
        return finding
    if finding.status == Status.OPEN:
        finding.move_to(Status.TAKEN_UP)
    return _ended(finding, Status.CLOSED, by, "finding.closed", reason)


@transaction.atomic
def resolve(finding_id: int, *, by: Any, reason: str) -> Finding:
    """What the finding was about is over: new use, or the record went into another."""
    finding = Finding.objects.locked(finding_id)
    return _ended(finding, Status.RESOLVED, by, "finding.resolved", reason)


@transaction.atomic
def restart_count(
    application_id: int, *, by: Any, from_quarter: Quarter | str, reason: str, kinds: tuple[str, ...] = ()
) -> CountRestart:
    """From `from_quarter` on verdicts count anew; earlier ones are no longer held against the application."""
    quarter = Quarter.parse(from_quarter) if isinstance(from_quarter, str) else from_quarter
    restart = CountRestart.objects.create(
        application_id=application_id, kinds=list(kinds), year=quarter.year, quarter=quarter.number, reason=reason[:200]
    )
    application = Application.objects.get(pk=application_id)
    record(by, "count.restarted", application, organization=application.owner, reason=reason, from_quarter=str(quarter))
    return restart


def end_checks(checks: GoneCheckQuerySet) -> None:
    """These looks at addresses of a retired application are over without a word that counts."""
    for check in checks.select_for_update(of=("self",)):
        check.move_to(GoneCheck.Status.ENDED)
        check.save()


def show_open_findings(application_id: int) -> None:
    """Write the kinds of the application's open findings to its standing."""
    kinds = (
        Finding.objects.standing().filter(application=application_id).order_by("kind").values_list("kind", flat=True)
    )
    inventory.set_standing([{"application_id": application_id, "open_findings": list(kinds)}])


def _moved(finding: Finding, status: str, by: Any, verb: str, reason: str) -> Finding:
    finding.move_to(status)
    finding.reason = reason or finding.reason
    finding.save()
    record(by, verb, finding, organization=finding.application.owner, reason=reason, kind=finding.kind)
    show_open_findings(finding.application_id)
    return finding


def _ended(finding: Finding, status: str, by: Any, verb: str, reason: str) -> Finding:
    finding.ended_at = clock.now()
    return _moved(finding, status, by, verb, reason)
