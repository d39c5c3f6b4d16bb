"""The fate of each dataset on the page of the steps: listed, settled, verified, returned, dropped."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.access import signed_in
from apps.core.submit import attempt
from apps.core.web import act, version_of
from apps.deactivation import rules, services
from apps.deactivation.forms import ReasonForm
from apps.deactivation.models import Case, Dataset
from apps.deactivation.views.case_page import seen_case
from apps.deactivation.views.checklist import checklist_page
from apps.deactivation.views.follow_up_forms import DatasetForm, SettleDatasetForm
from apps.deactivation.views.offers import allow
from apps.documents.uploads import taken


@signed_in
@require_POST
def list_dataset(request: HttpRequest, code: str) -> HttpResponse:
    case = seen_case(request.actor, code)
    allow(rules.may_list_dataset(request.actor, case))
    form = DatasetForm(request.POST, prefix="dataset")

    def name(fields: dict[str, Any]) -> Dataset:
        return services.list_dataset(code, by=request.actor, version=version_of(request), **fields)

    if attempt(name, form) is None:
        return checklist_page(request, case, {"dataset": form})
    messages.success(request, _("Himpunan data dicatat."))
    return redirect(_place(case))


@signed_in
@require_POST
def settle_dataset(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    dataset = seen_dataset(request.actor, code, pk)
    allow(rules.may_settle_dataset(request.actor, dataset))
    form = SettleDatasetForm(request.POST, request.FILES, prefix=f"settle-{pk}")

    def settle(fields: dict[str, Any]) -> Dataset:
        evidence = taken(fields["evidence"], request.actor)
        who = {"by": request.actor, "version": version_of(request)}
        return services.settle_dataset(pk, evidence=evidence, text=fields["text"], **who)

    if attempt(settle, form) is None:
        return checklist_page(request, dataset.case, {f"settle-{pk}": form})
    messages.success(request, _("Dicatat; menunggu pemeriksaan orang lain."))
    return redirect(_place(dataset.case))


@signed_in
@require_POST
@act
def verify_dataset(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    dataset = seen_dataset(request.actor, code, pk)
    allow(rules.may_verify_dataset(request.actor, dataset))
    services.verify_dataset(pk, by=request.actor, version=version_of(request))
    messages.success(request, _("Himpunan data disahkan."))
    return redirect(_place(dataset.case))


@signed_in
@require_POST
def return_dataset(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    return _reasoned(request, code, pk, "return-dataset", rules.may_verify_dataset, services.return_dataset)


@signed_in
@require_POST
def drop_dataset(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    return _reasoned(request, code, pk, "drop-dataset", rules.may_settle_dataset, services.drop_dataset)


def _reasoned(request: HttpRequest, code: str, pk: int, word: str, may: Any, verb: Any) -> HttpResponse:
    dataset = seen_dataset(request.actor, code, pk)
    allow(may(request.actor, dataset))
    form = ReasonForm(request.POST, prefix=f"{word}-{pk}")
    done = attempt(lambda fields: verb(pk, by=request.actor, version=version_of(request), **fields), form)
    if done is None:
        return checklist_page(request, dataset.case, {f"{word}-{pk}": form})
    messages.success(request, _("Perubahan himpunan data dicatat."))
    return redirect(_place(dataset.case))


def seen_dataset(by: Any, code: str, pk: int) -> Dataset:
    """The dataset of a case this person sees; 404 otherwise."""
    return get_object_or_404(seen_case(by, code).datasets.select_related("case__application__owner"), pk=pk)


def _place(case: Case) -> str:
    return reverse("deactivation:checklist", args=[case.code]) + "#data"
