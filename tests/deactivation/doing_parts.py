"""The oracle's situations as rows, and each act upon them as a call of the service with good fields."""

from datetime import timedelta

from apps.accounts.actor import Actor
from apps.core import clock
from apps.deactivation import services
from apps.deactivation.models import Case
from tests import factories_deactivation as made
from tests.deactivation.doing import REASON, answered, people

MILLION = 1_000_000


def _evidence(by):
    return made.make_evidence(by, f"bukti {by.person_id}")


ACTS = {
    "complete_item": lambda row, by: services.complete_item(row.pk, by=by, version=row.version, evidence=_evidence(by)),
    "verify_item": lambda row, by: services.verify_item(row.pk, by=by, version=row.version),
    "return_item": lambda row, by: services.return_item(row.pk, by=by, version=row.version, reason=REASON),
    "drop_dataset": lambda row, by: services.drop_dataset(row.pk, by=by, version=row.version, reason=REASON),
    "settle_dataset": lambda row, by: services.settle_dataset(
        row.pk, by=by, version=row.version, evidence=_evidence(by)
    ),
    "verify_dataset": lambda row, by: services.verify_dataset(row.pk, by=by, version=row.version),
    "return_dataset": lambda row, by: services.return_dataset(row.pk, by=by, version=row.version, reason=REASON),
    "meet_condition": lambda row, by: services.settle_condition(
        row.pk, by=by, version=row.version, status="met", text=REASON
    ),
    "drop_condition": lambda row, by: services.settle_condition(
        row.pk, by=by, version=row.version, status="dropped", text=REASON
    ),
    "verify_saving": lambda row, by: services.verify_saving(row.pk, by=by, version=row.version, amount=MILLION),
    "record_realised": lambda row, by: services.record_realised(
        row.pk, by=by, version=row.version, year=clock.now().year, amount=MILLION, basis="DPA"
    ),
    "start_session": lambda row, by: services.start_session(row.pk, by=by, version=row.version),
    "cancel_session": lambda row, by: services.cancel_session(row.pk, by=by, version=row.version, reason=REASON),
    "add_to_agenda": lambda row, by: services.add_to_agenda(
        row.pk,
        by=by,
        version=row.version,
        case_ids=list(Case.objects.filter(status="answered").values_list("pk", flat=True)),
    ),
    "invite": lambda row, by: services.invite(row.pk, by=by, organization_ids=[_office(row).pk]),
    "record_attendance": lambda row, by: services.record_attendance(
        row.pk, by=by, organization_id=_office(row).pk, name="Tamu dari luar"
    ),
    "draft_minutes": lambda row, by: services.draft_minutes(row.pk, by=by, version=row.version, text="Disepakati"),
    "remark_on_minutes": lambda row, by: services.remark_on_minutes(row.pk, by=by, text=REASON),
    "issue_minutes": lambda row, by: services.issue_minutes(row.pk, by=by, version=row.version, text="Disepakati"),
    "amend_minutes": lambda row, by: services.amend_minutes(row.pk, by=by, text=REASON),
    "attach_signed_minutes": lambda row, by: services.attach_signed_minutes(
        row.pk, by=by, number=_number(row), kind="scan", evidence=_evidence(by)
    ),
    "attach_signed_decision": lambda row, by: services.attach_signed_decision(
        row.code, by=by, kind="scan", evidence=_evidence(by)
    ),
    "record_delivery": lambda row, by: services.record_delivery(
        row.pk, by=by, version=row.version, delivered_on=row.sent_on, evidence=_evidence(by)
    ),
    "extend_deadline": lambda row, by: services.extend_deadline(
        row.pk, by=by, version=row.version, days=5, reason=REASON
    ),
}


def _office(session):
    return made.factories.office(session.government, "secretariat")


def _number(session):
    minutes = session.minutes.first()
    return minutes.issued.number if minutes else ""


def attempt(act, row, by):
    """Do an act and say how it was answered: ok, 404, 403 or 409."""
    return answered(lambda: ACTS[act](row, by))


def status_of(row):
    """Where a row stands; a saving has no column for it, a decision never moves."""
    row.refresh_from_db()
    if hasattr(row, "is_void"):
        return "void" if row.is_void else "verified" if row.verified_at else "planned"
    return getattr(row, "status", "")


def make_situations():
    """Every row of the oracle's table by its situation, and the people who try; letters last, their days run."""
    cast = made.make_cast()
    doer = Actor(**{**vars(cast.reviewer), "person_id": cast.operator.person_id})
    parts = (_executed, _executing, _annulled, _conditions, _savings, _sessions, _letters)
    rows = {name: row for part in parts for name, row in part(cast).items()}
    made.make_case(at="answered", cast=cast)
    return rows, {**people(cast), "doer": doer}


def _fresh(row):
    return type(row).objects.get(pk=row.pk)


def _done(cast, item):
    return services.complete_item(item.pk, by=cast.operator, version=item.version, evidence=_evidence(cast.operator))


def _dataset(cast, case, name):
    said = {"name": name, "fate": "migrate", "destination": "Arsip daerah"}
    return services.list_dataset(case.pk, by=cast.operator, version=_fresh(case).version, **said)


def _settled(cast, row):
    return services.settle_dataset(row.pk, by=cast.operator, version=row.version, evidence=_evidence(cast.operator))


