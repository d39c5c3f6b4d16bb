"""Desk sessions: the list, scheduling, and the page of one session with its agenda, attendance and minutes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.deactivation import queries, rules, services
from apps.deactivation.filters import ReadyFilter, SessionFilter
from apps.deactivation.forms import (
    AgendaForm,
    AmendmentForm,
    AttendanceForm,
    EmptyForm,
    InviteForm,
    MinutesForm,
    ReasonForm,
    SessionForm,
)
from apps.deactivation.models import AgendaItem, Case, DeskSession, Minutes
from apps.deactivation.queries import invitation
from apps.deactivation.views.follow_up_forms import DraftForm, SignedCopyForm
from apps.deactivation.views.offers import Offer, act_view, knowing_actor, offered, plain

PAGE_SIZE = 50
S = DeskSession.Status
RUNNING = (S.SCHEDULED, S.IN_SESSION)


@signed_in
@require_GET
def session_list(request: HttpRequest) -> HttpResponse:
    seen = DeskSession.objects.visible_to(request.actor)
    pending = Count("items", filter=Q(items__result="pending"), distinct=True)
    rows = seen.annotate(case_count=Count("items", distinct=True), pending_count=pending).order_by("-held_at", "-pk")
    found = SessionFilter(request.GET, queryset=rows)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("halaman"))
    coming = seen.filter(status__in=RUNNING).count()
    context = {
        "page": page,
        "headline": ngettext(
            "%(n)s desk reviu akan atau sedang berlangsung", "%(n)s desk reviu akan atau sedang berlangsung", coming
        )
        % {"n": coming},
        "lead": _ready_sentence(request.actor),
        "may_manage": rules.may_manage_session(request.actor, request.actor.government_id),
    }
    return render(request, "deactivation/session_list.html", context)


@signed_in
def schedule_session(request: HttpRequest) -> HttpResponse:
    if not rules.may_manage_session(request.actor, request.actor.government_id):
        raise PermissionDenied
    form = SessionForm(request.POST or None)
    if request.method == "POST":
        session = attempt(lambda fields: services.schedule_session(by=request.actor, **fields), form)
        if session:
            messages.success(request, _("Desk reviu dijadwalkan. Susun agendanya."))
            return redirect(session)
    context = {
        "form": form,
        "ready": ready_cases(request.actor).count(),
        "back_url": reverse("deactivation:session_list"),
    }
    return render(request, "deactivation/session_form.html", context, status=status_of([form]))


@signed_in
@require_GET
def session_detail(request: HttpRequest, code: str) -> HttpResponse:
    return session_page(request, seen_session(request.actor, code))


def seen_session(by: Any, code: str) -> DeskSession:
    """The session, when this person may see it; 404 otherwise."""
    return get_object_or_404(DeskSession.objects.visible_to(by).select_related("government"), code=code)


def session_page(request: HttpRequest, session: DeskSession, bound: dict[str, Any] | None = None) -> HttpResponse:
    """One session with its agenda and what may be done."""
    bound = bound or {}
    by = request.actor
    manages = rules.may_manage_session(by, session.government_id)
    recommended = session.items.filter(case__status=Case.Status.RECOMMENDED).exists()
    acts = offered(SESSION_OFFERS, session, by, {k: form for k, form in bound.items() if k in _NAMES})
    context = {
        "session": session,
        "ready": narrowed(request, acts),
        "headline": _headline(session),
        "items": agenda_rows(session, by),
        "attendances": queries.named_as_then(
            session.attendances.select_related("organization"), "organization", "recorded_at"
        ),
        "invitations": queries.named_as_then(
            session.invitations.select_related("organization"), "organization", "sent_at"
        ),
        "minutes": minutes_of(session, by, bound),
        "remarks": session.remarks.select_related("organization"),
        "may_start": manages and session.status == S.SCHEDULED and session.items.exists(),
        "decide_url": reverse("deactivation:decide") + f"?sesi={session.code}"
        if by.has_role("approver") and recommended
        else "",
        "acts": acts,
        "waiting_for": _("Agenda, kehadiran, dan hasil dicatat oleh Diskominfo."),
    }
    return render(request, "deactivation/session_detail.html", context, status=status_of(bound.values()))


@signed_in
@require_GET
def session_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The session for a calendar on phone or desk."""
    answer = HttpResponse(invitation.as_calendar(seen_session(request.actor, code)), content_type=invitation.KIND)
    answer["Content-Disposition"] = f'attachment; filename="{invitation.FILE_NAME}"'
    return answer


