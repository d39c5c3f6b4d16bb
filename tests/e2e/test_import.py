"""A list clicked into the register and back: columns matched, a long list judged by the clock, an export edited and imported."""

import csv
import io

import openpyxl
import pytest

from apps.documents.rules import XLSX
from tests.e2e.people import Person
from tests.e2e.test_pages import AUDIT, AXE, OVERFLOW, RULES

# transaction: the template database is cloned from outside any transaction of the test
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LONG = 2100
BY_THE_CLOCK = 180_000  # milliseconds the clock and its worker may take on a busy machine


def test_a_list_comes_in_goes_out_and_comes_back(town, stack, new_page):
    page = new_page()
    page.context.add_init_script(path=AXE)
    reviewer = Person(page, "analis").sign_in(town.password)
    office = stack.rows("SELECT name FROM accounts_organization WHERE short_name = 'Dinkes'")[0][0]
    a_strange_column_is_matched_once(reviewer, office)
    a_long_list_is_judged_by_the_clock(reviewer, office)
    an_edited_export_changes_one_cell(stack, reviewer)


def a_strange_column_is_matched_once(reviewer, office):
    page = reviewer.go("/impor/")
    upload(page, [["Nama Aplikasi", "OPD", "Rekanan"], ["Loket Cepat Impor", office, "PT Maju"]])
    reviewer.sees("Kolom mana berisi apa?")
    sound(page)
    page.select_option("select[name=kolom-2]", "vendor")
    reviewer.press("Periksa baris")
    reviewer.sees("1 baris siap diimpor")
    sound(page)
    reviewer.press("Impor 1 baris")
    reviewer.sees("1 aplikasi baru masuk")


def a_long_list_is_judged_by_the_clock(reviewer, office):
    page = reviewer.go("/impor/")
    rows = [[f"Layanan Panjang {number}", office, "PT Maju"] for number in range(LONG)]
    upload(page, [["Nama Aplikasi", "OPD", "Rekanan"], *rows])
    page.get_by_role("button", name="Impor 2.100 baris").click(timeout=BY_THE_CLOCK)  # the page follows by itself
    page.get_by_role("heading", name="2.100 baris sudah diimpor").wait_for(timeout=BY_THE_CLOCK)


def an_edited_export_changes_one_cell(stack, reviewer):
    page = reviewer.go("/aplikasi/?q=Loket+Cepat+Impor&kolom=vendor")
    with page.expect_download() as taken:
        page.evaluate("location.href = '/aplikasi/ekspor.xlsx?q=Loket+Cepat+Impor&kolom=vendor'")
    book = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes()))
    heads = [cell.value for cell in book.active[1]]
    book.active.cell(2, heads.index("penyedia") + 1).value = "PT Lain"
    file = io.BytesIO()
    book.save(file)
    page = reviewer.go("/impor/")
    with page.expect_navigation():
        page.set_input_files("input[type=file]", {"name": "ekspor.xlsx", "mimeType": XLSX, "buffer": file.getvalue()})
        page.locator("main form button[type=submit]").first.click()
    reviewer.sees("1 baris siap diimpor")
    assert page.locator("main del").inner_text().endswith("PT Maju") and page.locator("main ins").inner_text().endswith(
        "PT Lain"
    )
    reviewer.press("Impor 1 baris")
    reviewer.sees("0 aplikasi baru masuk, 1 diubah")
    assert stack.rows("SELECT vendor, version FROM inventory_application WHERE name = 'Loket Cepat Impor'") == [
        ("PT Lain", 2)
    ]


def upload(page, lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    page.set_input_files(
        "input[type=file]", {"name": "daftar.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    )
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def sound(page):
    """No axe violation and nothing wider than the screen, on a desk and on a phone."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(AUDIT, RULES) == []
        assert page.evaluate(OVERFLOW) <= 0
