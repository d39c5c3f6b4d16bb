"""Acts on a record, each a page with its consequence and one button."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import fields, rules, services
from apps.inventory.filters import MONTHS
from apps.inventory.forms import AttributeForm, EmptyForm, ReasonForm, SuspensionForm
from apps.inventory.models import Application
from apps.inventory.views.record import groups, read
from apps.inventory.views.similar import similar_to

ANSWERS = {"register": services.register, "return": services.return_submission, "refuse": services.refuse}


@signed_in
def edit(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    if not rules.may_change(request.actor, application):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = AttributeForm(posted, application=application, attributes=fields.editable_by(request.actor))
    reason = ReasonForm(posted)
    if posted is not None:
        done = attempt(lambda values, why: _edited(request, application, values, why), form, reason)
        if done:
            messages.success(request, _("Perubahan disimpan."))
            return redirect("inventory:detail", application.key)
    sections = [
        (label, [form[a.name] for a in form.attributes if a.step == number]) for number, label in fields.STEPS.items()
    ]
    context = {"application": application, "form": form, "reason": reason, "sections": sections}
    return render(request, "inventory/edit.html", context, status=status_of([form, reason]))


@signed_in
def examine(request: HttpRequest, key: str) -> HttpResponse:
    """A reviewer reads a submission and answers it."""
    application = read(request.actor, key)
    if not rules.may_judge_submission(request.actor, application):
        raise PermissionDenied
    answer = request.POST.get("act", "")
    form = ReasonForm(request.POST if request.method == "POST" and answer != "register" else None)
    if request.method == "POST":
        checked = EmptyForm(request.POST) if answer == "register" else form
        done = attempt(lambda typed: _answer(request, application, answer, typed), checked)
        if done:
            messages.success(request, _answered(done))
            return redirect("inventory:detail", done.key)
        form = checked
    context = {"application": application, "form": form, "reason": ReasonForm() if answer == "register" else form}
    context["groups"] = groups(request.actor, application, tuple(fields.STEPS))
    context["similar"] = similar_to(request.actor, application)
    return render(request, "inventory/examine.html", context, status=status_of([form]))


@signed_in
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Tarik pengajuan ini?"),
        "text": _(
            "Pengajuan yang ditarik berakhir dan tidak dapat diajukan lagi. Untuk mengajukan lagi, daftarkan dari awal."
        ),
        "action": _("Tarik pengajuan"),
        "tone": "danger",
    }
    return _act_page(request, key, rules.may_withdraw, ReasonForm, services.withdraw, page, _("Pengajuan ditarik."))


@signed_in
def delete(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Hapus konsep ini?"),
        "text": _("Semua yang sudah diketik hilang dan tidak dapat dikembalikan."),
        "action": _("Hapus konsep"),
        "tone": "danger",
    }
    return _act_page(
        request, key, rules.may_submit, EmptyForm, services.delete_draft, page, _("Konsep dihapus."), "inventory:list"
    )


@signed_in
def attest(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Nyatakan benar untuk triwulan ini?"),
        "text": _(
            "Anda menyatakan seluruh keterangan aplikasi ini benar hari ini. Segel bertanda nama Anda tampil di halaman ini dan rusak begitu keterangannya diubah."
        ),
        "action": _("Nyatakan benar"),
    }
    return _act_page(
        request, key, rules.may_attest, EmptyForm, services.attest, page, _("Keterangan dinyatakan benar.")
    )


@signed_in
def confirm_facts(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Konfirmasi fakta pengecualian"),
        "text": _(
            "Anda menyatakan kepemilikan, tanggal mulai beroperasi, dan bulan pemakaian di atas benar. Berlaku mulai triwulan berikutnya yang dibuka."
        ),
        "action": _("Konfirmasi fakta"),
        "facts": True,
    }
    return _act_page(
        request, key, rules.may_confirm_facts, EmptyForm, services.confirm_facts, page, _("Fakta dikonfirmasi.")
    )


@signed_in
def suspend(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Beri penangguhan"),
        "text": _("Selama penangguhan aplikasi ini tidak dinilai. OPD pemilik diberi tahu."),
        "action": _("Beri penangguhan"),
    }
    said = _("Penangguhan diberikan.")
    return _act_page(request, key, rules.may_grant_suspension, SuspensionForm, services.grant_suspension, page, said)


def _act_page(
    request: HttpRequest,
    key: str,
    may: Callable,
    form_class: type[forms.Form],
    verb: Callable,
    page: dict[str, Any],
    said: str,
    back: str = "inventory:detail",
) -> HttpResponse:
    application = read(request.actor, key)
    if not may(request.actor, application):
        raise PermissionDenied
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _did(request, application, verb, form):
        messages.success(request, said)
        return redirect(back, *([application.key] if back == "inventory:detail" else []))
    context = {"application": application, "form": form, "months": months(application), **page}
    return render(request, "inventory/act.html", context, status=status_of([form]))


def months(application: Application) -> str:
    """The months of expected use in words."""
    words = dict(MONTHS)
    return ", ".join(str(words[month]) for month in application.season_months)


def _did(request: HttpRequest, application: Application, verb: Callable, form: forms.Form) -> bool:
    def act(typed: dict[str, Any]) -> bool:
        verb(application.key, by=request.actor, version=version_of(request), **typed)
        return True

    return bool(attempt(act, form))


def _edited(request: HttpRequest, application: Application, values: dict[str, Any], why: dict[str, Any]) -> Application:
    return services.edit(
        application.key, by=request.actor, version=version_of(request), values=values, reason=why["reason"]
    )


def _answer(request: HttpRequest, application: Application, answer: str, typed: dict[str, Any]) -> Application:
    verb = ANSWERS.get(answer)
    if verb is None:
        raise PermissionDenied
    return verb(application.key, by=request.actor, version=version_of(request), **typed)


def _answered(application: Application) -> str:
    if application.code:
        return _("%(name)s terdaftar dengan kode %(code)s.") % {"name": application.name, "code": application.code}
    return _("%(name)s: %(status)s.") % {"name": application.name, "status": application.get_status_display().lower()}
