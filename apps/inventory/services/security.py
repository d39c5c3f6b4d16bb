"""The security category by the ten questions: answers are kept, the category follows from them."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import rules
from apps.inventory.models import Application, SecurityAssessment, SecurityForm, SecurityQuestion
from apps.inventory.services import records

SOURCE = Path(__file__).resolve().parent.parent / "reference" / "kategori-keamanan.json"


@transaction.atomic
def load_security_form() -> int:
    """Add the shipped edition where it is missing; a correction of one that exists stays. How many editions were added."""
    shipped = json.loads(SOURCE.read_text("utf-8"))
    if SecurityForm.objects.filter(edition=shipped["edition"]).exists():
        return 0
    questions = shipped.pop("questions")
    form = SecurityForm.objects.create(**shipped)
    SecurityQuestion.objects.bulk_create(
        SecurityQuestion(form=form, number=number, **question) for number, question in enumerate(questions, start=1)
    )
    return 1


@transaction.atomic
def categorise(key: int | str, *, by: Any, version: int, answers: dict[str, str]) -> Application:
    """Keep the answers to every question (number to letter) and set the category their total makes."""
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_change(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    records.refuse_closed(application)
    form = SecurityForm.objects.first()
    if form is None:
        raise RuleViolation(_("Pertanyaan kategori keamanan belum dimuat. Hubungi administrator."), code="no_form")
    _refuse_incomplete(form, answers)
    total = form.total_of(answers)
    made = SecurityAssessment.objects.create(
        application=application, form=form, answers=answers, total=total, category=form.category_of(total),
        answered_by_id=by.person_id, answered_by_name=by.name,
    )  # fmt: skip
    return _written(application, made, by)


def _written(application: Application, made: SecurityAssessment, by: Any) -> Application:
    before, application.security_category = application.security_category, made.category
    application.updated_at = clock.now()
    application.save()
    changes = {"security_category": [before, made.category]} if before != made.category else {}
    kept = {"values": changes, "assessment": made.pk} if changes else {}
    reason = _("Sepuluh pertanyaan dijawab, jumlah nilai %(total)s.") % {"total": made.total}
    record(by, "application.categorised", application, organization=application.owner, reason=reason, changes=changes,
           **kept)  # fmt: skip
    return application


def answered_since(application: Application, assessment: int) -> bool:
    """Whether the questions were answered again after that."""
    return application.security_assessments.filter(pk__gt=assessment).exists()


def answer_as_before(application: Application, assessment: int, by: Any) -> SecurityAssessment:
    """Keep what had been answered before that assessment as the answers from now on; nothing when nobody had."""
    taken_back = application.security_assessments.select_related("form").get(pk=assessment)
    before = application.security_assessments.select_related("form").filter(pk__lt=assessment).first()
    return SecurityAssessment.objects.create(
        application=application, form=before.form if before else taken_back.form,
        answers=before.answers if before else {}, total=before.total if before else 0,
        category=before.category if before else "", answered_by_id=by.person_id, answered_by_name=by.name,
    )  # fmt: skip


def _refuse_incomplete(form: SecurityForm, answers: dict[str, str]) -> None:
    asked = {str(number) for number in form.questions.values_list("number", flat=True)}
    missing = sorted((number for number in asked if answers.get(number) not in form.points), key=int)
    if missing:
        raise ValidationError({f"q{number}": [_("Pilih salah satu jawaban.")] for number in missing})
    if set(answers) - asked:
        raise ValidationError({"answers": [_("Nomor pertanyaan tidak dikenal.")]})
