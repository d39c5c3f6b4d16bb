"""What a decision saves: planned by the approver, verified and realised by BKAD, one contract counted once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import Case, Kind, Outcome, Realised, Saving
from apps.deactivation.services.acts import allow, demand, refuse_stale, today_of, trail


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
    saving = Saving(
        case=case,
        decision=decision,
        contract=contract,
        planned_yearly=choice.planned_saving,
        first_year=case.effective_on.year,
    )
    saving.save()
    return saving


@transaction.atomic
def verify_saving(saving_id, *, by, version, amount):
    """BKAD states what is really saved each year."""
    saving = _saving_for(saving_id, by, rules.may_verify_saving, version)
    if saving.is_void or saving.verified_at:
        raise RuleViolation(_("Penghematan ini sudah diverifikasi atau gugur."), code="wrong_state")
    if amount is None or amount < 0:
        raise ValidationError({"amount": [_("Isi nilai penghematan setahun.")]})
    saving.verified_yearly, saving.verified_at = amount, clock.now()
    saving.verified_by_id, saving.verified_by_name = by.person_id, by.name
    saving.save()
    trail(saving.case, by, "saving.verified", planned=saving.planned_yearly, verified=amount)
    return saving


@transaction.atomic
def record_realised(saving_id, *, by, version, year, amount, basis, evidence=None):
    """BKAD enters what one calendar year really saved; a year entered before is corrected, and both rows stay."""
    saving = _saving_for(saving_id, by, rules.may_record_realised, version)
    _demand_earning(saving)
    if year not in years_open(saving):
        raise ValidationError({"year": [_("Pilih tahun sejak aplikasinya pensiun sampai tahun ini.")]})
    if amount is None or amount < 0:
        raise ValidationError({"amount": [_("Isi nilai yang benar-benar dihemat tahun itu.")]})
    basis = demand(basis, "basis", _("Tuliskan dasar angkanya, misalnya nomor DPA atau SP2D."))
    former = saving.realised.in_force().filter(year=year).first()
    row = Realised.objects.create(
        saving=saving,
        year=year,
        amount=amount,
        basis=basis,
        evidence=evidence,
        corrects=former,
        person_id=by.person_id,
        person_name=by.name,
        recorded_at=clock.now(),
    )
    saving.save()
    said = {"year": year, "amount": amount, "former": former.amount if former else None}
    trail(saving.case, by, "saving.realised", reason=basis, **said)
    return row


def years_open(saving):
    """The calendar years in which this saving can have been realised: from retirement to now, or to the way back."""
    case = saving.case
    if not case.retired_at:
        return []
    retired = case.retired_at.astimezone(case.government.zone).date()
    back = Case.objects.filter(
        application=case.application_id, kind=Kind.REACTIVATION, outcome=Outcome.REACTIVATE, decided_on__gte=retired
    ).first()
    return list(range(retired.year, (back.decided_on if back else today_of(case)).year + 1))


def void_savings(case):
    """Drop the savings of a decision that no longer stands; its contract may be counted again."""
    case.savings.filter(is_void=False).update(is_void=True, version=F("version") + 1)


def _saving_for(saving_id, by, may, version):
    """The saving, locked, of a case this person sees; 404, 403 and 412 in this order."""
    seen = Saving.objects.filter(case__in=Case.objects.visible_to(by))
    saving = seen.locked(saving_id)
    allow(may(by, saving.case))
    refuse_stale(saving, version)
    return saving


def _demand_earning(saving):
    if saving.is_void or not saving.verified_at:
        raise RuleViolation(_("Penghematan ini belum diperiksa BKAD atau sudah gugur."), code="wrong_state")
    if not saving.case.retired_at:
        raise RuleViolation(_("Aplikasinya belum pensiun; belum ada yang terealisasi."), code="not_retired")
