"""Home and the report: the public goes to the catalogue, a person sees the own work, in as many reads for any size."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.actor import Actor
from apps.core import clock
from apps.core.quarter import Quarter
from apps.dashboard import queries
from apps.inventory import services as inventory
from tests import factories, factories_deactivation
from tests.deactivation.web import page, signed_in
from tests.monitoring.world import World

ROLES = ("operator", "agency_head", "reviewer", "companion", "approver", "executive", "auditor", "administrator")


@pytest.fixture
def world(db):
    world = World(factories.make_government())
    yield world
    clock.reset()


def work(by, government):
    return queries.waiting(by, clock.today(government.zone), government.zone)


@pytest.mark.django_db
def test_the_public_is_sent_to_the_catalogue():
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/katalog/")


@pytest.mark.parametrize("role", ROLES)
def test_nothing_waits_in_an_empty_register(role, world):
    known = {"operator": world.operator, "agency_head": world.head}
    client = signed_in(known.get(role) or factories.make_actor(role, world.government))
    assert "Tidak ada pekerjaan yang menunggu" in page(client, "/")


def test_operator_reports_with_progress_and_days_left(world):
    first, second = world.application("Antrean"), world.application("Gizi")
    period = world.open(Quarter(2025, 1))
    (task,) = work(world.operator, world.government)
    assert (task.title, task.done, task.total) == ("Isi laporan Triwulan I 2025: 2 dari 2 aplikasi belum", 0, 2)
    assert (str(task.until), task.href) == ("2025-04-10", "/triwulan/2025-Q1/lapor/")
    world.report(period, first, used=True, active_users=3)
    (task,) = work(world.operator, world.government)
    assert (task.done, task.total, task.button) == (1, 2, "Lanjut mengisi")
    assert queries.counts(world.operator) == {"periods": 1}
    world.report(period, second, used=True, active_users=3)
    assert work(world.operator, world.government) == []
    (review,) = work(world.reviewer, world.government)
    assert (review.title, review.href) == (
        "Terima atau kembalikan 2 laporan Triwulan I 2025",
        "/triwulan/2025-Q1/periksa/",
    )
    (endorse,) = work(world.head, world.government)
    assert endorse.title == "Sahkan laporan Triwulan I 2025"


def test_the_numbers_of_the_same_actor_follow_what_happens(world):
    """Only the wording of their statement is kept."""
    assert "applications" not in queries.counts(world.operator)
    drafts = [
        inventory.start_draft(by=world.operator, owner=world.agency, name=f"Rancangan {number}") for number in "12"
    ]
    assert queries.counts(world.operator)["applications"] == 2
    inventory.delete_draft(drafts[0].reference, by=world.operator, version=drafts[0].version)
    assert queries.counts(world.operator)["applications"] == 1


def test_reports_of_closed_quarters_wait_in_one_row(world):
    application = world.application("Antrean")
    for number in (1, 2):
        world.run(application, Quarter(2025, number), report={"used": True, "active_users": 3})
    review = [task for task in work(world.reviewer, world.government) if "laporan" in task.title]
    assert [(task.title, task.href, task.button) for task in review] == [
        (
            "Terima 2 laporan dari 2 triwulan yang sudah ditutup",
            "/triwulan/2025-Q2/periksa/",
            "Mulai dari Triwulan II 2025",
        )
    ]


def test_drafts_and_submissions_wait_where_they_should(world):
    draft = inventory.start_draft(by=world.operator, owner=world.agency, name="Posyandu")
    (task,) = work(world.operator, world.government)
    assert (task.title, task.days) == ("Selesaikan konsep: Posyandu", None)
    assert work(world.reviewer, world.government) == []
    page(signed_in(world.operator), task.href)
    values = {"functions": "Mencatat", "platforms": ["web"], "service_kind": "public_service"}
    saved = inventory.save_draft(draft.reference, by=world.operator, typed={}, values=values)
    sent = inventory.submit(saved.reference, by=world.operator, version=saved.version)
    (task,) = work(world.reviewer, world.government)
    assert task.title == "Periksa pendaftaran Posyandu"
    page(signed_in(world.reviewer), task.href)
    inventory.return_submission(sent.reference, by=world.reviewer, version=sent.version, reason="Alamat uji coba")
    (task,) = work(world.operator, world.government)
    assert task.text == "Dikembalikan Diskominfo: “Alamat uji coba”"
    page(signed_in(world.operator), task.href)


@pytest.mark.django_db
def test_cases_wait_for_the_next_person():
    cast = factories_deactivation.make_cast()
    case = factories_deactivation.make_case("nominated", cast=cast)
    (triage,) = work(cast.second_reviewer, cast.government)
    assert (triage.title, triage.href) == (f"Telaah usulan: {case.application.name}", f"/kasus/{case.code}/")
    assert work(cast.head, cast.government) == []
    factories_deactivation.make_case("awaiting_answer", cast=cast)
    (letter,) = work(cast.head, cast.government)
    assert (letter.button, letter.days > 0) == ("Jawab surat", True)
    page(signed_in(cast.head), letter.href)
    (seen,) = work(cast.operator, cast.government)
    assert seen.button == "Buka surat"


@pytest.mark.django_db
def test_the_approver_decides_only_what_others_recommended():
    cast = factories_deactivation.make_cast()
    case = factories_deactivation.make_case("recommended", cast=cast)
    assert [row.answer for row in queries.decisions(cast.approver)] == ["agreed"]
    assert queries.decisions(cast.reviewer) == []
    client = signed_in(cast.approver)
    assert f"Baca dan putuskan {case.application.name}" in page(client, "/")
    colleague = Actor(
        cast.reviewer.person_id, "Sama", "approver", seat_id=cast.approver.seat_id, government_id=cast.government.pk
    )
    assert queries.decisions(colleague) == []


@pytest.mark.django_db
def test_steps_wait_for_their_office_and_then_for_another_person():
    cast = factories_deactivation.make_cast()
    case = factories_deactivation.make_case("executing", cast=cast)
    tasks = work(cast.operator, cast.government)
    owned = case.checklist.filter(phase="before", responsible=cast.owner).count()
    assert sum(task.number for task in tasks) == owned > 0
    factories_deactivation.finish_phase(case, cast, "before")
    assert work(cast.operator, cast.government) == []
    clock.reset()


def test_figures_compare_two_closed_quarters(world):
    application = world.application()
    first = world.open(Quarter(2025, 1))
    world.report(first, application, used=True, active_users=9)
    world.close(first)
    world.run(application, Quarter(2025, 2))
    figures = queries.figures(world.operator)
    changes = {line.verdict: (line.before, line.now, line.tone) for line in figures.lines}
    assert (str(figures.period), str(figures.previous)) == ("Triwulan II 2025", "Triwulan I 2025")
    assert sum(now for _before, now, _tone in changes.values()) == figures.assessed == 1
    assert changes["unreported"][1:] == (1, "worse")
    for person in (world.operator, world.reviewer):
        text = page(signed_in(person), "/laporan/")
        assert "Dinas Kesehatan" in text
    elsewhere = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    assert queries.portfolio(elsewhere).offices == []


def test_administrators_have_no_report(world):
    client = signed_in(factories.make_actor("administrator", world.government))
    assert client.get("/laporan/").status_code == 403


READERS, PATHS = (
    {"operator": "operator", "reviewer": "reviewer", "approver": "approver", "companion": "planner"},
    ("/", "/laporan/"),
)


def _of_few_and_of_many():
    """How often each page asks while few rows wait and when many do, by role and path."""
    cast = factories_deactivation.make_cast()
    clock.travel_to(clock.now() + timedelta(hours=1))
    clients = {role: signed_in(getattr(cast, part)) for role, part in READERS.items()}
    asked = []
    for cases in (1, 4):
        _wait_for_somebody(cast, cases)
        asked.append({(role, path): _statements(clients[role], path) for role in READERS for path in PATHS})
    return asked


def _wait_for_somebody(cast, cases):
    for _ in range(cases):
        for state in ("nominated", "awaiting_answer", "recommended"):
            factories_deactivation.make_case(state, cast=cast)
        inventory.start_draft(by=cast.operator, owner=cast.owner, name="Konsep")


def _statements(client, path):
    with CaptureQueriesContext(connection) as seen:
        page(client, path)
    return sum(one["sql"].startswith("SELECT") for one in seen.captured_queries)  # a session is written once a minute


@pytest.fixture(scope="module")
def reads(once):
    return once(_of_few_and_of_many).made


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("path", PATHS)
def test_as_many_reads_for_many_rows(role, path, reads):
    few, many = reads
    assert many[role, path] == few[role, path]


def test_counts_and_unread_cost_two_statements(world, django_assert_num_queries):
    world.application()
    with django_assert_num_queries(1):
        queries.counts(world.reviewer)
