"""The ten questions of the security category."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import fields, rules, services
from apps.inventory.models import Application, SecurityAssessment, SecurityForm
from apps.inventory.security_forms import AnswersForm
from apps.inventory.views.record import read


@signed_in
def security_category(request: HttpRequest, key: str) -> HttpResponse:
    """Who may read the category reads the answers; who may change the record answers."""
    application = read(request.actor, key)
    may_answer = rules.may_change(request.actor, application)
    readable = fields.BY_NAME["security_category"] in fields.readable_by(request.actor)
    if not readable or (request.method == "POST" and not may_answer):
        raise PermissionDenied
    every = list(application.security_assessments.select_related("form").prefetch_related("form__questions"))
    last = every[0] if every else None
    asked, posted = SecurityForm.objects.first(), request.POST if request.method == "POST" else None
    form = AnswersForm(posted, asked=asked, answers=last.answers if last else {})
    if posted is not None and attempt(lambda typed: _answered(request, application, form), form):
        messages.success(request, _("Jawaban disimpan; kategori keamanan mengikuti jumlah nilainya."))
        return redirect("inventory:security_category", application.key)
    context = {"application": application, "form": form, "asked": asked, "last": last, "bands": _bands(asked)}
    context["may_answer"] = asked is not None and rules.may_edit(request.actor, application)
    context["given"] = _given(last) if last else []
    context["earlier"] = [{"said": one, "given": _given(one)} for one in every[1:]]
    return render(request, "inventory/security.html", context, status=status_of([form]))


def _answered(request: HttpRequest, application: Application, form: AnswersForm) -> Application:
    return services.categorise(application.key, by=request.actor, version=version_of(request), answers=form.answers())


def _bands(asked: SecurityForm | None) -> list[dict[str, Any]]:
    words = dict(Application.Security.choices)
    return [
        {"label": words[name], "least": least, "most": most} for name, least, most in (asked.bands if asked else [])
    ]


def _given(last: SecurityAssessment) -> list[dict[str, Any]]:
    """The questions of the edition that was answered, with what was said and its points."""
    made = []
    for question in last.form.questions.all() if last.answers else ():
        letter = last.answers[str(question.number)]
        made.append({"question": question, "said": dict(question.answers)[letter], "points": last.form.points[letter]})
    return made
