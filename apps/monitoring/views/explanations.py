"""Requests for explanation: the list, and one with its answer."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.documents.responses import file_response
from apps.documents.uploads import taken
from apps.monitoring import rules, services
from apps.monitoring.filters import ExplanationFilter
from apps.monitoring.forms import AskForm, ExplainForm
from apps.monitoring.models import ExplanationRequest

PAGE_SIZE = 50
USUAL_DAYS = 7
Status = ExplanationRequest.Status


@signed_in
@require_GET
def explanations(request: HttpRequest) -> HttpResponse:
    seen = ExplanationRequest.objects.visible_to(request.actor)
    query = request.GET.copy()
    query.setdefault("status", Status.ASKED)
    found = ExplanationFilter(query, queryset=seen.select_related("application__owner", "report__period", "finding"))
    page = Paginator(found.qs.order_by("due_on", "pk"), PAGE_SIZE).get_page(request.GET.get("halaman"))
    hidden, waits = seen.count() - page.paginator.count, seen.filter(status=Status.ASKED).count()
    words = ngettext("%(n)s permintaan menunggu penjelasan", "%(n)s permintaan menunggu penjelasan", waits)
    context = {
        "filter": found,
        "page": page,
        "headline": words % {"n": waits} if waits else _("Tidak ada yang menunggu penjelasan"),
        "leaves_out": _("%(n)s permintaan lain tersaring") % {"n": hidden} if hidden else "",
    }
    return render(request, "monitoring/explanations.html", context)


@signed_in
def explanation(request: HttpRequest, code: str) -> HttpResponse:
    row = _seen(request, code)
    may_explain = rules.may_explain(request.actor, row)
    if request.method == "POST" and not may_explain:
        raise PermissionDenied
    form = ExplainForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and attempt(lambda said: _explained(request, row, said), form):
        messages.success(request, _("Penjelasan terkirim dan menjadi bagian bukti."))
        return redirect("monitoring:explanation", code=row.code)
    context = {"row": row, "form": form, "may_explain": may_explain and row.status == Status.ASKED}
    return render(request, "monitoring/explanation.html", context, status=status_of([form]))


@signed_in
@require_GET
def explanation_document(request: HttpRequest, code: str) -> FileResponse:
    document = _seen(request, code).document
    if document is None:
        raise Http404
    return file_response(document)


def ask_form(government: Organization, key: str, typed: Any = None) -> AskForm:
    """A form to ask with, seven days ahead unless chosen otherwise."""
    due_on = clock.today(government.zone) + timedelta(days=USUAL_DAYS)
    return AskForm(typed, prefix=key, initial={"due_on": due_on})


def _explained(request: HttpRequest, row: ExplanationRequest, said: dict[str, Any]) -> ExplanationRequest:
    document = taken(said["document"], request.actor, field="document")
    return services.explain(
        row.code, by=request.actor, version=version_of(request), answer=said["answer"], document=document
    )


def _seen(request: HttpRequest, code: str) -> ExplanationRequest:
    rows = ExplanationRequest.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("application__owner", "report__period", "finding", "document"), code=code
    )
