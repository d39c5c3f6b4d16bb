"""The main job, clicked: from an imported list and a registered application to an executed deactivation and a pulled catalogue.

No service and no API call until the catalogue is pulled; the clock is moved between the quarters, everything due happens by
beat and worker.
"""

import re

import httpx
import pytest

from tests.e2e import people
from tests.e2e.lists import chosen_list
from tests.e2e.people import Person
from tests.processes import await_that

# transaction: the template database is cloned from outside any transaction of the test
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NEW = "Antrean Loket Terpadu"
IDLE = "Arsip Surat Lama"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


def test_from_an_imported_list_to_an_executed_deactivation(stack, new_page, tmp_path):
    listed = chosen_list(tmp_path)
    stack.travel_to("2026-01-20T01:00:00+00:00")
    team = the_office_is_set_up(stack, new_page, listed)
    the_list_is_imported(team, listed)
    the_applications_are_registered(team)
    two_quarters_are_reported_and_closed(stack, team)
    case = the_idle_one_is_flagged(stack, team)
    the_letter_is_answered(team, case)
    the_desk_recommends(stack, team, case)
    the_case_is_decided(stack, team, case)
    it_is_switched_off(stack, team, case)
    the_catalogue_is_pulled(stack)


def the_office_is_set_up(stack, new_page, listed):
    """The system's operator imports the offices and makes the administrator, who invites everybody else."""
    stack.manage("import_organizations", listed.offices, "--government", listed.government, "--zone", "Asia/Makassar")
    printed = stack.manage(
        "createadministrator", "admin@kota.example", "--name", "Administrator", "--government", listed.government
    )
    page = new_page()
    people.choose_password(page, re.search(r"https?://\S+/undangan/\S+", printed)[0])
    administrator = Person(page, "admin@kota.example").sign_in()
    for office, function in (
        (listed.ict, "ict_office"),
        (listed.planning, "planning_office"),
        (listed.finance, "finance_office"),
    ):
        people.give_function(administrator, office, function)
    team = {"administrator": administrator}
    for role, seat in (
        ("reviewer", listed.ict), ("technician", listed.ict), ("approver", listed.ict), ("companion", listed.planning),
        ("operator", listed.agency), ("agency_head", listed.agency),
    ):  # fmt: skip
        username, held = f"{role}@kota.example", "reviewer" if role == "technician" else role
        link = people.invite(
            administrator, name=role.title(), username=username, role=held, seat=seat, since="2026-01-01"
        )
        team[role] = Person(new_page(), username)
        people.choose_password(team[role].page, link)
        team[role].sign_in()
    return team


def the_list_is_imported(team, listed):
    people.upload_list(team["reviewer"], listed.applications)
    team["reviewer"].sees(listed.ready)
    team["reviewer"].press(f"Impor {listed.count} baris")
    page = team["reviewer"].go("/aplikasi/")
    assert str(listed.count) in page.locator("main").inner_text()


def the_applications_are_registered(team):
    for name in (NEW, IDLE):
        people.register(team["operator"], name=name, functions="Mencatat dan memanggil antrean loket pelayanan.")
        team["operator"].sees("Diajukan")
        page = team["reviewer"].go("/aplikasi/?status=submitted")
        page.get_by_role("link", name=name).first.click()
        page.goto(page.url.rstrip("/") + "/periksa/")
        team["reviewer"].press("Daftarkan dan beri kode")
        team["reviewer"].sees("APL-2026-")


def two_quarters_are_reported_and_closed(stack, team):
    for quarter, inside, after in (
        ("2026-Q1", "2026-03-25T02:00:00+00:00", "2026-04-10T16:00:30+00:00"),
        ("2026-Q2", "2026-06-25T02:00:00+00:00", "2026-07-10T16:00:30+00:00"),
    ):
        stack.travel_to(inside)
        await_that(lambda q=quarter: period_status(stack, q) == "open", saying=f"{quarter} opens")
        people.report(team["operator"], quarter, {NEW: (True, 41), IDLE: (False, 0)})
        stack.travel_to(after)
        await_that(lambda q=quarter: period_status(stack, q) == "closed", saying=f"{quarter} closes")


def period_status(stack, quarter):
    year, number = quarter.split("-Q")
    rows = stack.rows("SELECT status FROM monitoring_period WHERE year = %s AND quarter = %s", [year, number])
    return rows[0][0] if rows else ""


def the_idle_one_is_flagged(stack, team):
    """One finding, and one tick later its case."""
    code = await_that(lambda: stack.rows("SELECT code FROM deactivation_case"), saying="the case is nominated")[0][0]
    page = team["reviewer"].go("/temuan/")
    assert IDLE in page.locator("main").inner_text()
    team["reviewer"].go(f"/kasus/{code}/")
    team["reviewer"].sees(IDLE)
    team["reviewer"].sees("Tidak dipakai")
    return code


def the_letter_is_answered(team, case):
    page = team["reviewer"].go("/surat/kirim/")
    page.check(f"input[name$=-cases][value='{case}']")
    team["reviewer"].press("Kirim surat ke")
    page = team["agency_head"].go("/surat/")
    page.locator("main a[href^='/surat/SRT'], main a[href*='/surat/']").first.click()
    page.wait_for_load_state()
    team["agency_head"].press("Jawab surat")
    page.check(f"input[name='{case}-reply'][value=agreed]")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    team["agency_head"].go(f"/kasus/{case}/")
    team["agency_head"].sees("etuju")


