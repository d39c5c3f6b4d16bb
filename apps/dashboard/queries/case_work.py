"""Work on cases: letters, triage, the desk, steps to do and to verify."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.templatetags.spbe import angka, rupiah, tanggal, waktu
from apps.dashboard.queries.task import Task, few
from apps.deactivation.models import (
    Act,
    Case,
    ChecklistItem,
    DeskSession,
    Ground,
    Letter,
    LetterCase,
    Objection,
    Opinion,
    Phase,
    Saving,
)

HEAD, COMPANION, FINANCE = "agency_head", "companion", "finance_office"
OFFICE = ("operator", HEAD)


def letters_to_answer(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Questions of the own offices' letters without an answer."""
    letters = Letter.objects.visible_to(by).filter(status__in=[Letter.Status.SENT, Letter.Status.DELIVERED])
    rows = LetterCase.objects.filter(letter__in=letters, answer="", is_superseded=False, case__status="awaiting_answer")
    found, more = few(rows.select_related("letter", "case__application").order_by("letter__due_on", "pk"))
    return [*(_answer_task(by, row) for row in found), *_rest(more, "deactivation:letter_list", _("surat"))]


def _answer_task(by: Any, row: Any) -> Task:
    letter, signs = row.letter, by.has_role(HEAD)
    delivered = letter.status == Letter.Status.DELIVERED
    page = "deactivation:answer" if signs and delivered else "deactivation:letter_detail"
    return Task(
        _("Jawab surat: %(name)s diusulkan dinonaktifkan") % {"name": row.case.application.name},
        reverse(page, args=[letter.code]),
        _("Jawab surat") if signs else _("Buka surat"),
        _answer_text(row, signs),
        until=letter.due_on,
    )


def _answer_text(row: Any, signs: bool) -> str:
    ground = _("Dasar: %(ground)s.") % {"ground": Ground(row.case.ground).label.lower()}
    if row.letter.due_on is None:
        return f"{ground} {_('Tenggat mulai dihitung setelah surat dibuka.')}"
    silence = _("Bila tidak dijawab sampai %(day)s pukul 23.59, dicatat sebagai dianggap setuju.")
    told = silence % {"day": tanggal(row.letter.due_on)}
    return f"{ground} {told}" if signs else f"{ground} {told} {_('Jawaban dikirim oleh kepala OPD.')}"


