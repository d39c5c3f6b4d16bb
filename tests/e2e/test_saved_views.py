"""A view kept under a name is a tab, shared with one office or with all; only its author changes it."""

import pytest

from tests.e2e.people import Person
from tests.e2e.test_pages import OVERFLOW

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
OFFICE = """SELECT o.code FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
JOIN accounts_organization o ON o.id = m.seat_id WHERE u.username = 'operator' AND m.role = 'operator'"""


def keep(person, asked, name, shared, office=None):
    page = person.go(f"/aplikasi/{asked}")
    person.press("Simpan sebagai tampilan")
    page.fill("#id_name", name)
    page.locator(f"input[name=shared][value={shared}]").check()
    if office:
        page.select_option("#id_organization", office)
    person.press("Simpan tampilan")


def tabs(person):
    return person.go("/aplikasi/").locator(".tabline a").all_inner_texts()


def test_views_are_tabs_of_those_they_are_shared_with(town, stack, new_page):
    ((office,),) = stack.rows(OFFICE)
    reviewer = Person(new_page(), "analis").sign_in(town.password)
    keep(reviewer, "?ownership=central", "Milik pusat", "government")
    keep(reviewer, "?stage=suspended", "Untuk satu OPD", "organization", office)
    keep(reviewer, "?ownership=local", "Hanya saya", "private")
    assert {"Milik pusat", "Untuk satu OPD", "Hanya saya"} <= set(tabs(reviewer))

    operator = Person(new_page(width=360, height=740), "operator").sign_in(town.password)
    seen = tabs(operator)
    assert {"Milik pusat", "Untuk satu OPD"} <= set(seen) and "Hanya saya" not in seen
    page = operator.page
    with page.expect_navigation():
        page.locator(".tabline a", has_text="Milik pusat").click()
    assert "ownership=central" in page.url or page.url.rstrip("/").endswith("milik-pusat")
    assert page.locator(".tabline [aria-current=page]").inner_text() == "Milik pusat"
    assert page.evaluate(OVERFLOW) <= 0
    companion = Person(new_page(), "pendamping-bappeda").sign_in(town.password)
    seen = tabs(companion)
    assert "Milik pusat" in seen and "Untuk satu OPD" not in seen
    companion.go("/aplikasi/tampilan/")
    assert companion.page.locator("main").get_by_role("link", name="Ubah").count() == 0