def the_desk_recommends(stack, team, case):
    reviewer = team["reviewer"]
    page = reviewer.go("/desk/jadwalkan/")
    page.fill("#id_title", "Desk reviu pertama")
    page.fill("#id_held_at", "2026-07-20T09:00")
    reviewer.press("Jadwalkan")
    home = page.url
    raise_form(page, "add_to_agenda", lambda form: form.locator(f"input[value='{case}']").check())
    for office in ("operator", "reviewer", "companion"):
        seat = stack.rows(
            "SELECT o.code FROM accounts_membership m JOIN accounts_organization o ON o.id = m.seat_id WHERE m.role = %s",
            [office],
        )[0][0]
        page.goto(home)
        raise_form(page, "record_attendance", lambda form, s=seat: sit(form, s))
    page.goto(home)
    reviewer.press("Mulai")
    room = re.sub(r".*(/desk/[^/]+/).*", r"\1", home) + "layar/"
    the_room_speaks(team, case, room)


def the_room_speaks(team, case, room):
    """The companion's opinion, and the outcome the reviewer enters."""
    companion, reviewer = team["companion"], team["reviewer"]
    page = companion.go(room)
    page.get_by_label("Setuju", exact=True).check()
    page.fill("[name=opinion-text]", "Sesuai peta rencana; tidak ada kegiatan lanjutan.")
    companion.press("Sampaikan pendapat")
    page = reviewer.go(room)
    page.locator("label", has=page.locator("input[name=outcome][value=deactivate]")).click()
    page.fill("#recommend [name=reason]", "Tidak dipakai dua triwulan, sudah ada penggantinya.")
    with page.expect_navigation():
        page.locator("#recommend button[type=submit]").last.click()
    reviewer.go(f"/kasus/{case}/")
    reviewer.sees("irekomendasi")


def sit(form, office):
    form.locator("[name=record_attendance-organization]").select_option(office)
    form.locator("[name=record_attendance-name]").fill(f"Wakil {office}")


def raise_form(page, name, fill):
    """Open the folded act of this name, fill it, send it."""
    fold = page.locator(f"details#{name}")
    if not fold.evaluate("node => node.open"):
        fold.locator("summary").first.click()
    fill(fold.locator("form"))
    with page.expect_navigation():
        fold.locator("form button[type=submit]").last.click()


def the_case_is_decided(stack, team, case):
    approver = team["approver"]
    page = approver.go(f"/kasus/{case}/")
    page.fill("[name=decree_number]", "188.4/219/2026")
    page.fill("[name$=effective_on]", "2026-10-01")
    page.fill("[name=legal_basis]", "Keputusan Wali Kota tentang peta rencana SPBE")
    page.fill("[name=password]", people.PASSWORD)
    with page.expect_navigation():
        page.locator("#decide button[type=submit]").click()
    approver.sees("188.4/219/2026")
    stack.travel_to("2026-09-21T02:00:00+00:00")
    await_that(lambda: application_status(stack) == "retiring", saying="the objection window ended")


def application_status(stack):
    return stack.rows("SELECT status FROM inventory_application WHERE name = %s", [IDLE])[0][0]


def it_is_switched_off(stack, team, case):
    work_through(stack, team, case, "before")
    stack.travel_to("2026-10-01T02:00:00+00:00")
    await_that(lambda: application_status(stack) == "retired", saying="the clock retires it on the effective date")
    work_through(stack, team, case, "switch_off")
    await_that(lambda: stack.rows("SELECT status FROM deactivation_case")[0][0] == "executed", saying="executed")
    team["reviewer"].go(f"/kasus/{case}/")


def work_through(stack, team, case, phase):
    """Every step of the phase: done with evidence by the office responsible, verified by another person."""
    steps = stack.rows(
        "SELECT i.id, coalesce(o.function, '') FROM deactivation_checklistitem i JOIN accounts_organization o"
        " ON o.id = i.responsible_id WHERE i.phase = %s AND i.mandatory ORDER BY i.id",
        [phase],
    )
    assert steps
    for pk, function in steps:
        doer = team["technician" if function == "ict_office" else "operator"]
        item = doer.go(f"/kasus/{case}/langkah/").locator(f"#langkah-{pk}")
        item.locator("summary", has_text="Nyatakan selesai").click()
        item.locator("input[type=file]").set_input_files(
            {"name": "bukti.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        with doer.page.expect_navigation():
            item.locator("details form button[type=submit]").first.click()
        item = team["reviewer"].go(f"/kasus/{case}/langkah/").locator(f"#langkah-{pk}")
        with team["reviewer"].page.expect_navigation():
            item.locator(".buttons button[type=submit]").first.click()
    left = "SELECT count(*) FROM deactivation_checklistitem WHERE phase = %s AND mandatory AND status <> 'verified'"
    assert stack.rows(left, [phase])[0][0] == 0


def the_catalogue_is_pulled(stack):
    with httpx.Client(base_url=stack.address) as client:
        rows, address = [], "/api/v1/applications/?page_size=100"
        while address:
            answer = client.get(address)
            assert answer.status_code == 200, answer.text
            rows += answer.json()["results"]
            address = answer.json()["next"]
    found = {row["name"]: row["status"] for row in rows}
    assert (found[IDLE], found[NEW]) == ("retired", "registered")
