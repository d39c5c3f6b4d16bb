"""Objections against a decision inside its window."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import Act, Case, Objection
from apps.deactivation.services.acts import case_for, demand, demand_reason, note, today_of
from apps.deactivation.services.savings import void_savings


@transaction.atomic
def raise_objection(case_id, *, by, version, reason, evidence=None):
    """The owner objects against a decision before its window ends; it waits until the objection is answered."""
    case = case_for(case_id, by, rules.may_object, version)
    if case.status != Case.Status.DECIDED or today_of(case) > case.objection_ends_on:
        raise RuleViolation(_("Masa keberatan tidak sedang berjalan."), code="wrong_state")
    if by.has_role("reviewer") and evidence is None:
        raise ValidationError({"evidence": [_("Unggah pindaian surat keberatan yang ditandatangani.")]})
    if case.objections.filter(decision=case.decision).exists():
        raise RuleViolation(_("Keberatan atas keputusan ini sudah diajukan."), code="objected_before")
    Objection(
        case=case,
        decision=case.decision,
        reason=demand_reason(reason),
        evidence=evidence,
        raised_at=clock.now(),
        raised_by_id=by.person_id,
        raised_by_name=by.name,
    ).save()
    case.save()
    note(case, by, Act.OBJECT, "case.objected", reason=reason)
    return case


@transaction.atomic
def uphold_objection(case_id, *, by, version, reason):
    """Grant the objection: the case goes back to `recommended`, the decision remains in the record."""
    case = case_for(case_id, by, rules.may_uphold_objection, version)
    objection = _raised(case)
    _answer(objection, Objection.Status.UPHELD, by, reason)
    case.move_to(Case.Status.RECOMMENDED)
    case.decision, case.decree_number, case.decided_on = None, "", None
    case.outcome, case.target, case.objection_ends_on, case.effective_on = "", None, None, None
    case.save()
    void_savings(case)
    note(case, by, Act.UPHOLD_OBJECTION, "case.objection_upheld", reason=reason, decision=objection.decision.code)
    return case


@transaction.atomic
def dismiss_objection(case_id, *, by, version, reason):
    """Refuse the objection: the decision stands."""
    case = case_for(case_id, by, rules.may_dismiss_objection, version)
    _answer(_raised(case), Objection.Status.DISMISSED, by, reason)
    case.save()
    note(case, by, Act.DISMISS_OBJECTION, "case.objection_dismissed", reason=reason)
    return case


def _raised(case):
    objection = case.objections.filter(status=Objection.Status.RAISED, decision=case.decision).first()
    if objection is None or case.status != Case.Status.DECIDED:
        raise RuleViolation(_("Tidak ada keberatan yang menunggu jawaban."), code="wrong_state")
    return objection


def _answer(objection, status, by, reason):
    objection.move_to(status)
    objection.answer = demand(reason, "reason", _("Tuliskan jawaban atas keberatan."))
    objection.answered_by_name = by.name
    objection.save()
