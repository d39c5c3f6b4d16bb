"""What a decision saves: planned by the approver, verified by BKAD, one contract counted once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import Case, Saving
from apps.deactivation.services.acts import allow, trail


def plan_saving(case, decision, choice, by):
    """Write the planned yearly saving of a decision; a contract already counted is refused."""
    if choice.planned_saving is None:
        return None
    if choice.planned_saving < 0:
        raise ValidationError({"planned_saving": [_("Penghematan tidak boleh negatif.")]})
    contract = " ".join(choice.contract.split()).upper()
    if contract and Saving.objects.filter(contract=contract, is_void=False).exists():
        raise RuleViolation(
            _("Kontrak %(contract)s sudah dihitung pada keputusan lain.") % {"contract": contract},
            code="contract_counted",
        )
    return Saving.objects.create(
        case=case,
        decision=decision,
        contract=contract,
        planned_yearly=choice.planned_saving,
        first_year=case.effective_on.year,
        created_at=clock.now(),
    )


@transaction.atomic
def verify_saving(saving_id, *, by, amount):
    """BKAD states what is really saved each year."""
    saving = Saving.objects.filter(pk=saving_id, case__in=Case.objects.visible_to(by)).first()
    if saving is None:
        raise Http404
    saving = Saving.objects.select_for_update().get(pk=saving.pk)
    allow(rules.may_verify_saving(by, saving.case))
    if saving.is_void or saving.verified_at:
        raise RuleViolation(_("Penghematan ini sudah diverifikasi atau gugur."), code="wrong_state")
    if amount is None or amount < 0:
        raise ValidationError({"amount": [_("Isi nilai penghematan setahun.")]})
    saving.verified_yearly, saving.verified_at = amount, clock.now()
    saving.verified_by_id, saving.verified_by_name = by.person_id, by.name
    saving.save()
    trail(saving.case, by, "saving.verified", planned=saving.planned_yearly, verified=amount)
    return saving


def void_savings(case):
    """Drop the savings of a decision that no longer stands; its contract may be counted again."""
    case.savings.filter(is_void=False).update(is_void=True)
