"""Deciding: one numbered act over several cases, all or nothing; sending back; annulling."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.core.workdays import add_working_days
from apps.deactivation import queries, rules
from apps.deactivation.models import Act, Annulment, Case, Decision, DecisionItem, Outcome
from apps.deactivation.queries import beside, suggestion
from apps.deactivation.services import papers
from apps.deactivation.services.acts import (
    case_for,
    close_finding,
    demand,
    demand_reason,
    end_case,
    let_go,
    note,
    refuse_stale,
    today_of,
)
from apps.deactivation.services.savings import plan_saving, void_savings
from apps.deactivation.services.terms import open_conditions, read_terms
from apps.inventory import services as inventory
from apps.monitoring import services as monitoring


@dataclass(frozen=True)
class Choice:
    """What the approver says about one case; an empty outcome follows the recommendation."""

    case: int | str
    version: int | None
    outcome: str = ""
    reason: str = ""
    target_id: int | None = None
    retain_from: str = ""
    conditions: tuple = ()
    acknowledged: bool = False
    planned_saving: Decimal | None = None
    contract: str = ""
    effective_on: date | None = None


@dataclass
class Verdict:
    """One case with everything the decision will write about it."""

    case: Case
    choice: Choice
    outcome: str
    terms: dict
    evidence: dict
    objection_ends_on: date | None = None
    effective_on: date | None = None


@transaction.atomic
def decide(choices, *, by, decree_number, legal_basis, decided_on=None):
    """Decide cases in one numbered act; refused as a whole, naming the cases that cannot be decided."""
    if not choices:
        raise ValidationError({"cases": [_("Pilih sedikitnya satu kasus.")]})
    cases = _cases_for(choices, by)
    verdicts = _verdicts(cases, choices, by)
    today = today_of(cases[0])
    decision = _write_decision(verdicts, by, decree_number, legal_basis, decided_on or today, today)
    for verdict in verdicts:
        _carry_out(verdict, decision, by)
    record(
        by,
        "decision.issued",
        decision,
        organization=decision.government,
        decree_number=decision.decree_number,
        cases=[verdict.case.code for verdict in verdicts],
    )
    return decision


@transaction.atomic
def send_back(case_id, *, by, version, reason):
    """Return a recommended case to the desk; only who may decide it may send it back."""
    case = case_for(case_id, by, rules.may_send_back, version)
    if case.status != Case.Status.RECOMMENDED:
        raise RuleViolation(_("Hanya kasus yang direkomendasikan dapat dikembalikan ke desk."), code="wrong_state")
    reason = demand_reason(reason)
    case.move_to(Case.Status.ON_DESK)
    case.save()
    note(case, by, Act.SEND_BACK, "case.sent_back", reason=reason)
    return case


@transaction.atomic
def annul(case_id, *, by, version, number, reason):
    """Annul a decision that has not yet taken the application out of service; the application goes on."""
    case = case_for(case_id, by, rules.may_annul, version)
    if case.retired_at:
        raise RuleViolation(
            _("Aplikasi sudah pensiun; pengaktifan kembali memerlukan kasus tersendiri."), code="already_retired"
        )
    was_executing = case.status == Case.Status.EXECUTING
    end_case(case, Case.Status.ANNULLED, demand_reason(reason))
    Annulment.objects.create(
        case=case,
        decision=case.decision,
        number=demand(number, "number", _("Isi nomor keputusan pembatalan.")),
        reason=reason.strip(),
        annulled_on=today_of(case),
        person_id=by.person_id,
        person_name=by.name,
    )
    if was_executing:
        inventory.cancel_retiring(case.application_id, by=by, reason=reason)
    void_savings(case)
    let_go(case, by)
    close_finding(case, by, reason)
    note(case, by, Act.ANNUL, "case.annulled", reason=reason, number=number)
    return case


def _cases_for(choices, by):
    """The cases, locked in one order; 404, 403, 412 are asked for all of them before anything else."""
    wanted = {choice.case: choice for choice in choices}
    seen = Case.objects.visible_to(by)
    pks = {seen.named(key).values_list("pk", flat=True).first() or 0: key for key in wanted}
    cases = [Case.objects.visible_to(by).locked(pk) for pk in sorted(pks)]
    denied = [case.code for case in cases if not rules.may_decide(by, case)]
    if denied:
        raise PermissionDenied(_("Anda tidak boleh memutus: %(codes)s.") % {"codes": ", ".join(denied)})
    for case in cases:
        refuse_stale(case, wanted[pks[case.pk]].version)
    if len({case.government_id for case in cases}) > 1:
        raise PermissionDenied
    return cases


def _verdicts(cases, choices, by):
    by_key = {choice.case: choice for choice in choices}
    verdicts, refusals = [], {}
    for case in cases:
        choice = by_key.get(case.code) or by_key[case.pk]
        try:
            verdicts.append(_verdict(case, choice, by))
        except RuleViolation as refusal:
            refusals[case.code] = refusal
    if refusals:
        _refuse(refusals, len(cases))
    return verdicts


def _refuse(refusals, total):
    first = next(iter(refusals.values()))
    if total == 1:
        raise first
    lines = " ".join(f"{code}: {refusal.message}" for code, refusal in refusals.items())
    raise RuleViolation(_("Tidak ada yang diputuskan. %(lines)s") % {"lines": lines}, code=first.code)


def _verdict(case, choice, by):
    if case.status != Case.Status.RECOMMENDED:
        raise RuleViolation(
            _("Keadaannya “%(now)s”, belum atau tidak lagi menunggu keputusan.") % {"now": case.get_status_display()},
            code="wrong_state",
        )
    evidence = {
        **queries.evidence(case),
        **beside.frozen(beside.beside(case, by)),
        "suggestion": suggestion.frozen(suggestion.suggestion_of(case)),
        "policy": papers.policy_words(rules.policy_of(case.government)),
    }
    if evidence["changes"] and not choice.acknowledged:
        raise RuleViolation(
            _("Bukti berubah sejak kasus dibuka. Baca perubahannya dan nyatakan sudah diketahui."),
            code="evidence_changed",
        )
    outcome = choice.outcome or case.recommendation.outcome
    if outcome != case.recommendation.outcome and not choice.reason.strip():
        raise ValidationError({"reason": [_("Keputusan berbeda dari rekomendasi: tuliskan alasannya.")]})
    return _dated(Verdict(case, choice, outcome, _terms(case, choice, outcome), evidence))


def _terms(case, choice, outcome):
    advised = case.recommendation
    follows = outcome == advised.outcome
    return read_terms(
        case,
        outcome,
        choice.target_id or (advised.target_id if follows else None),
        choice.retain_from or (advised.retain_from if follows else ""),
        choice.conditions or (advised.conditions if follows else ()),
    )


def _dated(verdict):
    """Set the objection window and the effective date for outcomes that end the service."""
    if verdict.outcome not in rules.ENDS_SERVICE:
        return verdict
    policy = rules.policy_of(verdict.case.government)
    verdict.objection_ends_on = add_working_days(
        today_of(verdict.case), policy.objection_working_days, joint_leave_counts=not policy.joint_leave_is_working
    )
    earliest = verdict.objection_ends_on + timedelta(days=1)
    verdict.effective_on = verdict.choice.effective_on or earliest
    if verdict.effective_on < earliest:
        raise ValidationError(
            {"effective_on": [_("Tanggal berlaku paling cepat %(day)s, sesudah masa keberatan.") % {"day": earliest}]}
        )
    return verdict


def _write_decision(verdicts, by, decree_number, legal_basis, decided_on, today):
    government = verdicts[0].case.government
    decree_number = demand(decree_number, "decree_number", _("Isi nomor keputusan."))
    legal_basis = demand(legal_basis, "legal_basis", _("Isi dasar hukum keputusan."))
    if decided_on > today:
        raise ValidationError({"decided_on": [_("Tanggal keputusan tidak boleh sesudah hari ini.")]})
    if Decision.objects.filter(government=government, decree_number=decree_number).exists():
        raise RuleViolation(_("Nomor keputusan ini sudah dipakai."), code="number_used")
    decision = Decision(
        code=codes.next_code("KEP", today.year),
        government=government,
        decree_number=decree_number,
        decided_on=decided_on,
        decided_at=clock.now(),
        legal_basis=legal_basis,
        signatory_id=by.person_id,
        signatory_name=by.name,
        signatory_office=queries.office_name(by.seat_id),
        acting=by.acting,
    )
    decision.issued = papers.issue_decision(decision, verdicts, by)
    decision.save()
    return decision


def _carry_out(verdict, decision, by):
    case = verdict.case
    case.move_to(Case.Status.DECIDED)
    case.decision, case.decree_number, case.decided_on = decision, decision.decree_number, decision.decided_on
    case.outcome, case.target = verdict.outcome, verdict.terms["target"]
    case.objection_ends_on, case.effective_on = verdict.objection_ends_on, verdict.effective_on
    case.save()
    DecisionItem.objects.create(
        decision=decision,
        case=case,
        recommendation=case.recommendation,
        outcome=verdict.outcome,
        reason=verdict.choice.reason.strip(),
        effective_on=verdict.effective_on,
        evidence=verdict.evidence,
        acknowledged=verdict.choice.acknowledged,
        **verdict.terms,
    )
    details = {"decision": decision.code, "outcome": verdict.outcome, "recommended": case.recommendation.outcome}
    note(case, by, Act.DECIDE, "case.decided", reason=verdict.choice.reason, **details)
    if verdict.outcome in rules.ENDS_SERVICE:
        plan_saving(case, decision, verdict.choice, by)
    else:
        _close_at_once(verdict, by)


def _close_at_once(verdict, by):
    """Outcomes that keep the present state end the case with the decision; the count starts anew."""
    case = verdict.case
    end_case(case, Case.Status.CLOSED, verdict.choice.reason)
    let_go(case, by)
    if verdict.outcome == Outcome.REACTIVATE:
        inventory.reactivate(case.application_id, by=by, reason=case.decree_number)
        monitoring.stop_expecting_gone(case.application_id, by=by, reason=case.decree_number)
    if verdict.outcome == Outcome.OPTIMISE:
        open_conditions(case, verdict.terms["conditions"])
    close_finding(case, by, case.decree_number)
    if verdict.outcome in rules.KEEPS_SERVICE:
        start = verdict.terms["retain_from"] or str(queries.present_quarter(case).next())
        monitoring.restart_count(case.application_id, by=by, from_quarter=start, reason=verdict.outcome)
    note(case, by, Act.CLOSE, "case.closed", outcome=verdict.outcome)
