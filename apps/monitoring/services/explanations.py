"""A reviewer asks, the agency explains; the answer is evidence from then on."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.documents.models import Document
from apps.monitoring import rules
from apps.monitoring.models import ExplanationRequest, Finding, UsageReport

Status = ExplanationRequest.Status


@transaction.atomic
def ask_about_report(report_id: int, *, by: Any, version: int, question: str, due_on: date) -> ExplanationRequest:
    """Ask the agency to explain a report it has sent; instead of returning it when it is too late for that."""
    report = UsageReport.objects.visible_to(by).locked(report_id)
    if not rules.may_ask(by, report):
        raise PermissionDenied
    report = UsageReport.objects.locked(report_id, version)
    if report.status not in (UsageReport.Status.SUBMITTED, UsageReport.Status.ACCEPTED):
        raise RuleViolation(_("Penjelasan hanya diminta atas laporan yang sudah dikirim."), code="wrong_state")
    return _ask(by, question, due_on, report=report, application=report.application)


@transaction.atomic
def ask_about_finding(finding_id: int, *, by: Any, version: int, question: str, due_on: date) -> ExplanationRequest:
    """Ask the agency to explain what a standing finding rests on."""
    finding = Finding.objects.visible_to(by).locked(finding_id)
    if not rules.may_ask(by, finding):
        raise PermissionDenied
    finding = Finding.objects.locked(finding_id, version)
    if finding.status not in (Finding.Status.OPEN, Finding.Status.TAKEN_UP):
        raise RuleViolation(_("Temuan ini sudah berakhir; tidak ada yang perlu dijelaskan."), code="wrong_state")
    return _ask(by, question, due_on, finding=finding, application=finding.application)


@transaction.atomic
def explain(
    code: int | str, *, by: Any, version: int, answer: str, document: Document | None = None
) -> ExplanationRequest:
    """The agency's explanation, once; it stays as it was given."""
    request = ExplanationRequest.objects.visible_to(by).locked(code)
    if not rules.may_explain(by, request):
        raise PermissionDenied
    request = ExplanationRequest.objects.locked(request.pk, version)
    request.move_to(Status.ANSWERED)
    if not answer.strip():
        raise ValidationError({"answer": [_("Tuliskan penjelasannya.")]})
    request.answer, request.document, request.answered_at = answer.strip(), document, clock.now()
    request.answered_by_id, request.answered_by_name = by.person_id, by.name
    request.save()
    record(by, "explanation.given", request, organization=request.application.owner)
    return request


def _ask(by: Any, question: str, due_on: date, **about: Any) -> ExplanationRequest:
    application = about["application"]
    today = clock.today(application.government.zone)
    subject = {name: row for name, row in about.items() if name != "application"}
    if ExplanationRequest.objects.filter(**subject, status=Status.ASKED).exists():
        raise RuleViolation(_("Permintaan sebelumnya belum dijawab OPD."), code="already_asked")
    if not question.strip():
        raise ValidationError({"question": [_("Tuliskan apa yang perlu dijelaskan.")]})
    if due_on < today:
        raise ValidationError({"due_on": [_("Tanggal ini sudah lewat.")]})
    request = ExplanationRequest(
        code=codes.next_code("PJL", today.year),
        question=question.strip(),
        due_on=due_on,
        asked_by_id=by.person_id,
        asked_by_name=by.name,
        **about,
    )
    request.save()
    record(by, "explanation.asked", request, organization=application.owner, reason=question.strip(), due_on=due_on)
    return request
