"""A record found on a phone while its name is typed: no button, the address follows, and the way back is the whole list."""

import re

import pytest

from tests.e2e.people import Person
from tests.e2e.test_pages import OVERFLOW

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_list_follows_what_a_thumb_types(stack, town, new_page):
    name, code = stack.rows(
        "SELECT a.name, a.code FROM inventory_application a JOIN accounts_organization o ON o.id = a.owner_id"
        " WHERE a.status = 'registered' AND o.short_name = 'Dinkes' ORDER BY a.id LIMIT 1"
    )[0]
    page = Person(new_page(width=360, height=740), "operator").sign_in(town.password).go("/aplikasi/")
    rows = page.locator("#hasil tbody tr")
    every = rows.count()
    box = page.get_by_role("searchbox", name="Cari aplikasi")
    box.press_sequentially(name[: len(name) // 2])
    page.wait_for_url(re.compile(r"\?q="))
    page.locator("#hasil tbody tr", has_text=code).wait_for()
    assert 1 <= rows.count() < every and page.evaluate(OVERFLOW) <= 0
    assert box.evaluate("one => one === document.activeElement"), "the thumb goes on typing"
    address = page.url
    box.fill("qqqq zzzz")
    page.get_by_text("Tidak ada aplikasi yang cocok").first.wait_for()
    page.go_back()
    page.wait_for_url(address)
    page.locator("#hasil tbody tr", has_text=code).wait_for()
