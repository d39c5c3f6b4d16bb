"""A name typed twice is noticed; two records of one application are compared and merged, and the old address leads on."""

import pytest

from tests.e2e.people import Person
from tests.e2e.test_pages import OVERFLOW

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FREE = """SELECT code, name FROM inventory_application a WHERE status = 'registered' AND ownership = 'local'
AND NOT EXISTS (SELECT FROM inventory_hold h WHERE h.application_id = a.id) ORDER BY code LIMIT 2"""


def test_a_twin_is_noticed_and_merged(town, stack, new_page):
    (kept, name), (duplicate, _other) = stack.rows(FREE)

    operator = Person(new_page(width=360, height=740), "operator").sign_in(town.password)
    page = operator.go("/aplikasi/daftarkan/")
    page.locator("#id_name").press_sequentially(name)
    page.locator(".similar").get_by_text("nama sama").wait_for()
    assert page.evaluate(OVERFLOW) <= 0

    reviewer = Person(new_page(), "analis").sign_in(town.password)
    page = reviewer.go(f"/aplikasi/{duplicate}/")
    reviewer.press("Gabungkan dengan kembarannya")
    page.fill("#ke", kept)
    with page.expect_navigation():
        page.locator("#ke").press("Enter")
    reviewer.sees("Penggabungan tidak dapat dibatalkan")
    reviewer.press("Gabungkan untuk seterusnya")
    reviewer.sees("Alasan")
    page.locator("tr", has_text="Nama aplikasi").locator("input[value=other]").check()
    page.fill("#id_reason", "Didaftarkan dua kali")
    reviewer.press("Gabungkan untuk seterusnya")
    reviewer.sees("1 aplikasi digabung ke sini")
    assert page.url.endswith(f"/aplikasi/{kept}/")
    reviewer.go(f"/aplikasi/{duplicate}/")
    assert page.url.endswith(f"/aplikasi/{kept}/")
    public = new_page()
    public.goto(f"/katalog/{duplicate}/")
    assert public.url.endswith(f"/katalog/{kept}/")
    assert stack.rows("SELECT status FROM inventory_application WHERE code = %s", [duplicate]) == [("merged",)]