def minutes_of(session: DeskSession, by: Any, bound: dict[str, Any]) -> list[Minutes]:
    """The Berita Acara and its amendments with their signed copies, and the form to attach one."""
    rows = list(session.minutes.select_related("issued__document").prefetch_related("issued__signed_copies__document"))
    attaches = rules.may_attach_signed(by, session.government_id)
    for row in rows:
        prefix = f"signed-{row.pk}"
        row.signed_form = bound.get(prefix) or (SignedCopyForm(prefix=prefix) if attaches else None)
    return rows


def agenda_rows(session: DeskSession, by: Any) -> list[AgendaItem]:
    """The agenda as this person may see it: cases with their answer, quorum and outcome."""
    seen = Case.objects.visible_to(by)
    items = session.items.filter(case__in=seen).select_related(
        "case__application__owner", "case__government", "case__caretaker", "case__recommendation__target"
    )
    dressed = [_dressed(item, session) for item in items]
    queries.name_owners((item.case for item in dressed), queries.over_since(session))
    return dressed


def _dressed(item: AgendaItem, session: DeskSession) -> AgendaItem:
    last = item.case.letter_items.filter(is_superseded=False).last()
    item.last_answer = last.answer if last else ""
    item.last_answer_label = last.get_answer_display() if last else ""
    item.quorum = quorum_of(item.case, session) if item.result == AgendaItem.Result.PENDING else None
    advised = item.case.recommendation if item.result == AgendaItem.Result.RECOMMENDED else None
    item.recommended_outcome = advised.get_outcome_display() if advised else ""
    return item


def quorum_of(case: Case, session: DeskSession) -> dict[str, Any]:
    """Whether the needed offices are present for this case, and which are not."""
    respondent = case.respondent
    owner = rules.office_of(respondent) if respondent else None
    offices = {owner.pk, respondent.pk} if owner else set()
    excused = bool(owner) and rules.was_invited_twice(queries.written_invitations(case), offices)
    missing = rules.missing_offices(queries.presences(session), owner.pk if owner else None, owner_excused=excused)
    return {"complete": not missing, "missing": ", ".join(str(rules.OFFICE_LABELS[office]) for office in missing)}


def ready_cases(by: Any) -> Any:
    """Cases that may be put on an agenda: answered, or on the desk and not on an agenda."""
    waiting = Case.objects.visible_to(by).filter(status__in=[Case.Status.ANSWERED, Case.Status.ON_DESK])
    return waiting.exclude(agenda_items__result=AgendaItem.Result.PENDING).with_application().order_by("nominated_at")


def _agenda_form(session: DeskSession, by: Any, data: Any, _files: Any, prefix: str) -> AgendaForm:
    codes = [(case.code, f"{case.application.name} ({case.application.owner})") for case in ready_cases(by)]
    return AgendaForm(data, prefix=prefix, codes=codes)


def narrowed(request: HttpRequest, acts: list[dict[str, Any]]) -> ReadyFilter | None:
    """The filter over the cases that may be put on the agenda; the form then offers only those that fit."""
    adding = next((act for act in acts if act["name"] == "add_to_agenda"), None)
    if adding is None:
        return None
    found = ReadyFilter(request.GET, queryset=ready_cases(request.actor), by=request.actor)
    fitting = set(found.qs.values_list("code", flat=True))
    cases = adding["form"].fields["cases"]
    cases.choices = [choice for choice in cases.choices if choice[0] in fitting]
    adding["open"] = adding["open"] or bool(request.GET)
    found.count = len(cases.choices)
    return found


def _manages(by: Any, session: DeskSession) -> bool:
    return rules.may_manage_session(by, session.government_id)


def _runs(by: Any, session: DeskSession) -> bool:
    return session.status in RUNNING


def _ready_sentence(by: Any) -> str:
    ready = ready_cases(by).count()
    return ngettext("%(n)s kasus siap masuk agenda.", "%(n)s kasus siap masuk agenda.", ready) % {"n": ready}


def _headline(session: DeskSession) -> str:
    pending = session.items.filter(result=AgendaItem.Result.PENDING).count()
    if session.status not in RUNNING or not session.items.exists():
        return session.title
    words = ngettext("%(title)s: %(n)s kasus belum dibahas", "%(title)s: %(n)s kasus belum dibahas", pending)
    return (
        words % {"title": session.title, "n": pending}
        if pending
        else _("%(title)s: semua kasus sudah dibahas") % {"title": session.title}
    )


