"""Three people in three browsers at one desk session: what one enters the others see without loading the page again."""

import pytest

from tests.e2e.people import Person
from tests.e2e.test_main_job import raise_form, sit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
OPINION = "Sesuai peta rencana tahun depan."
REASON = "Tiga kantor sudah memakai penggantinya."
LIVE = 15_000  # milliseconds; screens ask every three seconds
MARK = "window.belumDimuatUlang = true"


def test_three_people_in_one_session(town, stack, new_page):
    session, case, owner = stack.rows(
        "SELECT s.code, c.code, o.code FROM deactivation_agendaitem i"
        " JOIN deactivation_desksession s ON s.id = i.session_id JOIN deactivation_case c ON c.id = i.case_id"
        " JOIN inventory_application a ON a.id = c.application_id JOIN accounts_organization o ON o.id = a.owner_id"
        " WHERE s.status = 'scheduled' AND i.result = 'pending' AND o.function <> 'planning_office' ORDER BY i.position LIMIT 1"
    )[0]
    analyst, planner, chief = (
        Person(new_page(), name).sign_in(town.password)
        for name in ("analis", "pendamping-bappeda", "kepala-diskominfo")
    )
    room = f"/desk/{session}/layar/?kasus={case}"
    for person in (planner, chief):
        person.go(room)
        person.page.evaluate(MARK)
    everybody_sits_down(stack, analyst, session, owner)
    for person in (planner, chief):
        person.page.locator(".quorum", has_text="Kuorum lengkap").wait_for(timeout=LIVE)
    the_companion_speaks(planner, analyst, chief, room)
    the_outcome_is_entered(analyst, planner, chief, room)
    assert chief.page.evaluate("window.belumDimuatUlang")
    assert planner.page.evaluate("window.belumDimuatUlang")


def everybody_sits_down(stack, analyst, session, owner):
    home = f"/desk/{session}/"
    offices = stack.rows(
        "SELECT code FROM accounts_organization WHERE function IN ('ict_office', 'planning_office') ORDER BY code"
    )
    for seat in (owner, *(row[0] for row in offices)):
        raise_form(analyst.go(home), "record_attendance", lambda form, s=seat: sit(form, s))
    analyst.go(home)
    analyst.press("Mulai sidang")


def the_companion_speaks(planner, analyst, chief, room):
    """Both others have the page open before the opinion is given."""
    analyst.go(room)
    analyst.page.evaluate(MARK)
    page = planner.go(room)
    page.get_by_label("Setuju dengan catatan", exact=True).check()
    page.fill("[name=opinion-text]", OPINION)
    planner.press("Sampaikan pendapat")
    page.evaluate(MARK)
    for person in (analyst, chief):
        person.page.locator("#papan-pendapat", has_text=OPINION).wait_for(timeout=LIVE)
    assert analyst.page.evaluate("window.belumDimuatUlang")


def the_outcome_is_entered(analyst, planner, chief, room):
    """Chosen with a digit, entered by its button; the formula may ask why."""
    page = analyst.page
    page.locator("h1").click()
    page.keyboard.press("5")
    assert page.locator("#recommend input[value=deactivate]").is_checked()
    page.fill("#recommend [name=reason]", REASON)
    if page.locator("#recommend [name=departure]").count():
        page.fill("#recommend [name=departure]", "Bukti desk lebih baru daripada rumus.")
    with page.expect_navigation():
        page.locator("#recommend .desk-go button").click()
    for person in (planner, chief):
        person.page.locator("#papan-hasil", has_text=REASON).wait_for(timeout=LIVE)
        assert "Nonaktifkan" in person.page.locator("#papan-hasil").inner_text()
