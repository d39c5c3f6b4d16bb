"""The quarter's grid on a phone: filled, kept by itself, pasted, sent, drawn back with a warning; then without JavaScript."""

import pytest

from tests.e2e.people import Person
from tests.e2e.test_pages import OVERFLOW, a_quarter_is_open

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASTE = """([input, text]) => { const carried = new DataTransfer(); carried.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true})) }"""


def test_the_grid_on_a_phone(town, stack, new_page, browser):
    a_quarter_is_open(stack)
    year, quarter = stack.rows("SELECT year, quarter FROM monitoring_period WHERE status = 'open'")[0]
    path = f"/triwulan/{year}-Q{quarter}/lapor/"

    operator = Person(new_page(width=360, height=740), "operator").sign_in(town.password)
    page = operator.go(path)
    assert page.evaluate(OVERFLOW) <= 0
    operator.sees("Kirim yang siap")
    numbers = page.locator(".grid-x .cellin input")
    with page.expect_response(lambda answer: answer.url.endswith(path) and answer.request.method == "POST"):
        page.evaluate(PASTE, [numbers.nth(0).element_handle(), "1.204\t41\t980\t2,5\n77\t5"])
    assert [numbers.nth(place).input_value() for place in range(6)] == ["1.204", "41", "980", "2,5", "77", "5"]
    page.reload()
    assert numbers.nth(4).input_value() == "77", "a draft keeps itself"
    page.locator(".attest input").first.check()
    page.get_by_role("button", name="Kirim 1 yang siap").wait_for()
    operator.press("yang siap")
    operator.sees("1 laporan terkirim")
    page.locator("details.reopen summary").first.click()
    operator.sees("dihitung belum melapor")
    operator.press("Tarik")
    operator.sees("kembali menjadi konsep")

    context = browser.new_context(
        base_url=stack.address, viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    plain = Person(context.new_page(), "operator").sign_in(town.password)
    page = plain.go(path)
    page.locator(".attest input").first.check()
    plain.press("Kirim yang siap")
    plain.sees("1 laporan terkirim")
    context.close()
