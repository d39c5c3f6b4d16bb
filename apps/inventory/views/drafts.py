"""From a name to a submission: short steps, kept by themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.access import only_roles, signed_in
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.core.templatetags.spbe import waktu
from apps.core.web import act, version_of
from apps.inventory import fields, queries, rules, services
from apps.inventory.forms import AttributeForm, StartForm, missing_labels, owners_for
from apps.inventory.models import Application
from apps.inventory.similar import Similar, similar
from apps.inventory.views.record import groups, read
from apps.inventory.views.similar import similar_to

writers = only_roles(rules.OPERATOR, rules.REVIEWER)


@writers
def start(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, by=request.actor, initial=_first_owner(request.actor))
    found: list[Similar] = []
    if data is not None and form.is_valid() and not form.cleaned_data["different"]:
        typed = form.cleaned_data
        found = similar(typed["name"], by=request.actor, functions=typed["functions"], owner_id=typed["owner"].pk)
    if data is not None and not found:
        made = attempt(lambda typed: _started(request, typed), form)
        if made:
            return redirect("inventory:fill", made.reference, 1)
    context = {"form": form, "similar": found, "asks": True, "path": _path(0)}
    return render(request, "inventory/start.html", context, status=status_of([form]))


@signed_in
def fill(request: HttpRequest, key: str, step: int) -> HttpResponse:
    application = _begun(request, key)
    if step not in fields.STEPS:
        raise Http404
    if application.status not in rules.TYPED_ON:
        return redirect("inventory:detail", application.key)
    form = _step_form(request, application, step)
    if request.method == "POST":
        _keep(request, application, form, step)
        if request.headers.get("X-Requested-With") == "autosave":
            return HttpResponse(_kept_words(application), content_type="text/plain; charset=utf-8")
        if form.is_valid():
            return _onward(request, application, step)
    kept = application if form.is_bound else None
    context = {**step_context(application, step), "form": form, "kept": kept, "checks_similar": step == 1}
    if step == 1:
        context["similar"] = similar_to(request.actor, application)
    return render(request, "inventory/fill.html", context, status=400 if form.errors else 200)


@signed_in
def submit(request: HttpRequest, key: str) -> HttpResponse:
    application = _begun(request, key)
    if request.method == "POST":
        return _submit(request, application.key)
    if application.status not in rules.TYPED_ON:
        return redirect("inventory:detail", application.key)
    context = {**step_context(application, fields.SUBMIT_STEP), "missing": missing_labels(application)}
    return render(
        request, "inventory/submit.html", {**context, "groups": groups(request.actor, application, tuple(fields.STEPS))}
    )


def _begun(request: HttpRequest, key: str) -> Application:
    """The record, for whom may fill it in; 404 comes before 403."""
    application = read(request.actor, key)
    if not rules.may_change(request.actor, application):
        raise PermissionDenied
    return application


def step_context(application: Application, step: int) -> dict[str, Any]:
    """What every step shows: the way, and how much of each step is filled."""
    done = [
        {
            "label": label,
            "number": number,
            "total": len(asked),
            "filled": sum(queries.is_filled(application, attribute.name) for attribute in asked),
        }
        for number, label in fields.STEPS.items()
        for asked in [fields.of_step(number, application.government_id)]
    ]
    return {
        "application": application,
        "step": step,
        "last_step": fields.SUBMIT_STEP,
        "path": _path(step),
        "done": done,
        "filled": sum(part["filled"] for part in done),
        "total": sum(part["total"] for part in done),
        "required_count": len(rules.REQUIRED),
        "step_label": fields.STEPS.get(step, _("Periksa dan kirim")),
        "next_label": fields.STEPS.get(step + 1, _("Periksa dan kirim")),
        "may_delete": application.status == Application.Status.DRAFT,
    }


@act
def _submit(request: HttpRequest, key: str) -> HttpResponse:
    application = services.submit(key, by=request.actor, version=version_of(request))
    messages.success(request, _("%(name)s diajukan. Diskominfo akan memeriksanya.") % {"name": application.name})
    return redirect("inventory:detail", application.key)


def _step_form(request: HttpRequest, application: Application, step: int) -> AttributeForm:
    draft = getattr(application, "draft", None)
    return AttributeForm(
        request.POST if request.method == "POST" else None,
        application=application,
        attributes=fields.of_step(step, application.government_id),
        lenient=True,
        typed=draft.values if draft else None,
    )


@transaction.atomic
def _keep(request: HttpRequest, application: Application, form: AttributeForm, step: int) -> None:
    form.is_valid()
    services.save_draft(
        application.reference, by=request.actor, typed=form.typed(), values=form.cleaned_data, step=step
    )


def _kept_words(application: Application) -> str:
    return _("Konsep tersimpan sendiri %(when)s") % {"when": waktu(clock.now())}


def _onward(request: HttpRequest, application: Application, step: int) -> HttpResponse:
    if "later" in request.POST:
        messages.success(request, _("Konsep %(name)s disimpan. Lanjutkan kapan saja.") % {"name": application.name})
        return redirect("inventory:detail", application.key)
    if step + 1 == fields.SUBMIT_STEP:
        return redirect("inventory:submit", application.key)
    return redirect("inventory:fill", application.key, step + 1)


@transaction.atomic
def _started(request: HttpRequest, typed: dict[str, Any]) -> Application:
    made = services.start_draft(by=request.actor, owner=typed["owner"], name=typed["name"])
    if typed["functions"]:
        said = {"functions": typed["functions"]}
        services.save_draft(made.reference, by=request.actor, typed=said, values=said)
    return made


def _first_owner(by: Any) -> dict[str, str]:
    own = (
        owners_for(by).filter(pk=by.seat_id).values_list("code", flat=True).first()
        if by.has_role(rules.OPERATOR)
        else None
    )
    return {"owner": own} if own else {}


def _path(step: int) -> list[dict[str, Any]]:
    steps = [*fields.STEPS.items(), (fields.SUBMIT_STEP, _("Periksa dan kirim"))]
    return [
        {"label": label, "number": number, "done": number < step, "here": number == max(step, 1)}
        for number, label in steps
    ]