def requests_to_sign(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Requests of the own offices that wait for the head's signature."""
    signed = Case.objects.filter(pk=OuterRef("pk"), acts__act=Act.SIGN_REQUEST)
    rows = _cases(by, Case.Status.NOMINATED).filter(~Exists(signed), ground=Ground.OWNER_REQUEST)
    return _case_tasks(rows, _("Tanda tangani permintaan: %(name)s"), _("Baca dan tanda tangani"))


def to_triage(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Nominated cases: a letter or a withdrawal."""
    rows = _cases(by, Case.Status.NOMINATED).exclude(ground=Ground.OWNER_REQUEST)
    return _case_tasks(rows, _("Telaah usulan: %(name)s"), _("Telaah"), Case.Status.NOMINATED)


def to_put_on_desk(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Answered cases without a session."""
    rows = _cases(by, Case.Status.ANSWERED)
    return _case_tasks(rows, _("Masukkan ke agenda desk: %(name)s"), _("Buka kasus"), Case.Status.ANSWERED)


def to_close(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Executed cases whose last steps are verified: only the termination report is missing."""
    missing = ChecklistItem.objects.missing(Phase.AFTER).filter(case=OuterRef("pk"))
    rows = _cases(by, Case.Status.EXECUTED).filter(~Exists(missing))
    return _case_tasks(rows, _("Terbitkan laporan terminasi: %(name)s"), _("Buka kasus"), Case.Status.EXECUTED)


def objections(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Objections of offices against decisions, to uphold or to dismiss."""
    rows = Objection.objects.filter(status=Objection.Status.RAISED, case__in=Case.objects.visible_to(by))
    found, more = few(rows.select_related("case__application__owner").order_by("case__effective_on", "pk"))
    tasks = [
        Task(
            _("Tanggapi keberatan: %(name)s") % {"name": row.case.application.name},
            row.case.get_absolute_url(),
            _("Baca keberatan"),
            f"{row.case.application.owner.name}: “{row.reason}”",
            until=row.case.effective_on,
        )
        for row in found
    ]
    return [*tasks, *_rest(more, "deactivation:case_list", _("keberatan"))]


def sessions(by: Any, zone: ZoneInfo) -> list[Task]:
    """Desk sessions that are scheduled or sitting."""
    coming = [DeskSession.Status.SCHEDULED, DeskSession.Status.IN_SESSION]
    rows = DeskSession.objects.visible_to(by).filter(status__in=coming).order_by("held_at", "pk")
    found, more = few(rows)
    tasks = [
        Task(
            _("Hadiri desk reviu: %(title)s") % {"title": row.title},
            row.get_absolute_url(),
            _("Buka agenda"),
            f"{waktu(row.held_at)} · {row.place}" if row.place else waktu(row.held_at),
            until=row.held_at.astimezone(zone).date(),
        )
        for row in found
    ]
    return [*tasks, *_rest(more, "deactivation:session_list", _("sidang desk"))]


def opinions_to_give(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Cases on the desk on which the own office has not spoken."""
    spoken = Opinion.objects.filter(case=OuterRef("pk"), organization=by.seat_id)
    rows = _cases(by, Case.Status.ON_DESK).filter(~Exists(spoken)).exclude(application__owner=by.seat_id)
    return _case_tasks(rows, _("Beri pendapat: %(name)s"), _("Buka kasus"), Case.Status.ON_DESK)


def steps_to_do(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Open steps of the own office that can be done now."""
    before = Q(phase=Phase.BEFORE, case__status="executing")
    switch_off = Q(phase=Phase.SWITCH_OFF, case__status="executing", case__retired_at__isnull=False)
    ready = before | switch_off | Q(phase=Phase.AFTER, case__status="executed")
    mine = Q(responsible__in=by.organization_ids) if by.has_role(*OFFICE) else Q(responsible=by.seat_id)
    rows = ChecklistItem.objects.visible_to(by).filter(ready & mine, status=ChecklistItem.Status.OPEN)
    found, more = few(rows.select_related("case__application").order_by("due_on", "pk"))
    tasks = [_step_task(row, _("Unggah bukti"), row.returned_reason or row.guidance) for row in found]
    return [*tasks, *_rest(more, "deactivation:case_list", _("langkah pelaksanaan"))]


def steps_to_verify(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Steps another person reported as done."""
    done = ChecklistItem.objects.visible_to(by).filter(status=ChecklistItem.Status.DONE)
    rows = done.exclude(done_by_id=by.person_id).select_related("case__application").order_by("due_on", "pk")
    found, more = few(rows)
    reported = _("Dikerjakan oleh %(name)s.")
    tasks = [_step_task(row, _("Periksa bukti"), reported % {"name": row.done_by_name}) for row in found]
    return [*tasks, *_rest(more, "deactivation:case_list", _("bukti"))]


def _step_task(row: ChecklistItem, button: str, text: str) -> Task:
    title = f"{row.title}: {row.case.application.name}"
    return Task(title, reverse("deactivation:checklist", args=[row.case.code]), button, text, until=row.due_on)


def savings_to_verify(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Planned savings BKAD has not verified; nothing for other companions."""
    if by.seat_function != FINANCE:
        return []
    seen = Case.objects.visible_to(by)
    rows = Saving.objects.filter(case__in=seen, verified_yearly=None, is_void=False)
    found, more = few(rows.select_related("case__application").order_by("pk"))
    planned = _("Rencana %(amount)s setahun.")
    tasks = [
        Task(
            _("Periksa penghematan: %(name)s") % {"name": row.case.application.name},
            reverse("deactivation:checklist", args=[row.case.code]),
            _("Periksa"),
            planned % {"amount": rupiah(row.planned_yearly)},
        )
        for row in found
    ]
    return [*tasks, *_rest(more, "deactivation:case_list", _("penghematan"))]


def _cases(by: Any, status: str) -> QuerySet:
    return Case.objects.visible_to(by).filter(status=status).select_related("application__owner").order_by("pk")


def _case_tasks(rows: QuerySet, title: str, button: str, status: str = Case.Status.NOMINATED) -> list[Task]:
    found, more = few(rows)
    tasks = [Task(title % {"name": row.application.name}, row.get_absolute_url(), button, _about(row)) for row in found]
    return [*tasks, *_rest(more, "deactivation:case_list", _("kasus"), f"?status={status}")]


def _about(case: Case) -> str:
    return f"{case.application.owner.name} · {case.code} · {Ground(case.ground).label}"


def _rest(more: int, page: str, noun: str, query: str = "") -> list[Task]:
    if not more:
        return []
    title = ngettext("%(n)s %(noun)s lain", "%(n)s %(noun)s lain", more) % {"n": angka(more), "noun": noun}
    return [Task(title, reverse(page) + query, _("Buka daftar"), number=more)]
