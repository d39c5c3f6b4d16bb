"""Opening a case, the owner's own request, a caretaker for the ownerless, and withdrawing."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import Act, Answer, Case, Condition, Ground, Kind, LetterCase
from apps.deactivation.services.acts import (
    allow,
    case_for,
    demand,
    demand_reason,
    dismiss_finding,
    end_case,
    hold,
    let_go,
    note,
    refuse_stale,
    today_of,
    trail,
)
from apps.inventory.models import Application
from apps.monitoring import services as monitoring
from apps.monitoring.models import Finding


@transaction.atomic
def nominate(application_id, *, by, ground, reason="", finding_id=None, kind=Kind.DEACTIVATION):
    """Open a case on an application; a head's own request is signed with it and goes straight to `answered`."""
    application = Application.objects.visible_to(by).locked(application_id)
    allow(rules.may_nominate(by, application))
    _refuse_unfit(application, kind, ground)
    finding = _finding(finding_id, application)
    case = Case(
        code=codes.next_code("KSS", clock.today(application.government.zone).year),
        kind=kind,
        government=application.government,
        application=application,
        finding=finding,
        ground=ground,
        reason=reason.strip() if finding or by.is_system else demand_reason(reason),
        nominated_at=clock.now(),
    )
    case.save()
    hold(case, by)
    if finding:
        monitoring.take_up(finding.pk, by=by, case_code=case.code)
    note(case, by, Act.NOMINATE, "case.nominated", reason=case.reason, ground=ground)
    if rules.may_sign_request(by, case):
        _sign(case, by)
    return case


@transaction.atomic
def sign_request(case_id, *, by, version, reason=""):
    """The head signs the request the OPD itself opened; no letter is needed, the case is answered."""
    case = case_for(case_id, by, rules.may_sign_request, version)
    if not _is_own_request(case):
        raise RuleViolation(
            _("Kasus ini tidak diminta oleh OPD sendiri; tunggu surat konfirmasi."), code="not_a_request"
        )
    _sign(case, by, reason)
    return case


@transaction.atomic
def withdraw(case_id, *, by, version, reason):
    """End a case before it is decided; its finding is dismissed."""
    case = case_for(case_id, by, rules.may_withdraw, version)
    reason = demand_reason(reason)
    end_case(case, Case.Status.WITHDRAWN, reason)
    let_go(case, by)
    dismiss_finding(case, by, reason)
    note(case, by, Act.WITHDRAW, "case.withdrawn", reason=reason)
    return case


@transaction.atomic
def name_caretaker(case_id, *, by, version, organization_id, reason):
    """Name the OPD that answers for an ownerless application."""
    case = case_for(case_id, by, rules.may_name_caretaker, version)
    if not case.is_ownerless:
        raise RuleViolation(_("Aplikasi ini sudah mempunyai pemilik."), code="has_owner")
    if case.status not in (Case.Status.NOMINATED, Case.Status.AWAITING_ANSWER):
        raise RuleViolation(_("OPD pengampu ditunjuk sebelum surat dijawab."), code="wrong_state")
    caretaker = Organization.objects.able_to_own().filter(government=case.government, pk=organization_id).first()
    if caretaker is None:
        raise ValidationError({"organization": [_("Pilih OPD yang masih berdiri.")]})
    case.caretaker = caretaker
    case.save()
    note(case, by, Act.NAME_CARETAKER, "case.caretaker_named", reason=demand_reason(reason), caretaker=caretaker.code)
    return case


@transaction.atomic
def settle_condition(condition_id, *, by, version, status, text, evidence=None):
    """Say that a condition of an optimise outcome is met, or dropped with a reason."""
    condition = Condition.objects.filter(case__in=Case.objects.visible_to(by)).locked(condition_id)
    allow(rules.may_settle_condition(by, condition))
    refuse_stale(condition, version)
    condition.move_to(status)
    condition.note = demand(text, "text", _("Tuliskan bagaimana syarat dipenuhi atau mengapa digugurkan."))
    condition.evidence = evidence
    condition.save()
    record(by, f"condition.{status}", condition, reason=condition.note, case=condition.case.code)
    return condition


@transaction.atomic
def chase_condition(condition_id, *, by):
    """Remind the owner and the reviewers of a condition past its day; again every month until it is settled."""
    condition = Condition.objects.locked(condition_id)
    allow(by.is_system)
    case = condition.case
    today = today_of(case)
    if condition.status != Condition.Status.OPEN or not rules.is_chased(condition, today):
        raise RuleViolation(_("Syarat ini belum perlu ditagih."), code="too_early")
    condition.chased_on = today
    condition.save()
    trail(case, by, "case.condition_overdue", reason=condition.text, due_on=condition.due_on)
    return condition


def _refuse_unfit(application, kind, ground):
    if ground not in Ground.values:
        raise ValidationError({"ground": [_("Pilih dasar pengusulan.")]})
    if application.ownership == "central":
        raise RuleViolation(_("Aplikasi milik pusat tidak dapat diusulkan."), code="central")
    fits = {Kind.DEACTIVATION: "registered", Kind.REACTIVATION: "retired"}
    if application.status != fits[kind]:
        raise RuleViolation(
            _("Aplikasi berstatus “%(now)s” tidak dapat diusulkan.") % {"now": application.get_status_display()},
            code="wrong_state",
        )
    standing = Case.objects.open().filter(application=application).first()
    if standing:
        raise RuleViolation(
            _("Aplikasi ini sudah mempunyai kasus %(code)s.") % {"code": standing.code}, code="open_case"
        )


def _finding(finding_id, application):
    if finding_id is None:
        return None
    finding = Finding.objects.filter(pk=finding_id, application=application).first()
    if finding is None:
        raise ValidationError({"finding": [_("Temuan ini bukan tentang aplikasi tersebut.")]})
    return finding


def _is_own_request(case):
    first = case.acts.filter(act=Act.NOMINATE).first()
    return first is not None and first.role in ("operator", "agency_head")


def _sign(case, by, reason=""):
    case.move_to(Case.Status.ANSWERED)
    now = clock.now()
    LetterCase.objects.create(
        case=case,
        answer=Answer.AGREED,
        reason=reason or case.reason,
        answered_at=now,
        answered_on=now.astimezone(case.government.zone).date(),
        answered_by_id=by.person_id,
        answered_by_name=by.name,
    )
    case.save()
    note(case, by, Act.SIGN_REQUEST, "case.request_signed", reason=reason)
