"""Decided cases with every kind of row that can hang on one, each row made by the services."""

from datetime import timedelta

from apps.core import clock
from apps.deactivation import services
from apps.deactivation.models import Case, ChecklistItem, DeskSession, Letter, LetterCase
from apps.inventory.models import Application
from tests import factories
from tests import factories_deactivation as made

MILLION = 1_000_000


def make_rows():
    """Rows by the name the table of guards gives them."""
    cast = made.make_cast()
    return {
        **_annulled(cast),
        **_superseded(cast),
        **_optimised(cast),
        **_half_answered(cast),
        **_waiting(cast),
        **_running(cast),
        **_ended(cast),
    }


def _case(case):
    return Case.objects.get(pk=case.pk)


def _day(cast, days):
    return clock.today(cast.government.zone) + timedelta(days=days)


def _annulled(cast):
    case = made.make_case(at="annulled", cast=cast)
    return {"annulled case": case, "annulment": case.annulment, "void saving": _void(cast)}


def _void(cast):
    case = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=MILLION)
    services.annul(case.pk, by=cast.approver, version=case.version, number="188/98", reason="Keliru")
    return case.savings.get()


def _superseded(cast):
    case = made.make_case(at="awaiting_answer", cast=cast)
    Application.objects.filter(pk=case.application_id).update(owner=factories.make_agency(cast.government))
    services.restart_letter(made.letter_of(case).pk, by=cast.system)
    return {"superseded question": case.letter_items.get(is_superseded=True)}


def _optimised(cast):
    terms = [{"text": text, "due_on": _day(cast, 90)} for text in ("Pasang pencacah", "Latih pegawai")]
    case = made.make_case(at="decided", cast=cast, outcome="optimise", conditions=terms)
    running, met = case.conditions.all()
    services.settle_condition(met.pk, by=cast.reviewer, version=met.version, status="met", text="Terpasang")
    return {"running condition": running, "met condition": met}


def _half_answered(cast):
    """One letter about two cases, extended; only one of them is answered and decided."""
    first, second = (made.make_case(at="nominated", cast=cast) for _ in range(2))
    letter = services.send_letter(
        [first.pk, second.pk], by=cast.reviewer, versions={first.pk: first.version, second.pk: second.version}
    )
    services.open_letter(letter.pk, by=cast.operator)
    letter.refresh_from_db()
    services.extend_deadline(letter.pk, by=cast.reviewer, version=letter.version, days=5, reason="Libur bersama")
    case = _case(first)
    for state in ("answered", "on_desk", "recommended", "decided"):
        case = made._STEPS[state](case, cast, "deactivate", {})
    return {"letter still waiting": Letter.objects.get(pk=letter.pk)}


def _waiting(cast):
    case = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=MILLION)
    case = services.raise_objection(case.pk, by=cast.head, version=case.version, reason="Masih dipakai")
    return {
        "decided case": case,
        "raised objection": case.objections.get(),
        "planned saving": case.savings.get(),
        "session not minuted": made.session_of(case),
        "question answered in time": case.letter_items.get(),
    }


def _running(cast):
    case = made.make_case(at="executing", cast=cast)
    planned, done = (_dataset(case, cast, name) for name in ("Arsip", "Riwayat"))
    done = services.settle_dataset(
        done.pk, by=cast.operator, version=done.version, evidence=made.make_evidence(cast.operator)
    )
    first, second = case.checklist.filter(phase="before", responsible=cast.owner)[:2]
    second = services.complete_item(
        second.pk, by=cast.operator, version=second.version, evidence=made.make_evidence(cast.operator)
    )
    return {
        "executing case": _case(case),
        "planned dataset": planned,
        "settled dataset": done,
        "open step": first,
        "done step": second,
    }


def _dataset(case, cast, name):
    said = {"name": name, "fate": "migrate", "destination": "Arsip daerah"}
    return services.list_dataset(case.pk, by=cast.operator, version=_case(case).version, **said)


def _ended(cast):
    """Deemed agreed, answered late, minuted, objected, switched off, closed and verified by BKAD."""
    case = _answered_late(cast)
    session, remark = _minuted(case, cast)
    case = made.decide(_case(case), cast, number="188/500", planned_saving=MILLION, contract="K-500")
    copy = services.attach_signed_decision(
        case.decision.code, by=cast.reviewer, kind="scan", evidence=made.make_evidence(cast.reviewer, "basah")
    )
    case = services.raise_objection(case.pk, by=cast.head, version=case.version, reason="Masih dipakai")
    case = services.dismiss_objection(case.pk, by=cast.approver, version=case.version, reason="Tidak terbukti")
    case = made._STEPS["executing"](case, cast, None, None)
    dataset = _dataset(case, cast, "Arsip")
    dataset = services.settle_dataset(
        dataset.pk, by=cast.operator, version=dataset.version, evidence=made.make_evidence(cast.operator)
    )
    services.verify_dataset(dataset.pk, by=cast.reviewer, version=dataset.version)
    case = made._STEPS["executed"](_case(case), cast, None, None)
    saving = case.savings.get()
    saving = services.verify_saving(saving.pk, by=cast.treasurer, version=saving.version, amount=MILLION)
    realised = services.record_realised(
        saving.pk,
        by=cast.treasurer,
        version=saving.version,
        year=case.retired_at.year,
        amount=MILLION,
        basis="DPA 2026",
    )
    return {
        **_closed(case, cast),
        "minuted session": session,
        "remark on the minutes": remark,
        "signed copy": copy,
        "answered objection": case.objections.get(),
        "verified dataset": dataset,
        "verified saving": saving,
        "realised year": realised,
    }


def _answered_late(cast):
    case = made.make_case(at="awaiting_answer", cast=cast)
    made.travel_to_day(made.letter_of(case).due_on + timedelta(days=3))
    services.deem_agreed(made.letter_of(case).pk, by=cast.system)
    case = _case(case)
    return services.answer(case.pk, by=cast.head, version=case.version, reply="objected", reason="Masih dipakai")


def _minuted(case, cast):
    case = made._STEPS["on_desk"](_case(case), cast, None, None)
    session = made.session_of(case)
    services.invite(session.pk, by=cast.reviewer, organization_ids=[cast.owner.pk], reference="005/1")
    session.refresh_from_db()
    services.draft_minutes(session.pk, by=cast.reviewer, version=session.version, text="Disepakati")
    remark = services.remark_on_minutes(session.pk, by=cast.head, text="Salah nama")
    made._STEPS["recommended"](case, cast, "deactivate", {})
    session.refresh_from_db()
    services.issue_minutes(session.pk, by=cast.reviewer, version=session.version, text="Disepakati")
    services.amend_minutes(session.pk, by=cast.reviewer, text="Ralat tempat")
    return DeskSession.objects.get(pk=session.pk), remark


def _closed(case, cast):
    case = made._STEPS["closed"](_case(case), cast, None, None)
    session = made.session_of(case)
    return {
        "executed case": made.make_case(at="executed", cast=cast),
        "closed case": case,
        "question answered late": LetterCase.objects.get(case=case),
        "settled letter": made.letter_of(case),
        "verified step": ChecklistItem.objects.filter(case=case, status="verified").first(),
        "agenda": case.agenda_items.get(),
        "opinion": case.opinions.get(),
        "recommendation": case.recommendation,
        "decision": case.decision,
        "decision on the case": case.decision_items.get(),
        "act": case.acts.first(),
        "issued paper": case.decision.issued,
        "minutes": session.minutes.first(),
        "attendance": session.attendances.first(),
        "invitation": session.invitations.first(),
    }