def _steps(cast, case, phase):
    return case.checklist.filter(phase=phase, responsible=cast.owner).exclude(key="data-disposition")


def _executing(cast):
    case = made.make_case(at="executing", cast=cast)
    step, done, verified = _steps(cast, case, "before")[:3]
    done, verified = _done(cast, done), _done(cast, verified)
    settled, checked, dropped = (_dataset(cast, case, name) for name in ("Riwayat", "Log", "Salah"))
    checked = _settled(cast, checked)
    return {
        "open step": step,
        "done step": done,
        "verified step": services.verify_item(verified.pk, by=cast.reviewer, version=verified.version),
        "step of the switching off before its day": _steps(cast, case, "switch_off").first(),
        "step of afterwards before its day": _steps(cast, case, "after").first(),
        "planned dataset": _dataset(cast, case, "Arsip"),
        "settled dataset": _settled(cast, settled),
        "verified dataset": services.verify_dataset(checked.pk, by=cast.reviewer, version=checked.version),
        "dropped dataset": services.drop_dataset(
            dropped.pk, by=cast.operator, version=dropped.version, reason="Salah catat"
        ),
    }


def _annulled(cast):
    case = made.make_case(at="executing", cast=cast)
    step, done = _steps(cast, case, "before")[:2]
    done, dataset = _done(cast, done), _settled(cast, _dataset(cast, case, "Riwayat"))
    case = _fresh(case)
    services.annul(case.pk, by=cast.approver, version=case.version, number="189/1", reason="Keliru")
    return {
        "open step of an annulled case": step,
        "done step of an annulled case": done,
        "settled dataset of an annulled case": dataset,
    }


def _executed(cast):
    """Executed with a dataset that was named after the step over all data had been checked."""
    case = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=MILLION)
    case = made._STEPS["executing"](case, cast, None, None)
    case = made.finish_phase(case, cast, "before")
    dataset = _dataset(cast, case, "Ketinggalan")
    case = made._STEPS["executed"](_fresh(case), cast, None, None)
    return {
        "step of afterwards": _steps(cast, case, "after").first(),
        "open step of the finance office": case.checklist.get(key="asset-status"),
        "open step of the ICT office": case.checklist.get(key="probe-90-days"),
        "planned dataset after the switching off": dataset,
        "verified saving": _verified(cast, case),
        "decision": case.decision,
    }


def _verified(cast, case):
    saving = case.savings.get()
    return services.verify_saving(saving.pk, by=cast.treasurer, version=saving.version, amount=MILLION)


def _savings(cast):
    planned, verified, void = (
        made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=MILLION) for _ in range(3)
    )
    services.annul(void.pk, by=cast.approver, version=void.version, number="189/2", reason="Keliru")
    return {
        "planned saving": planned.savings.get(),
        "verified saving before the switching off": _verified(cast, verified),
        "void saving": void.savings.get(),
    }


def _conditions(cast):
    due_on = clock.today(cast.government.zone) + timedelta(days=900)
    terms = [{"text": text, "due_on": due_on} for text in ("Pasang pencacah", "Latih pegawai", "Pindah peladen")]
    case = made.make_case(at="decided", cast=cast, outcome="optimise", conditions=terms)
    running, met, dropped = case.conditions.all()
    for row, status in ((met, "met"), (dropped, "dropped")):
        services.settle_condition(row.pk, by=cast.reviewer, version=row.version, status=status, text="Terpasang")
    return {"running condition": running, "met condition": _fresh(met), "dropped condition": _fresh(dropped)}


def _scheduled(cast):
    session = services.schedule_session(by=cast.reviewer, title="Desk reviu", held_at=clock.now())
    case = made.make_case(at="answered", cast=cast)
    return services.add_to_agenda(session.pk, by=cast.reviewer, case_ids=[case.pk])


def _drafted(cast):
    session = made.session_of(made.make_case(at="recommended", cast=cast))
    return services.draft_minutes(session.pk, by=cast.reviewer, version=session.version, text="Disepakati")


def _sessions(cast):
    minuted, cancelled = _drafted(cast), _scheduled(cast)
    services.issue_minutes(minuted.pk, by=cast.reviewer, version=minuted.version, text="Disepakati")
    services.cancel_session(cancelled.pk, by=cast.reviewer, version=cancelled.version, reason="Belum siap")
    return {
        "scheduled session": _scheduled(cast),
        "running session": made.session_of(made.make_case(at="on_desk", cast=cast)),
        "drafted session, all decided upon": _drafted(cast),
        "minuted session": _fresh(minuted),
        "cancelled session": _fresh(cancelled),
    }


def _letters(cast):
    sent = made.make_case(at="nominated", cast=cast)
    sent = services.send_letter([sent.pk], by=cast.reviewer, versions={sent.pk: sent.version})
    delivered, extended = (made.letter_of(made.make_case(at="awaiting_answer", cast=cast)) for _ in range(2))
    extended = services.extend_deadline(
        extended.pk, by=cast.reviewer, version=extended.version, days=5, reason="Libur bersama"
    )
    return {
        "sent letter": sent,
        "delivered letter": delivered,
        "extended letter": extended,
        "settled letter": made.letter_of(made.make_case(at="answered", cast=cast)),
    }
