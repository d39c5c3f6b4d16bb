"""The steps of an execution: done with evidence, verified by another; and what BKAD finds saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import act, version_of
from apps.deactivation import queries, rules, services
from apps.deactivation.forms import ReasonForm
from apps.deactivation.models import Case, ChecklistItem, Phase, Saving
from apps.deactivation.services.savings import years_open
from apps.deactivation.views.case_page import case_page, seen_case, today_of
from apps.deactivation.views.dataset_rows import datasets_of
from apps.deactivation.views.follow_up_forms import CompleteItemForm, ConditionForm, RealisedForm, SavingForm
from apps.deactivation.views.offers import allow
from apps.documents.uploads import taken

S = Case.Status
OPEN, DONE, VERIFIED = ChecklistItem.Status


@signed_in
@require_GET
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    return checklist_page(request, _case_of(request.actor, code))


@signed_in
@require_POST
def complete_item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    item = seen_item(request.actor, code, pk)
    allow(rules.may_complete_item(request.actor, item))
    form = CompleteItemForm(request.POST, request.FILES, prefix=f"complete-{pk}")

    def complete(fields: dict[str, Any]) -> ChecklistItem:
        evidence = taken(fields["evidence"], request.actor)
        return services.complete_item(
            item.pk, by=request.actor, version=version_of(request), evidence=evidence, text=fields["text"]
        )

    if attempt(complete, form) is None:
        return checklist_page(request, item.case, {f"complete-{pk}": form})
    messages.success(request, _("Langkah dinyatakan selesai; menunggu pemeriksaan orang lain."))
    return redirect(_url(item))


@signed_in
@require_POST
@act
def verify_item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    item = seen_item(request.actor, code, pk)
    allow(rules.may_verify_item(request.actor, item))
    services.verify_item(item.pk, by=request.actor, version=version_of(request))
    messages.success(request, _("Langkah disahkan."))
    return redirect(_url(item))


@signed_in
@require_POST
def return_item(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    item = seen_item(request.actor, code, pk)
    allow(rules.may_return_item(request.actor, item))
    form = ReasonForm(request.POST, prefix=f"return-{pk}")
    done = attempt(
        lambda fields: services.return_item(item.pk, by=request.actor, version=version_of(request), **fields), form
    )
    if done is None:
        return checklist_page(request, item.case, {f"return-{pk}": form})
    messages.success(request, _("Langkah dikembalikan ke pelaksana."))
    return redirect(_url(item))


@signed_in
@require_POST
def verify_saving(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    case = seen_case(request.actor, code)
    saving = get_object_or_404(case.savings, pk=pk)
    allow(rules.may_verify_saving(request.actor, case))
    form = SavingForm(request.POST, prefix=f"saving-{pk}")

    def verify(fields: dict[str, Any]) -> Saving:
        return services.verify_saving(saving.pk, by=request.actor, version=version_of(request), **fields)

    if attempt(verify, form) is None:
        return case_page(request, case, {f"saving-{pk}": form})
    messages.success(request, _("Penghematan dinyatakan sudah diperiksa."))
    return redirect(case)


@signed_in
@require_POST
def record_realised(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    case = seen_case(request.actor, code)
    saving = get_object_or_404(case.savings, pk=pk)
    allow(rules.may_record_realised(request.actor, case))
    form = RealisedForm(request.POST, request.FILES, prefix=f"realised-{pk}", years=years_open(saving))

    def enter(fields: dict[str, Any]) -> Any:
        who = {"by": request.actor, "version": version_of(request)}
        evidence = taken(fields.pop("evidence"), request.actor)
        return services.record_realised(pk, evidence=evidence, **who, **fields)

    if attempt(enter, form) is None:
        return case_page(request, case, {f"realised-{pk}": form})
    messages.success(request, _("Realisasi dicatat di buku penghematan."))
    return redirect(case)


@signed_in
@require_POST
def settle_condition(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    case = seen_case(request.actor, code)
    condition = get_object_or_404(case.conditions.select_related("case"), pk=pk)
    allow(rules.may_settle_condition(request.actor, condition))
    form = ConditionForm(request.POST, request.FILES, prefix=f"condition-{pk}")

    def settle(fields: dict[str, Any]) -> Any:
        who = {"by": request.actor, "version": version_of(request)}
        return services.settle_condition(pk, **who, **fields | {"evidence": taken(fields["evidence"], request.actor)})

    if attempt(settle, form) is None:
        return case_page(request, case, {f"condition-{pk}": form})
    messages.success(request, _("Syarat dicatat selesai."))
    return redirect(case)


def seen_item(by: Any, code: str, pk: int) -> ChecklistItem:
    """The step, when this person may see it; 404 otherwise."""
    seen = ChecklistItem.objects.visible_to(by).filter(case__code=code)
    return get_object_or_404(
        seen.select_related("case__government", "case__application__owner", "evidence", "responsible"), pk=pk
    )


def checklist_page(request: HttpRequest, case: Case, bound: dict[str, Any] | None = None) -> HttpResponse:
    """All steps this person sees, by phase."""
    bound = bound or {}
    seen = ChecklistItem.objects.visible_to(request.actor).filter(case=case)
    items = queries.named_as_then(seen.select_related("responsible", "evidence"), "responsible", "verified_at")
    dressed = [_dressed(item, case, request.actor, bound) for item in items]
    queries.name_owners([case])
    missing = [item for item in dressed if item.phase == Phase.BEFORE and item.mandatory and item.status != VERIFIED]
    context = {
        "case": case,
        "groups": _groups(dressed),
        **datasets_of(case, request.actor, bound),
        "headline": _headline(case, dressed),
        "blocking": missing if case.status == S.EXECUTING and not case.retired_at else [],
        "blocking_title": _blocking_title(case, missing),
    }
    return render(request, "deactivation/checklist.html", context, status=status_of(bound.values()))


def _case_of(by: Any, code: str) -> Case:
    """The case, also for an office that only carries out one of its steps."""
    own = (
        ChecklistItem.objects.visible_to(by)
        .filter(case__code=code)
        .select_related("case__application__owner", "case__government")
        .first()
    )
    return own.case if own else seen_case(by, code)


def _dressed(item: ChecklistItem, case: Case, by: Any, bound: dict[str, Any]) -> ChecklistItem:
    item.case = case
    args = [case.code, item.pk]
    item.overdue = item.status != VERIFIED and item.due_on < today_of(case)
    ready = item.status == OPEN and in_phase(case, item.phase) and rules.may_complete_item(by, item)
    item.complete = bound.get(f"complete-{item.pk}") or (
        CompleteItemForm(prefix=f"complete-{item.pk}") if ready else None
    )
    item.complete_url = reverse("deactivation:complete_item", args=args)
    checks = item.status == DONE and rules.may_verify_item(by, item)
    item.verify_url = reverse("deactivation:verify_item", args=args) if checks else ""
    item.return_form = bound.get(f"return-{item.pk}") or ReasonForm(prefix=f"return-{item.pk}")
    item.return_url = reverse("deactivation:return_item", args=args)
    return item


def in_phase(case: Case, phase: str) -> bool:
    """Whether steps of this phase can be done now."""
    executing = case.status == S.EXECUTING
    return {
        Phase.BEFORE: executing,
        Phase.SWITCH_OFF: executing and case.retired_at is not None,
        Phase.AFTER: case.status == S.EXECUTED,
    }[phase]


def _groups(items: list[ChecklistItem]) -> list[dict[str, Any]]:
    groups = []
    for phase in Phase:
        own = [item for item in items if item.phase == phase]
        if own:
            verified = sum(item.status == VERIFIED for item in own)
            groups.append({"phase": phase.value, "label": phase.label, "items": own, "verified": verified})
    return groups


def _headline(case: Case, items: list[ChecklistItem]) -> str:
    verified = sum(item.status == VERIFIED for item in items)
    return _("%(done)s dari %(total)s langkah sudah diperiksa") % {"done": verified, "total": len(items)}


def _blocking_title(case: Case, missing: list) -> str:
    day = date_format(case.effective_on, "j F Y") if case.effective_on else ""
    return _("Aplikasi belum dapat dipensiunkan pada %(day)s: %(n)s langkah wajib belum diperiksa.") % {
        "day": day,
        "n": len(missing),
    }


def _url(item: ChecklistItem) -> str:
    return reverse("deactivation:checklist", args=[item.case.code]) + f"#langkah-{item.pk}"
