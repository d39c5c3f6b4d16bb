"""What the page of one case shows: where it stands, why, what was said, what may be done, and by whom."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.core import clock
from apps.core.submit import status_of
from apps.deactivation import queries, rules
from apps.deactivation.models import AgendaItem, Case, Condition, IssuedDocument, Kind, Realised, Saving
from apps.deactivation.queries.beside import beside
from apps.deactivation.services.savings import years_open
from apps.deactivation.views.case_offers import CASE_OFFERS, objection_waits
from apps.deactivation.views.decision_forms import decide_forms
from apps.deactivation.views.difference import difference_of
from apps.deactivation.views.evidence import evidence_of
from apps.deactivation.views.follow_up_forms import ConditionForm, RealisedForm, SavingForm
from apps.deactivation.views.offers import offered
from apps.deactivation.views.suggestion import suggestion_for
from apps.deactivation.views.trail import trail_entries
from apps.monitoring import queries as monitoring
from apps.monitoring.models import Finding
from apps.monitoring.views.reachability import afterwards

S = Case.Status
PATH = (S.NOMINATED, S.AWAITING_ANSWER, S.ANSWERED, S.ON_DESK, S.RECOMMENDED, S.EXECUTING, S.CLOSED)
ITEMS_SHOWN = 5


def seen_case(by: Actor, code: str) -> Case:
    """The case, when this person may see it; 404 otherwise."""
    return get_object_or_404(Case.objects.visible_to(by).with_application(), code=code)


def case_page(request: HttpRequest, case: Case, bound: dict[str, Any] | None = None) -> HttpResponse:
    """The whole page; `bound` holds a refused form to be shown again."""
    bound = bound or {}
    by = request.actor
    evidence = evidence_of(case)
    queries.name_owners([case])
    decide, decide_item = decide_forms(case, by, evidence, bound)
    context = {
        "case": case,
        "application": case.application,
        "version": case.version,
        "headline": headline(case),
        "nominated_because": _("Diusulkan: %(ground)s") % {"ground": case.get_ground_display().lower()},
        "journey": journey(case),
        "evidence": evidence,
        "suggestion": suggestion_for(case),
        "beside": beside(case, by),
        "decide": decide,
        "decide_item": decide_item,
        "difference": difference_of(case),
        "acts": offered(CASE_OFFERS, case, by, {name: form for name, form in bound.items() if name in _NAMES}),
        "links": links_of(case, by),
        "coming": rules.who_may(case) if case.is_open else [],
        "waiting_for": waiting_for(case),
        "trail": trail_entries(Event.objects.filter(subject_type="deactivation.case", subject_id=case.pk)),
        **_said(case),
        "savings": savings_of(case, by, bound),
        "conditions": conditions_of(case, by, bound),
        "termination": IssuedDocument.objects.terminating(case),
        "afterwards": afterwards(case.application) if case.retired_at else [],
        "reappeared": monitoring.standing_finding(case.application_id, Finding.Kind.REAPPEARED),
        **_steps(case),
    }
    return render(request, "deactivation/case_detail.html", context, status=status_of(bound.values()))


_NAMES = {offer.name for offer in CASE_OFFERS}


def headline(case: Case) -> str:
    """The question or the answer the case has come to."""
    names = {"name": case.application.name, "status": case.get_status_display().lower()}
    if case.kind == Kind.REACTIVATION and case.status in PATH[:5]:
        return _("%(name)s: aktifkan kembali?") % names
    if case.outcome and case.status not in (S.ANNULLED, S.WITHDRAWN):
        return _("%(name)s: %(outcome)s") % {**names, "outcome": case.get_outcome_display().lower()}
    if case.status in (S.WITHDRAWN, S.ANNULLED):
        return _("%(name)s: kasus %(status)s") % names
    return _("%(name)s: nonaktifkan?") % names


def journey(case: Case) -> list[dict[str, str]]:
    """The seven stations with what is known of each; the one the case stands at is marked."""
    notes = _notes(case)
    names = (
        _("Diusulkan"), _("Surat dijawab"), _("Desk reviu"), _("Direkomendasikan"),
        _("Keputusan"), _("Pelaksanaan"), _("Selesai"),
    )  # fmt: skip
    here = {
        S.NOMINATED: 0, S.AWAITING_ANSWER: 1, S.ANSWERED: 2, S.ON_DESK: 2, S.RECOMMENDED: 4,
        S.DECIDED: 5, S.EXECUTING: 5, S.EXECUTED: 5, S.CLOSED: 7,
    }.get(case.status, _ended_at(case))  # fmt: skip
    waiting = {1: _("Menunggu jawaban"), 4: _("Menunggu keputusan")}
    return [
        {
            "label": waiting.get(place, name) if place == here and case.is_open else name,
            "note": notes[place],
            "state": "done" if place < here else "here" if place == here else "",
        }
        for place, name in enumerate(names)
    ]


def _ended_at(case: Case) -> int:
    return 5 if case.decision_id else 4 if case.recommendation_id else 1


def _notes(case: Case) -> list[str]:
    answered = case.letter_items.exclude(answer="").last()
    sat = case.agenda_items.filter(result=AgendaItem.Result.RECOMMENDED).select_related("session").last()
    advised = case.recommendation
    return [
        _day(case.nominated_at.astimezone(case.government.zone)),
        f"{_day(answered.answered_on)}, {answered.get_answer_display().lower()}" if answered else "",
        _day(sat.session.held_at.astimezone(case.government.zone)) if sat else "",
        advised.get_outcome_display().lower() if advised else "",
        _day(case.decided_on) if case.decided_on else _waited(case),
        _("berlaku %(day)s") % {"day": _day(case.effective_on)} if case.effective_on else "",
        _day(case.ended_at.astimezone(case.government.zone)) if case.ended_at else "",
    ]


def _waited(case: Case) -> str:
    """How long a recommended case has waited for its decision."""
    if case.status != S.RECOMMENDED:
        return ""
    days = (clock.now() - case.recommendation.recommended_at).days
    return ngettext("%(n)s hari", "%(n)s hari", days) % {"n": days}


def _day(value: Any) -> str:
    return date_format(value, "j F") if value else ""


def links_of(case: Case, by: Actor) -> list[dict[str, Any]]:
    """Acts that have a page of their own."""
    links = []
    if case.status == S.NOMINATED and rules.may_send_letter(by, case) and case.respondent:
        links.append((_("Kirim surat konfirmasi"), reverse("deactivation:send_letter") + f"?kasus={case.code}"))
    letter = next((item.letter for item in reversed(case.letter_items.all()) if item.letter), None)
    if case.status == S.AWAITING_ANSWER and letter and rules.may_answer(by, case):
        label = _("Masukkan jawaban dari surat") if by.has_role("reviewer") else _("Jawab surat")
        links.append((label, reverse("deactivation:answer", args=[letter.code])))
    pending = case.agenda_items.filter(result=AgendaItem.Result.PENDING).select_related("session").first()
    if pending:
        room = reverse("deactivation:room", args=[pending.session.code]) + f"?kasus={case.code}"
        links.append((_("Buka di layar desk reviu"), room))
    elif case.status in (S.ANSWERED, S.ON_DESK) and rules.may_manage_session(by, case.government_id):
        links.append((_("Masukkan ke agenda desk reviu"), reverse("deactivation:session_list")))
    if case.status in (S.EXECUTING, S.EXECUTED):
        links.append((_("Buka langkah pelaksanaan"), reverse("deactivation:checklist", args=[case.code])))
    return [{"label": label, "url": url, "primary": place == 0} for place, (label, url) in enumerate(links)]


def waiting_for(case: Case) -> str:
    """What a person without an act here should know."""
    if objection_waits(case):
        return _("Menunggu Pemutus memutus keberatan OPD.")
    words = {
        S.NOMINATED: _("Menunggu Diskominfo memeriksa usulan dan mengirim surat konfirmasi."),
        S.AWAITING_ANSWER: _("Menunggu jawaban OPD."),
        S.ANSWERED: _("Menunggu masuk agenda desk reviu."),
        S.ON_DESK: _("Menunggu dibahas di desk reviu."),
        S.RECOMMENDED: _("Menunggu keputusan Pemutus."),
        S.DECIDED: _("Menunggu masa keberatan berakhir."),
        S.EXECUTING: _("Menunggu langkah pelaksanaan."),
        S.EXECUTED: _("Menunggu langkah sesudah dimatikan, lalu ditutup."),
    }
    return words.get(case.status, _("Kasus ini sudah berakhir. Tidak ada yang perlu dilakukan."))


def _said(case: Case) -> dict[str, Any]:
    return {
        "letter_items": case.letter_items.select_related("letter__document", "evidence", "late_evidence"),
        "opinions": queries.named_as_then(case.opinions.select_related("organization"), "organization", "given_at"),
        "recommendations": case.recommendations.select_related("target"),
        "agenda_items": list(case.agenda_items.select_related("session")),
        "objections": case.objections.select_related("evidence"),
    }


def savings_of(case: Case, by: Actor, bound: dict[str, Any]) -> list[Saving]:
    """Planned savings; with the form BKAD verifies them by, and then the one for what each year realised."""
    rows = list(case.savings.prefetch_related(Prefetch("realised", Realised.objects.select_related("evidence"))))
    for row in rows:
        row.case = case
        asks = not row.is_void and row.verified_at is None and rules.may_verify_saving(by, case)
        row.form = bound.get(f"saving-{row.pk}") or (SavingForm(prefix=f"saving-{row.pk}") if asks else None)
        row.years = _years_of(row)
        row.realise = bound.get(f"realised-{row.pk}") or _realise_form(row, by)
    return rows


def _years_of(row: Saving) -> list[Realised]:
    """What was entered by year, each with what it corrects."""
    entered = list(row.realised.all())
    former = {one.pk: one for one in entered}
    for one in entered:
        one.former = former.get(one.corrects_id)
    corrected = {one.corrects_id for one in entered}
    return [one for one in entered if one.pk not in corrected]


def _realise_form(row: Saving, by: Actor) -> RealisedForm | None:
    earns = row.verified_at and not row.is_void and row.case.retired_at
    if not earns or not rules.may_record_realised(by, row.case):
        return None
    return RealisedForm(prefix=f"realised-{row.pk}", years=years_open(row))


def conditions_of(case: Case, by: Actor, bound: dict[str, Any]) -> list[Condition]:
    """Conditions of an optimise outcome; a reviewer settles the running ones here, also after the case has ended."""
    rows = list(case.conditions.select_related("evidence"))
    for row in rows:
        row.case = case
        asks = row.status == Condition.Status.OPEN and rules.may_settle_condition(by, row)
        prefix = f"condition-{row.pk}"
        row.form = bound.get(prefix) or (ConditionForm(prefix=prefix) if asks else None)
    return rows


def _steps(case: Case) -> dict[str, Any]:
    items = list(case.checklist.select_related("responsible"))
    waiting = sorted((item for item in items if item.status != "verified"), key=lambda item: item.due_on)
    return {
        "checklist_total": len(items),
        "checklist_verified": len(items) - len(waiting),
        "checklist_waiting": waiting[:ITEMS_SHOWN],
        "checklist_hidden": len(items) - len(waiting[:ITEMS_SHOWN]),
    }


def today_of(case: Case) -> Any:
    """Today on the calendar of the case's government."""
    return clock.today(case.government.zone)
