"""The room screen: one case of the agenda at a time, opinions as they come in, and the outcome."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.accounts.queries import as_called_then
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.deactivation import queries, rules, services
from apps.deactivation.forms import OpinionForm, OutcomeForm, ReasonForm
from apps.deactivation.models import AgendaItem, Case, DeskSession, Outcome
from apps.deactivation.views.case_page import seen_case
from apps.deactivation.views.desk import agenda_rows, quorum_of, seen_session
from apps.deactivation.views.evidence import evidence_of
from apps.deactivation.views.offers import allow
from apps.deactivation.views.suggestion import suggestion_now
from apps.inventory.queries import owners_then

COMPANIONS = ("planning_office", "finance_office")
PENDING = AgendaItem.Result.PENDING
LOOKS = {
    Outcome.RETAIN: ("shield-check", gettext_lazy("tetap berjalan")),
    Outcome.OPTIMISE: ("adjustments", gettext_lazy("dengan syarat")),
    Outcome.INTEGRATE: ("arrows-join", gettext_lazy("ke aplikasi lain")),
    Outcome.REPLACE: ("replace", gettext_lazy("dengan aplikasi lain")),
    Outcome.DEACTIVATE: ("power", gettext_lazy("tanpa pengganti")),
    Outcome.REACTIVATE: ("player-play", gettext_lazy("kembali terdaftar")),
    Outcome.DECLINE: ("archive", gettext_lazy("tidak berubah")),
}
STANCES = {
    "agree": ("done", "check"),
    "agree_with_note": ("act", "message-exclamation"),
    "disagree": ("bad", "message-exclamation"),
}
ANSWERS = {
    "agreed": ("done", "check"),
    "objected": ("bad", "message-exclamation"),
    "deemed_agreed": ("", "message-off"),
}


@signed_in
@require_GET
def room(request: HttpRequest, code: str) -> HttpResponse:
    return room_page(request, seen_session(request.actor, code), request.GET.get("kasus", ""))


@signed_in
@require_GET
def room_live(request: HttpRequest, code: str) -> HttpResponse:
    session = seen_session(request.actor, code)
    items = agenda_rows(session, request.actor)
    item = _current(items, request.GET.get("kasus", ""))
    if request.GET.get("bagian") == "pendapat" and item:
        return render(request, "deactivation/_room_opinions.html", {"voices": voices(item.case, session)})
    if request.GET.get("bagian") == "hasil" and item:
        return render(request, "deactivation/_room_outcome.html", {"item": item, "case": item.case})
    return render(request, "deactivation/_room_top.html", _top(session, items, item))


@signed_in
@require_POST
def give_opinion(request: HttpRequest, code: str, case_code: str) -> HttpResponse:
    session, case = seen_session(request.actor, code), seen_case(request.actor, case_code)
    allow(rules.may_give_opinion(request.actor, case))
    form = OpinionForm(request.POST, prefix="opinion")
    given = attempt(
        lambda fields: services.give_opinion(case.code, by=request.actor, session_id=session.code, **fields), form
    )
    if given is None:
        return room_page(request, session, case.code, {"opinion": form})
    messages.success(request, _("Pendapat tersimpan dan terlihat di layar."))
    return redirect(room_url(session, case.code))


@signed_in
@require_POST
def recommend(request: HttpRequest, code: str, case_code: str) -> HttpResponse:
    session, case = seen_session(request.actor, code), seen_case(request.actor, case_code)
    allow(rules.may_recommend(request.actor, case))
    form = OutcomeForm(request.POST, case=case)
    if attempt(lambda fields: _recommend(request, session, case, fields), form) is None:
        return room_page(request, session, case.code, {"recommend": form})
    messages.success(request, _("Rekomendasi %(name)s dicatat.") % {"name": case.application.name})
    return redirect(_next_pending(session, request.actor))


@signed_in
@require_POST
def postpone(request: HttpRequest, code: str, case_code: str) -> HttpResponse:
    session, case = seen_session(request.actor, code), seen_case(request.actor, case_code)
    allow(rules.may_postpone(request.actor, case))
    form = ReasonForm(request.POST, prefix="postpone")

    def put_off(fields: dict[str, Any]) -> Case:
        who = {"by": request.actor, "version": version_of(request)}
        return services.postpone(case.code, session_id=session.code, **who, **fields)

    if attempt(put_off, form) is None:
        return room_page(request, session, case.code, {"postpone": form})
    messages.success(request, _("%(name)s ditunda ke sidang berikutnya.") % {"name": case.application.name})
    return redirect(_next_pending(session, request.actor))


def room_url(session: DeskSession, case_code: str) -> str:
    """The screen showing one case."""
    return reverse("deactivation:room", args=[session.code]) + f"?kasus={case_code}"


def room_page(
    request: HttpRequest, session: DeskSession, case_code: str, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """The whole screen for one case."""
    bound = bound or {}
    items = agenda_rows(session, request.actor)
    item = _current(items, case_code)
    context = {"session": session, **_top(session, items, item)}
    if item:
        context |= (
            _case_context(session, item) | _acts(request, session, item, bound) | _neighbours(session, items, item)
        )
    return render(request, "deactivation/room.html", context, status=status_of(bound.values()))


def voices(case: Case, session: DeskSession) -> list[dict[str, Any]]:
    """What each office says: the owner's answer, Bappeda's and BKAD's opinion; the screen shows the latest.

    Of a session that is over the offices carry their names of then.
    """
    opinions = {row.organization_id: row for row in case.opinions.filter(session=session)}
    asked = Q(function__in=COMPANIONS) | Q(pk__in=opinions)
    companions = Organization.objects.filter(asked, government=case.government).order_by("-function")
    over = queries.over_since(session)
    owner = case.caretaker if case.is_ownerless else owners_then([(case.application, over)])[0]
    owner, *others = as_called_then((office, over) for office in (owner, *companions))
    return [_owner_voice(case, owner), *(_voice(office, opinions.get(office.pk)) for office in others)]


def _owner_voice(case: Case, office: Organization) -> dict[str, Any]:
    item = case.letter_items.filter(is_superseded=False).last()
    if item is None or not item.answer:
        return _silent(str(office))
    tone, icon = ANSWERS[item.answer]
    return {
        "office": str(office),
        "given": True,
        "tone": tone,
        "icon": icon,
        "word": item.get_answer_display(),
        "text": item.reason,
    }


def _voice(office: Organization, opinion: Any) -> dict[str, Any]:
    if opinion is None:
        return _silent(str(office))
    tone, icon = STANCES[opinion.stance]
    return {
        "office": str(office),
        "given": True,
        "tone": tone,
        "icon": icon,
        "word": opinion.get_stance_display(),
        "text": opinion.text,
    }


def _silent(office: str) -> dict[str, Any]:
    return {
        "office": office,
        "given": False,
        "tone": "",
        "icon": "dots",
        "word": _("Menunggu"),
        "text": _("Belum mengisi"),
    }


def _current(items: list[AgendaItem], case_code: str) -> AgendaItem | None:
    named = next((item for item in items if item.case.code == case_code), None)
    pending = next((item for item in items if item.result == PENDING), None)
    return named or pending or (items[0] if items else None)


def _top(session: DeskSession, items: list[AgendaItem], item: AgendaItem | None) -> dict[str, Any]:
    agenda = [
        {"number": place, "url": room_url(session, row.case.code), "here": row is item, "done": row.result != PENDING}
        for place, row in enumerate(items, 1)
    ]
    asked = item is not None and item.result == PENDING
    return {
        "session": session,
        "agenda": agenda,
        "total": len(items),
        "quorum": quorum_of(item.case, session) if asked else None,
    }


def _case_context(session: DeskSession, item: AgendaItem) -> dict[str, Any]:
    case = item.case
    return {
        "item": item,
        "case": case,
        "application": case.application,
        "evidence": evidence_of(case),
        "suggestion": suggestion_now(case) if item.result == PENDING else {},
        "voices": voices(case, session),
        "live_url": reverse("deactivation:room_live", args=[session.code]) + f"?kasus={case.code}",
    }


def _acts(request: HttpRequest, session: DeskSession, item: AgendaItem, bound: dict[str, Any]) -> dict[str, Any]:
    case, by, args = item.case, request.actor, [session.code, item.case.code]
    waits = item.result == PENDING
    enters = waits and session.status == DeskSession.Status.IN_SESSION and rules.may_recommend(by, case)
    speaks = waits and rules.may_give_opinion(by, case)
    return {
        "recommend": bound.get("recommend") or (OutcomeForm(case=case) if enters or "postpone" in bound else None),
        "outcomes": [
            {"value": value.value, "label": value.label, "icon": LOOKS[value][0], "hint": LOOKS[value][1]}
            for value in rules.allowed_outcomes(case.kind)
        ],
        "postpone": bound.get("postpone") or ReasonForm(prefix="postpone"),
        "postpone_url": reverse("deactivation:postpone", args=args),
        "opinion": bound.get("opinion") or (OpinionForm(prefix="opinion") if speaks else None),
        "opinion_url": reverse("deactivation:give_opinion", args=args),
    }


def _neighbours(session: DeskSession, items: list[AgendaItem], item: AgendaItem) -> dict[str, Any]:
    place = items.index(item)
    after = next((n for n, row in enumerate(items, 1) if n > place + 1 and row.result == PENDING), None)
    return {
        "number": place + 1,
        "previous_url": room_url(session, items[place - 1].case.code) if place else "",
        "next_url": room_url(session, items[place + 1].case.code) if place + 1 < len(items) else "",
        "go_label": _("Catat, lalu kasus %(n)s") % {"n": after} if after else _("Catat hasil desk"),
    }


def _recommend(request: HttpRequest, session: DeskSession, case: Case, fields: dict[str, Any]) -> Case:
    return services.recommend(
        case.code,
        by=request.actor,
        version=version_of(request),
        session_id=session.code,
        outcome=fields["outcome"],
        reason=fields["reason"],
        target_id=fields["target"].pk if fields["target"] else None,
        retain_from=fields["retain_from"],
        conditions=fields["conditions"],
        departure=fields["departure"],
    )


def _next_pending(session: DeskSession, by: Any) -> str:
    item = next((row for row in agenda_rows(session, by) if row.result == PENDING), None)
    return room_url(session, item.case.code) if item else session.get_absolute_url()
