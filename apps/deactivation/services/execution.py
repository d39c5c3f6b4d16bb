"""From the end of the objection window to the termination report; mostly the clock's work."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import queries, rules
from apps.deactivation.models import Act, Case, ChecklistItem, ChecklistTemplate, Objection, Phase
from apps.deactivation.services import papers
from apps.deactivation.services.acts import allow, case_for, close_finding, end_case, let_go, note, today_of, trail
from apps.inventory import services as inventory


@transaction.atomic
def begin_retiring(case_id, *, by):
    """When the objection window has ended without an open objection: the application becomes `retiring`."""
    case = Case.objects.visible_to(by).locked(case_id)
    allow(by.is_system)
    if case.status != Case.Status.DECIDED:
        case.move_to(Case.Status.EXECUTING)
    if today_of(case) <= case.objection_ends_on:
        raise RuleViolation(_("Masa keberatan belum berakhir."), code="window_open")
    if case.objections.filter(status=Objection.Status.RAISED).exists():
        raise RuleViolation(_("Keberatan belum dijawab."), code="objection_open")
    case.move_to(Case.Status.EXECUTING)
    case.save()
    inventory.begin_retiring(case.application_id, by=by, reason=case.decree_number)
    inventory.announce_sunset(
        case.application_id,
        by=by,
        announced_on=today_of(case),
        ends_on=case.effective_on,
        successor_id=case.target_id,
    )
    _make_checklist(case)
    trail(case, by, "case.execution_begun", effective_on=case.effective_on)
    return case


@transaction.atomic
def retire(case_id, *, by):
    """On the effective date, with every mandatory step before it verified, the application is retired."""
    case = Case.objects.visible_to(by).locked(case_id)
    allow(by.is_system)
    if case.status != Case.Status.EXECUTING or case.retired_at:
        raise RuleViolation(_("Kasus ini tidak menunggu pelaksanaan."), code="wrong_state")
    if today_of(case) < case.effective_on:
        raise RuleViolation(_("Tanggal berlaku belum tiba."), code="too_early")
    if _is_blocked(case, by):
        return case
    inventory.release_hold(case.application_id, by=by, kind="case")
    said = {"ground": case.get_ground_display(), "number": case.decree_number}
    inventory.retire(case.application_id, by=by, reason=_("%(ground)s (keputusan %(number)s)") % said)
    case.retired_at, case.blocked_by = clock.now(), []
    case.save()
    trail(case, by, "case.retired", effective_on=case.effective_on)
    mark_executed(case, by)
    return case


def mark_executed(case, by):
    """Move to `executed` as soon as the application is retired and the switching off is verified."""
    waiting = case.status == Case.Status.EXECUTING and case.retired_at is not None
    if not waiting or case.checklist.missing(Phase.SWITCH_OFF).exists():
        return
    case.move_to(Case.Status.EXECUTED)
    case.save()
    trail(case, by, "case.executed")


@transaction.atomic
def write_notice(case_id, *, by, version, notice):
    """What users are told beside the day the application stops; empty leaves the day alone."""
    case = case_for(case_id, by, rules.may_write_notice, version)
    if case.status != Case.Status.EXECUTING or case.retired_at:
        raise RuleViolation(
            _("Pemberitahuan ditulis selagi pelaksanaan berjalan dan aplikasinya belum pensiun."), code="wrong_state"
        )
    inventory.write_notice(case.application_id, by=by, notice=notice)
    case.save()
    trail(case, by, "case.notice_written", reason=notice.strip())
    return case


@transaction.atomic
def close(case_id, *, by, version):
    """End an executed case with its termination report when everything afterwards is verified."""
    case = case_for(case_id, by, rules.may_close, version)
    if case.status != Case.Status.EXECUTED:
        raise RuleViolation(_("Kasus ditutup setelah terlaksana."), code="wrong_state")
    missing = list(case.checklist.missing(Phase.AFTER).values_list("title", flat=True))
    if missing:
        raise RuleViolation(_("Belum diperiksa: %(titles)s.") % {"titles": ", ".join(missing)}, code="steps_missing")
    end_case(case, Case.Status.CLOSED)
    let_go(case, by)
    issued = papers.issue_termination(case, by)
    close_finding(case, by, case.decree_number)
    note(case, by, Act.CLOSE, "case.closed", outcome=case.outcome, number=issued.number, sha256=issued.sha256)
    return case


def _is_blocked(case, by):
    """Say once, and again whenever it changes, which steps keep the application from being retired."""
    missing = queries.missing_before(case)
    if missing and missing != case.blocked_by:
        case.blocked_by = missing
        case.save()
        trail(case, by, "case.execution_blocked", missing=missing)
    return bool(missing)


def _make_checklist(case):
    application = case.application
    offices = queries.offices_by_function(case)
    for template in ChecklistTemplate.objects.filter(is_active=True):
        if not rules.template_applies(template, application):
            continue
        ChecklistItem(
            case=case,
            key=template.key,
            phase=template.phase,
            position=template.position,
            title=template.title,
            guidance=template.guidance,
            mandatory=template.mandatory,
            responsible=offices[template.responsible],
            due_on=case.effective_on + timedelta(days=template.due_days),
        ).save()
    for relation_id, other in queries.consumers(case):
        ChecklistItem(
            case=case,
            key=f"consumer-{relation_id}",
            phase=Phase.BEFORE,
            position=90,
            title=_("Pindahkan pengguna data: %(name)s") % {"name": other.name},
            responsible=offices["owner"],
            due_on=case.effective_on - timedelta(days=7),
        ).save()
