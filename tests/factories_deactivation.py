"""Cases in any state, made by walking the services, so that no impossible row exists."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.actor import Actor
from apps.accounts.models import Organization, Role
from apps.core import clock, codes
from apps.deactivation import services
from apps.deactivation.models import Case, DeskSession, Letter, Phase
from apps.documents import services as documents
from apps.inventory.models import Application
from tests import factories

WAY = (
    "nominated",
    "awaiting_answer",
    "answered",
    "on_desk",
    "recommended",
    "decided",
    "executing",
    "executed",
    "closed",
)
LEGAL_BASIS = "Peraturan Wali Kota Nomor 12 Tahun 2025"


@dataclass
class Cast:
    """The people of one government who take part in its cases."""

    government: Organization
    owner: Organization
    operator: Actor
    head: Actor
    reviewer: Actor
    second_reviewer: Actor
    planner: Actor
    treasurer: Actor
    approver: Actor
    system: Actor = field(default_factory=Actor.system)


def make_cast(government=None, owner=None):
    """A government with an owner OPD and one person for each part."""
    government = government or factories.make_government()
    owner = owner or factories.make_agency(government)
    this_year = clock.today(government.zone).year
    for year in range(this_year, this_year + 3):
        factories.confirm_year(year)
    services.load_checklist_templates()
    return Cast(
        government=government,
        owner=owner,
        operator=factories.make_actor(Role.OPERATOR, government, owner),
        head=factories.make_actor(Role.AGENCY_HEAD, government, owner),
        reviewer=factories.make_actor(Role.REVIEWER, government),
        second_reviewer=factories.make_actor(Role.REVIEWER, government),
        planner=factories.make_actor(Role.COMPANION, government),
        treasurer=factories.make_actor(Role.COMPANION, government, factories.office(government, "finance_office")),
        approver=factories.make_actor(Role.APPROVER, government),
    )


def make_registered(owner, name=None, **facts):
    """A registered application of an office."""
    code = codes.next_code("APL", 2026)
    return Application.objects.create(
        government=owner.government,
        owner=owner,
        name=name or f"Layanan {code}",
        code=code,
        status="registered",
        registered_at=clock.now(),
        **facts,
    )


def make_evidence(by, text="bukti"):
    """A stored PDF to show."""
    return documents.store_generated(f"%PDF-1.4 {text}".encode(), by=by, kind="evidence", name="bukti.pdf")


def make_case(at="recommended", *, cast=None, application=None, outcome="deactivate", **terms: Any):
    """A case walked to `at`; `terms` (target_id, conditions, retain_from) go to the recommendation.

    Reaching `executing` and later moves the clock past the objection window.
    """
    cast = cast or make_cast()
    application = application or make_registered(cast.owner)
    case = services.nominate(application.pk, by=cast.reviewer, ground="need_ended", reason="Tidak diperlukan lagi")
    if at == "withdrawn":
        return services.withdraw(case.pk, by=cast.reviewer, version=case.version, reason="Masih dipakai")
    last = WAY.index("decided" if at == "annulled" else at)
    for state in WAY[1 : last + 1]:
        case = _STEPS[state](case, cast, outcome, terms)
    if at == "annulled":
        case = services.annul(case.pk, by=cast.approver, version=case.version, number="188/99", reason="Keliru")
    case.refresh_from_db()
    return case


def walk(cast):
    """One case in every state of its way, one after the other."""
    case = make_case(at=WAY[0], cast=cast)
    yield case
    for state in WAY[1:]:
        _STEPS[state](case, cast, "deactivate", {})
        case = Case.objects.get(pk=case.pk)
        yield case


def walk_on(case, cast, to):
    """The case walked further, to the state `to`."""
    for state in WAY[WAY.index(case.status) + 1 : WAY.index(to) + 1]:
        case = _STEPS[state](case, cast, "deactivate", {})
    return Case.objects.get(pk=case.pk)


def make_session(cast, *, present=True):
    """A sitting session with owner, ICT office and Bappeda at the table."""
    session = services.schedule_session(by=cast.reviewer, title="Desk reviu", held_at=clock.now(), place="Aula")
    session = services.start_session(session.pk, by=cast.reviewer, version=session.version)
    for person in (cast.head, cast.second_reviewer, cast.planner) if present else ():
        services.record_attendance(
            session.pk, by=cast.reviewer, organization_id=person.seat_id, person_id=person.person_id
        )
    return session


def choice(case, **said):
    """What the approver says about a case as it is now."""
    return services.Choice(case=case.pk, version=Case.objects.get(pk=case.pk).version, **said)


def decide(case, cast, number=None, **said):
    """The case's own decision."""
    number = number or f"188/{case.pk}"
    services.decide([choice(case, **said)], by=cast.approver, decree_number=number, legal_basis=LEGAL_BASIS)
    return Case.objects.get(pk=case.pk)