SESSION_OFFERS = [
    Offer(
        "add_to_agenda",
        gettext_lazy("Tambahkan kasus ke agenda"),
        gettext_lazy("Masukkan ke agenda"),
        gettext_lazy("Kasus masuk agenda."),
        _agenda_form,
        _manages,
        lambda by, session: _runs(by, session) and ready_cases(by).exists(),
        lambda session, fields, by, version: services.add_to_agenda(
            session.code, by=by, case_ids=fields["cases"], version=version
        ),
    ),
    Offer(
        "record_attendance",
        gettext_lazy("Catat kehadiran"),
        gettext_lazy("Catat hadir"),
        gettext_lazy("Kehadiran dicatat."),
        knowing_actor(AttendanceForm),
        _manages,
        _runs,
        lambda session, fields, by, version: services.record_attendance(
            session.code,
            by=by,
            organization_id=fields["organization"].pk,
            name=fields["name"],
            nip=fields["nip"],
            position=fields["position"],
        ),
    ),
    Offer(
        "invite",
        gettext_lazy("Catat undangan"),
        gettext_lazy("Catat undangan tertulis"),
        gettext_lazy("Undangan dicatat."),
        knowing_actor(InviteForm),
        _manages,
        _runs,
        lambda session, fields, by, version: services.invite(
            session.code,
            by=by,
            organization_ids=[row.pk for row in fields["organizations"]],
            reference=fields["reference"],
        ),
        text=gettext_lazy("OPD pemilik yang diundang dua kali dan tidak hadir dapat dibahas in absentia."),
        tone="btn",
    ),
    Offer(
        "draft_minutes",
        gettext_lazy("Konsep Berita Acara"),
        gettext_lazy("Simpan dan perlihatkan konsep"),
        gettext_lazy("Konsep tersimpan; peserta dapat memberi koreksi."),
        lambda session, _by, data, files, prefix: DraftForm(
            data, files, prefix=prefix, initial={"text": session.draft}
        ),
        rules.may_issue_minutes,
        lambda by, session: session.status == S.IN_SESSION,
        lambda session, fields, by, version: services.draft_minutes(
            session.code, by=by, version=version, text=fields["text"]
        ),
        tone="btn",
    ),
    Offer(
        "remark_on_minutes",
        gettext_lazy("Beri koreksi atas konsep"),
        gettext_lazy("Sampaikan koreksi"),
        gettext_lazy("Koreksi Anda tercatat di bawah konsep."),
        plain(AmendmentForm),
        rules.may_remark_on_minutes,
        lambda by, session: session.status == S.IN_SESSION and bool(session.draft),
        lambda session, fields, by, version: services.remark_on_minutes(session.code, by=by, text=fields["text"]),
        tone="btn",
    ),
    Offer(
        "issue_minutes",
        gettext_lazy("Terbitkan Berita Acara"),
        gettext_lazy("Tutup sidang dan terbitkan Berita Acara"),
        gettext_lazy("Berita Acara terbit."),
        lambda session, _by, data, files, prefix: MinutesForm(
            data, files, prefix=prefix, initial={"text": session.draft}
        ),
        rules.may_issue_minutes,
        lambda by, session: session.status == S.IN_SESSION,
        lambda session, fields, by, version: services.issue_minutes(
            session.code, by=by, version=version, text=fields["text"]
        ),
        text=gettext_lazy("Setelah terbit, isinya hanya dapat diperbaiki dengan Berita Acara perubahan."),
    ),
    Offer(
        "amend_minutes",
        gettext_lazy("Perbaiki Berita Acara"),
        gettext_lazy("Terbitkan perubahan Berita Acara"),
        gettext_lazy("Perubahan Berita Acara terbit."),
        plain(AmendmentForm),
        rules.may_issue_minutes,
        lambda by, session: session.status == S.MINUTED,
        lambda session, fields, by, version: services.amend_minutes(session.code, by=by, text=fields["text"]),
        tone="btn",
    ),
    Offer(
        "cancel_session",
        gettext_lazy("Batalkan sesi"),
        gettext_lazy("Batalkan sesi ini"),
        gettext_lazy("Sesi dibatalkan; kasusnya tetap di desk."),
        plain(ReasonForm),
        _manages,
        lambda by, session: session.status == S.SCHEDULED,
        lambda session, fields, by, version: services.cancel_session(
            session.code, by=by, version=version, reason=fields["reason"]
        ),
        tone="btn-danger",
    ),
]
START_SESSION = Offer(
    "start_session",
    gettext_lazy("Mulai sidang"),
    gettext_lazy("Mulai sidang"),
    gettext_lazy("Sidang dimulai."),
    plain(EmptyForm),
    _manages,
    lambda by, session: session.status == S.SCHEDULED,
    lambda session, fields, by, version: services.start_session(session.code, by=by, version=version),
)


_NAMES = {offer.name for offer in SESSION_OFFERS}


def session_act(name: str) -> Any:
    """The POST view of one act of a session."""
    offer = next(offer for offer in [*SESSION_OFFERS, START_SESSION] if offer.name == name)
    return act_view(offer, seen_session, session_page)
