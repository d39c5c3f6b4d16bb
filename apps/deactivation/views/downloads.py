"""Files of a case, each served by the page it belongs to."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.deactivation import services
from apps.deactivation.models import Case, Decision, IssuedDocument
from apps.deactivation.views.case_page import seen_case
from apps.deactivation.views.checklist import seen_item
from apps.deactivation.views.desk import seen_session
from apps.deactivation.views.letters import seen_letter
from apps.documents.models import Document
from apps.documents.responses import file_response, pack_response


@signed_in
@require_GET
def letter_document(request: HttpRequest, code: str) -> FileResponse:
    letter = services.open_letter(seen_letter(request.actor, code).pk, by=request.actor)
    return _served(letter.document)


@signed_in
@require_GET
def delivery_evidence(request: HttpRequest, code: str) -> FileResponse:
    return _served(seen_letter(request.actor, code).delivery_evidence)


@signed_in
@require_GET
def minutes_document(request: HttpRequest, code: str, pk: int) -> FileResponse:
    session = seen_session(request.actor, code)
    return _served(get_object_or_404(session.minutes.select_related("issued__document"), pk=pk).issued.document)


@signed_in
@require_GET
def decision_document(request: HttpRequest, code: str) -> FileResponse:
    return _served(get_object_or_404(Decision.objects.visible_to(request.actor), code=code).issued.document)


@signed_in
@require_GET
def item_evidence(request: HttpRequest, code: str, pk: int) -> FileResponse:
    return _served(seen_item(request.actor, code, pk).evidence)


@signed_in
@require_GET
def case_document(request: HttpRequest, code: str, pk: int) -> FileResponse:
    return _served(get_object_or_404(documents_of(seen_case(request.actor, code)), pk=pk))


@signed_in
@require_GET
def termination_document(request: HttpRequest, code: str) -> FileResponse:
    issued = IssuedDocument.objects.terminating(seen_case(request.actor, code))
    return _served(issued and issued.document)


@signed_in
@require_GET
def evidence_pack(request: HttpRequest, code: str) -> FileResponse:
    """Everything that proves the case, as a ZIP."""
    return pack_response(services.take_evidence_pack(code, by=request.actor), code)


def documents_of(case: Case):
    """Evidence of answers, objections, conditions and realised savings of one case."""
    items = case.letter_items.values_list("evidence_id", "late_evidence_id")
    others = [*case.objections.values_list("evidence_id"), *case.conditions.values_list("evidence_id")]
    others += case.datasets.values_list("certificate_id")
    others += case.savings.values_list("realised__evidence_id")
    keys = {pk for row in [*items, *others] for pk in row if pk}
    return Document.objects.filter(pk__in=keys)


def _served(document: Document | None) -> FileResponse:
    if document is None:
        raise Http404
    return file_response(document)
