"""The agency says 500 users, the counters none, the address has been dead for sixty days: from the question to the verdict page."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.core.quarter import Quarter
from tests import factories
from tests.e2e.conftest import made
from tests.e2e.people import Person
from tests.e2e.test_pages import OVERFLOW
from tests.monitoring.world import World, give_evidence
from tests.processes import await_that

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
QUARTER = "2025-Q1"
FROZEN = "SELECT verdict, evidence #>> '{explanations,0,answer}', checksum FROM monitoring_assessment"
ANSWER = "Dipakai di loket tanpa jaringan; pencacah belum dipasang di sana."


@pytest.fixture
def world(transactional_db, settings):
    """An open quarter with 80 days of zeros and 60 days without an answer; made before the installation is cloned from it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # what the installation reads
    world = World(factories.make_government())
    factories.confirm_year(2025)
    application = world.application("Antrean Puskesmas")
    world.period = world.open(Quarter.parse(QUARTER))
    give_evidence(world, world.period, application, {"counter_days": 76, "probes": 60, "probe_days": 60})
    world.code = application.code
    world.closes_at = world.period.closes_at
    world.names = {
        role: User.objects.get(pk=getattr(world, role).person_id).username for role in ("operator", "reviewer")
    }
    return world


@pytest.fixture
def origin(world, home):
    """The world of this test, prepared as an installation is."""
    with made(home) as origin:
        yield origin


def test_from_the_question_to_the_frozen_evidence(world, stack, new_page):
    operator = Person(new_page(width=360, height=740), world.names["operator"]).sign_in(factories.PASSWORD)
    reviewer = Person(new_page(), world.names["reviewer"]).sign_in(factories.PASSWORD)
    says_five_hundred(operator)
    asks(reviewer)
    answers(operator)
    stack.travel_to(world.closes_at + timedelta(minutes=1))
    verdict, answer, checksum = await_that(lambda: judged(stack), saying="the close")
    assert (verdict, answer) == ("conflict", ANSWER)
    reads_the_finding(reviewer)
    for person in (operator, reviewer):
        page = person.go(f"/aplikasi/{world.code}/pemantauan/")
        person.sees(f"Penjelasan: {ANSWER}")
        person.sees("alamatnya tidak pernah terbuka pada 60 pemeriksaan selama 60 hari")
        assert page.evaluate(OVERFLOW) <= 0
    assert stack.rows(FROZEN) == [("conflict", ANSWER, checksum)]


def says_five_hundred(operator):
    """The row is not sent before it is explained, and nothing typed is lost."""
    page = operator.go(f"/triwulan/{QUARTER}/lapor/")
    row = page.locator("tr", has=page.get_by_role("link", name="Antrean Puskesmas", exact=True))
    row.locator("label", has_text="Ya").first.click()
    prefix = row.locator("input[type=radio]").first.get_attribute("name").removesuffix("-used")
    page.fill(f"[name={prefix}-active_users]", "500")
    page.fill(f"[name={prefix}-transactions]", "700")
    page.check(f"[name={prefix}-attested]")
    with page.expect_navigation():
        page.locator("button[name=act][value=send]").first.click()
    operator.sees("Pencacah mencatat 0 pemakaian")
    operator.sees("Jelaskan dahulu")
    assert page.locator(f"[name={prefix}-active_users]").input_value() == "500"
    page.fill(f"[name={prefix}-explanation]", "Dipakai di loket")
    with page.expect_navigation():
        page.locator("button[name=act][value=send]").first.click()
    operator.sees("1 laporan terkirim")


def asks(reviewer):
    """It cannot be taken in bulk; the reviewer asks instead."""
    page = reviewer.go(f"/triwulan/{QUARTER}/periksa/")
    reviewer.sees("Pencacah mencatat 0 pemakaian")
    assert page.locator("input[name=chosen]").count() == 0
    page.locator("summary", has_text="Minta penjelasan").first.click()
    page.locator("[name$=-question]").first.fill("Dari mana 500 pengguna, sedangkan pencacah nol?")
    reviewer.press("Minta penjelasan OPD")
    reviewer.sees("diminta")


def answers(operator):
    page = operator.go("/penjelasan/")
    assert page.evaluate(OVERFLOW) <= 0
    operator.press("Antrean Puskesmas")
    page.fill("[name=answer]", ANSWER)
    operator.press("Kirim penjelasan")
    operator.sees("menjadi bagian bukti")
    assert page.locator("[name=answer]").count() == 0, "it is answered once"


def judged(stack):
    rows = stack.rows(FROZEN + " WHERE period_id IN (SELECT id FROM monitoring_period WHERE status = 'closed')")
    return rows[0] if rows else None


def reads_the_finding(reviewer):
    """What the three witnesses say stands side by side, with the answer beneath."""
    page = reviewer.go("/temuan/")
    reviewer.press("Antrean Puskesmas")
    sides = page.locator(".sides .side")
    assert [sides.nth(place).locator(".figure").inner_text() for place in range(3)] == ["500", "0", "0"]
    assert page.locator(".sides .side.against").count() == 2
    reviewer.sees("60 pemeriksaan pada 60 hari")
    reviewer.sees(ANSWER)
