"""One group of cases on its way: letter, answer, desk, decision, execution, each act by who may do it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from apps.accounts.actor import Actor
from apps.accounts.models import Membership, Organization
from apps.core import clock
from apps.dashboard.demo.people import People
from apps.deactivation import services
from apps.deactivation.models import Case, ChecklistItem, DeskSession, Phase, Saving
from apps.documents import services as documents

SYSTEM = Actor.system()
LEGAL_BASIS = "Peraturan Wali Kota Tirtaraya Nomor 12 Tahun 2024 tentang Tata Kelola Aplikasi"
AFTERWARDS = timedelta(days=95)
PAPER = b"%PDF-1.4\n% Bukti contoh Kota Tirtaraya\n"


@dataclass(frozen=True)
class Plan:
    """When each act of a group happens; a missing instant ends the walk there."""

    letter: datetime | None = None
    answer: datetime | None = None
    desk: datetime | None = None
    decide: datetime | None = None
    outcome: str = "deactivate"
    reply: str = "agreed"
    held_later: bool = False
    effective_after: int = 0
    closes: bool = False
    objects: bool = False
    annuls: bool = False
    withdraws: bool = False


def walk(cases: list[int], plan: Plan, people: People, number: str) -> Iterator[datetime]:
    """Yield the instant of the next act, and do it when resumed with the clock there."""
    if plan.letter:
        yield plan.letter
        _send(cases, people)
        if plan.withdraws:
            yield plan.letter + timedelta(days=4)
            _withdraw(cases, people)
    if plan.answer:
        yield plan.answer
        _answer(cases, plan.reply, people)
    if plan.desk:
        yield plan.desk
        session = _sit(cases, plan, people)
    if plan.desk and not plan.held_later:
        _recommend(cases, session, plan.outcome, people)
    if plan.decide:
        yield plan.decide
        _decide(cases, plan, people, number)
        yield from _after_decision(cases, plan, people, number)


def _after_decision(cases: list[int], plan: Plan, people: People, number: str) -> Iterator[datetime]:
    if plan.objects:
        yield plan.decide + timedelta(days=2)
        _object(cases, people)
    if plan.annuls:
        yield plan.decide + timedelta(days=5)
        _annul(cases, people, number)
    standing = list(Case.objects.filter(pk__in=cases, status="decided").exclude(objections__status="raised"))
    if not standing:
        return
    yield _morning(standing[0], max(case.objection_ends_on for case in standing) + timedelta(days=1))
    for case in standing:
        services.begin_retiring(case.pk, by=SYSTEM)
    yield clock.now() + timedelta(hours=3)
    _finish(cases, Phase.BEFORE, people, leave=2 if plan.effective_after else 0)
    yield _morning(standing[0], max(case.effective_on for case in standing)) + timedelta(hours=4)
    for case in standing:
        services.retire(case.pk, by=SYSTEM)
    yield clock.now() + timedelta(hours=2)
    _finish(cases, Phase.SWITCH_OFF, people)
    if plan.closes:
        yield clock.now() + AFTERWARDS
        _close(cases, people)


def _send(cases: list[int], people: People) -> None:
    for case in Case.objects.filter(pk__in=cases):
        letter = services.send_letter([case.pk], by=people.named["analis"], versions={case.pk: case.version})
        services.open_letter(letter.pk, by=people.operators[case.application.owner_id])


def _withdraw(cases: list[int], people: People) -> None:
    reason = "Aplikasi masih dipakai dari jaringan dalam; pencacah belum terpasang."
    for case in Case.objects.filter(pk__in=cases):
        services.withdraw(case.pk, by=people.named["analis"], version=case.version, reason=reason)


def _answer(cases: list[int], reply: str, people: People) -> None:
    for case in Case.objects.filter(pk__in=cases):
        if reply == "silent":
            services.deem_agreed(case.letter_items.get().letter_id, by=SYSTEM)
            continue
        reason = "Layanan masih direncanakan dipakai tahun depan." if reply == "objected" else ""
        head = people.heads[case.application.owner_id]
        services.answer(case.pk, by=head, version=case.version, reply=reply, reason=reason)


def _sit(cases: list[int], plan: Plan, people: People) -> DeskSession:
    analyst = people.named["analis"]
    case = Case.objects.get(pk=cases[0])
    held_at = _morning(case, clock.today(case.government.zone) + timedelta(days=10 if plan.held_later else 0))
    session = services.schedule_session(
        by=analyst, title="Desk reviu portofolio aplikasi", held_at=held_at, place="Ruang Rapat Tirta, Diskominfo"
    )
    services.add_to_agenda(session.pk, by=analyst, case_ids=cases)
    if plan.held_later:
        return session
    session = DeskSession.objects.get(pk=session.pk)
    session = services.start_session(session.pk, by=analyst, version=session.version)
    owners = set(Case.objects.filter(pk__in=cases).values_list("application__owner_id", flat=True))
    named = [people.named[name] for name in ("analis-kedua", "pendamping-bappeda", "pendamping-bkad")]
    for person in [people.heads[owner] for owner in sorted(owners)] + named:
        services.record_attendance(session.pk, by=analyst, organization_id=person.seat_id, person_id=person.person_id)
    return session


def _recommend(cases: list[int], session: DeskSession, outcome: str, people: People) -> None:
    reason = "Sesuai bukti dua triwulan dan hasil pembahasan desk."
    terms = {}
    if outcome == "optimise":
        due = clock.today(session.government.zone) + timedelta(days=120)
        terms = {"conditions": [{"text": "Perbaiki alur masuk dan sosialisasikan ke unit pengguna", "due_on": due}]}
    for case in Case.objects.filter(pk__in=cases):
        owner = case.application.owner
        planner = "pendamping-bkad" if owner.function == "planning_office" else "pendamping-bappeda"
        services.give_opinion(case.pk, by=people.named[planner], session_id=session.pk, stance="agree")
        services.recommend(
            case.pk, by=people.named["analis"], version=case.version, session_id=session.pk, outcome=outcome,
            reason=reason, departure="Desk menilai bukti dua triwulan lebih berat daripada rumus.", **terms,
        )  # fmt: skip
    session = DeskSession.objects.get(pk=session.pk)
    services.issue_minutes(session.pk, by=people.named["analis"], version=session.version)


def _decide(cases: list[int], plan: Plan, people: People, number: str) -> None:
    rows = list(Case.objects.filter(pk__in=cases).select_related("application__owner"))
    for place, (judge, group) in enumerate(_by_judge(rows, people)):
        choices = [_choice(case, plan) for case in group]
        decree = f"188.45/{number}{'-A' if place else ''}/{clock.now().year}"
        services.decide(choices, by=judge, decree_number=decree, legal_basis=LEGAL_BASIS)


def _choice(case: Case, plan: Plan) -> services.Choice:
    choice = services.Choice(case=case.pk, version=case.version, acknowledged=True)
    if plan.outcome != "deactivate":
        return choice
    today = clock.today(case.government.zone)
    later = today + timedelta(days=plan.effective_after) if plan.effective_after else None
    return replace(choice, planned_saving=case.application.yearly_cost, effective_on=later)


def _by_judge(rows: list[Case], people: People) -> list[tuple[Actor, list[Case]]]:
    """An office is not its own judge: cases of the ICT office are decided at the secretariat."""
    ict = [case for case in rows if case.application.owner.function == "ict_office"]
    others = [case for case in rows if case not in ict]
    pairs = [(people.named["kepala-diskominfo"], others), (secretary(people), ict)]
    return [(judge, group) for judge, group in pairs if group]


def secretary(people: People) -> Actor:
    """The regional secretary in the role of who decides."""
    held = Membership.objects.select_related("user", "seat", "scope")
    return Actor.of(held.get(user=people.named["sekda"].person_id, role="approver"))


def _object(cases: list[int], people: People) -> None:
    for case in Case.objects.filter(pk__in=cases):
        head = people.heads[case.application.owner_id]
        reason = "Masih ada dua unit yang membaca arsip lewat aplikasi ini."
        services.raise_objection(case.pk, by=head, version=case.version, reason=reason, evidence=evidence(head))


def _annul(cases: list[int], people: People, number: str) -> None:
    for place, (judge, group) in enumerate(_by_judge(list(Case.objects.filter(pk__in=cases)), people)):
        for case in group:
            services.annul(case.pk, by=judge, version=case.version, number=f"188.46/{number}-{place}",
                           reason="Kebutuhan layanan kembali ditetapkan oleh Wali Kota.")  # fmt: skip


def _finish(cases: list[int], phase: str, people: People, *, leave: int = 0) -> None:
    """Do and verify the steps of a phase; `leave` keeps that many open and one more unverified."""
    for case in Case.objects.filter(pk__in=cases).select_related("application"):
        if phase == Phase.BEFORE and not leave:
            _settle_data(case, people)
        items = list(ChecklistItem.objects.filter(case=case, phase=phase).order_by("position"))
        for item in items[: len(items) - leave]:
            doer = _doer(item, case, people)
            done = services.complete_item(item.pk, by=doer, version=item.version, evidence=evidence(doer))
            if not leave or item is not items[0]:
                services.verify_item(item.pk, by=people.named["analis-kedua"], version=done.version)


def _settle_data(case: Case, people: People) -> None:
    """What the application leaves behind goes to the regional archive, as the owner's people and a reviewer say."""
    owner = people.operators[case.application.owner_id]
    dataset = services.list_dataset(
        case.pk, by=owner, version=case.version, name="Arsip transaksi", fate="archive",
        destination="Lembaga Kearsipan Daerah", retained_until=clock.today(case.government.zone) + timedelta(days=3650),
    )  # fmt: skip
    done = services.settle_dataset(dataset.pk, by=owner, version=dataset.version, evidence=evidence(owner))
    services.verify_dataset(done.pk, by=people.named["analis-kedua"], version=done.version)


def _doer(item: ChecklistItem, case: Case, people: People) -> Actor:
    if item.responsible_id == case.application.owner_id:
        return people.operators[item.responsible_id]
    office: Organization = item.responsible
    by_function = {"ict_office": "analis", "finance_office": "pendamping-bkad", "planning_office": "pendamping-bappeda"}
    name = by_function.get(office.function)
    return people.named[name] if name else people.operators[office.pk]


def _close(cases: list[int], people: People) -> None:
    _finish(cases, Phase.AFTER, people)
    for case in Case.objects.filter(pk__in=cases):
        services.close(case.pk, by=people.named["analis"], version=case.version)
    for saving in Saving.objects.filter(case__in=cases).exclude(case__application__owner__function="finance_office"):
        services.verify_saving(
            saving.pk,
            by=people.named["pendamping-bkad"],
            version=saving.version,
            amount=saving.planned_yearly * 9 // 10,
        )


def evidence(by: Actor):
    """A stored paper to show."""
    return documents.store_generated(PAPER, by=by, kind="evidence", name="bukti.pdf")


def _morning(case: Case, day) -> datetime:
    return datetime.combine(day, time(8), case.government.zone)
