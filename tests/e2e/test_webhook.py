"""An administrator lets another system be told: a refused address, the secret, a ping that arrives with a true signature."""

import pytest

from tests.e2e.people import Person
from tests.processes import await_that
from tests.webhooks.receiver import event_of, verifies

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NAME = "Dasbor wali kota"
INNER = "http://10.11.12.13/terima"


def test_a_system_is_told_and_the_log_says_so(town, stack, new_page, receiver):
    administrator = Person(new_page(), "administrator").sign_in(town.password)
    administrator.go("/pengelolaan/webhook/")
    administrator.press("Buat langganan")
    an_inner_address_is_refused(administrator)
    secret = the_secret_is_shown_once(administrator, receiver)
    headers, body, path = a_ping_arrives(administrator, receiver)
    assert path == "/terima?dari=register"
    assert verifies(secret, headers, body) and not verifies(secret, headers, body + b" ")
    assert event_of(body)["type"] == "id.go.spbe.ping" and event_of(body)["id"] == headers["webhook-id"]
    the_log_shows_it(administrator, headers["webhook-id"])


def an_inner_address_is_refused(administrator):
    """What was typed stays, and the words say what to do."""
    page = administrator.page
    page.fill("#id_name", NAME)
    office = page.locator("#id_organization option:not([value=''])").first.get_attribute("value")
    page.select_option("#id_organization", office)
    page.get_by_label("Aplikasi pensiun").check()
    page.fill("#id_url", INNER)
    administrator.press("Buat langganan")
    administrator.sees("Pakai https. Alamat http hanya untuk jaringan dalam yang dibuka pengelola server.")
    assert [page.input_value(f"#id_{name}") for name in ("name", "url", "organization")] == [NAME, INNER, office]
    assert page.get_by_label("Aplikasi pensiun").is_checked()
    assert page.locator("main input[type=checkbox]:checked").count() == 1


def the_secret_is_shown_once(administrator, receiver):
    administrator.page.fill("#id_url", receiver.url)
    administrator.press("Buat langganan")
    secret = administrator.page.locator("code.secret").first.inner_text().strip()
    assert secret.startswith("whsec_")
    administrator.press("Sudah disalin")
    assert secret not in administrator.page.content()
    return secret


def a_ping_arrives(administrator, receiver):
    administrator.sees("Belum ada kiriman")
    receiver.seen.clear()
    administrator.press("Coba kirim")
    return await_that(lambda: receiver.seen and receiver.seen[0], saying="the ping at the receiver")


def the_log_shows_it(administrator, delivery_id):
    here = administrator.page.url

    def settled():
        row = administrator.go(here).locator("tr", has_text=delivery_id)
        return row if "diterima" in row.inner_text() else None

    row = await_that(settled, saying="the delivery noted as taken")
    row.locator("summary").click()
    assert ": 204, " in row.inner_text()