def travel_to_day(day, zone="Asia/Jakarta", hour=9):
    """Move the clock to a morning."""
    clock.travel_to(datetime.combine(day, time(hour), ZoneInfo(zone)))


def finish_phase(case, cast, phase):
    """Do and verify every step of a phase by the office responsible for it."""
    doers = {cast.owner.pk: cast.operator, cast.treasurer.seat_id: cast.treasurer, cast.reviewer.seat_id: cast.reviewer}
    for item in case.checklist.filter(phase=phase).exclude(status="verified"):
        doer = doers[item.responsible_id]
        item = services.complete_item(item.pk, by=doer, version=item.version, evidence=make_evidence(doer))
        services.verify_item(item.pk, by=cast.second_reviewer, version=item.version)
    return Case.objects.get(pk=case.pk)


def _send(case, cast, _outcome, _terms):
    letter = services.send_letter([case.pk], by=cast.reviewer, versions={case.pk: case.version})
    services.open_letter(letter.pk, by=cast.operator)
    return Case.objects.get(pk=case.pk)


def _answer(case, cast, _outcome, _terms):
    return services.answer(case.pk, by=cast.head, version=case.version, reply="agreed")


def _to_desk(case, cast, _outcome, _terms):
    services.add_to_agenda(make_session(cast).pk, by=cast.reviewer, case_ids=[case.pk])
    return Case.objects.get(pk=case.pk)


def _recommend(case, cast, outcome, terms):
    session = session_of(case)
    services.give_opinion(case.pk, by=cast.planner, session_id=session.pk, stance="agree")
    return services.recommend(
        case.pk,
        by=cast.reviewer,
        version=case.version,
        session_id=session.pk,
        outcome=outcome,
        reason="Sesuai hasil desk",
        **terms,
    )


def _decide(case, cast, _outcome, _terms):
    return decide(case, cast)


def _execute(case, cast, _outcome, _terms):
    travel_to_day(case.objection_ends_on + timedelta(days=1), cast.government.time_zone)
    return services.begin_retiring(case.pk, by=cast.system)


def _switch_off(case, cast, _outcome, _terms):
    case = finish_phase(case, cast, Phase.BEFORE)
    travel_to_day(case.effective_on, cast.government.time_zone)
    services.retire(case.pk, by=cast.system)
    return finish_phase(case, cast, Phase.SWITCH_OFF)


def _close(case, cast, _outcome, _terms):
    case = finish_phase(case, cast, Phase.AFTER)
    return services.close(case.pk, by=cast.reviewer, version=case.version)


_STEPS = {
    "awaiting_answer": _send,
    "answered": _answer,
    "on_desk": _to_desk,
    "recommended": _recommend,
    "decided": _decide,
    "executing": _execute,
    "executed": _switch_off,
    "closed": _close,
}


def session_of(case):
    """The session on whose agenda the case stands last."""
    return DeskSession.objects.filter(items__case=case).latest("pk")


def letter_of(case):
    """The last letter about the case."""
    return Letter.objects.filter(items__case=case).latest("pk")
