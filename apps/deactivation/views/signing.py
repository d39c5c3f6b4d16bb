"""Signed copies of Berita Acara and decisions: attached, listed, and served by the page they belong to."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import signed_in
from apps.core.submit import attempt
from apps.deactivation import rules, services
from apps.deactivation.models import Decision, SignedCopy
from apps.deactivation.views.decisions import decision_page, seen_decision
from apps.deactivation.views.desk import seen_session, session_page
from apps.deactivation.views.follow_up_forms import SignedCopyForm
from apps.deactivation.views.offers import allow
from apps.documents.models import Document
from apps.documents.responses import file_response
from apps.documents.uploads import taken

ATTACHED = gettext_lazy("Salinan bertanda tangan dilampirkan; hash-nya tampil di halaman verifikasi.")


@signed_in
@require_POST
def attach_signed_minutes(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    session = seen_session(request.actor, code)
    allow(rules.may_attach_signed(request.actor, session.government_id))
    minutes = get_object_or_404(session.minutes.select_related("issued"), pk=pk)
    form = SignedCopyForm(request.POST, request.FILES, prefix=f"signed-{pk}")

    def attach(fields: dict[str, Any]) -> SignedCopy:
        return services.attach_signed_minutes(
            code, by=request.actor, number=minutes.issued.number, **_kept(fields, request)
        )

    if attempt(attach, form) is None:
        return session_page(request, session, {f"signed-{pk}": form})
    messages.success(request, ATTACHED)
    return redirect(session)


@signed_in
@require_POST
def attach_signed_decision(request: HttpRequest, code: str) -> HttpResponse:
    decision = seen_decision(request.actor, code)
    allow(rules.may_attach_signed(request.actor, decision.government_id))
    form = SignedCopyForm(request.POST, request.FILES, prefix="signed")

    def attach(fields: dict[str, Any]) -> SignedCopy:
        return services.attach_signed_decision(code, by=request.actor, **_kept(fields, request))

    if attempt(attach, form) is None:
        return decision_page(request, decision, form)
    messages.success(request, ATTACHED)
    return redirect(decision)


@signed_in
@require_GET
def signed_minutes(request: HttpRequest, code: str, pk: int) -> FileResponse:
    session = seen_session(request.actor, code)
    copies = SignedCopy.objects.filter(issued__in=session.minutes.values("issued")).select_related("document")
    return file_response(get_object_or_404(copies, pk=pk).document)


@signed_in
@require_GET
def signed_decision(request: HttpRequest, code: str, pk: int) -> FileResponse:
    decision: Decision = seen_decision(request.actor, code)
    return file_response(get_object_or_404(decision.issued.signed_copies.select_related("document"), pk=pk).document)


def _kept(fields: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    return fields | {"evidence": taken(fields["evidence"], request.actor, Document.Kind.SCAN)}
