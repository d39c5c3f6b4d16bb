"""What people do in the browser, one function per errand."""

import re
from pathlib import Path
from urllib.parse import quote

PASSWORD = "Tirta-raya-membaca-2026"


class Person:
    """One person at one machine: a browser page of the own, a name and a password."""

    def __init__(self, page, username):
        self.page, self.username = page, username

    def sign_in(self, password=PASSWORD):
        self.page.goto("/masuk/")
        self.page.fill("#id_username", self.username)
        self.page.fill("#id_password", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda address: "/masuk/" not in address)
        return self

    def go(self, path):
        answer = self.page.goto(path)
        assert answer.status < 400, f"{path}: {answer.status} {self.text()[:600]}"
        return self.page

    def press(self, name, *, exact=False, within="main"):
        """Press the button or link of this name and wait for the page it leads to."""
        area = self.page.locator(within)
        pattern = re.compile(f"^{re.escape(name)}$" if exact else re.escape(name))
        target = area.get_by_role("button", name=pattern).or_(area.get_by_role("link", name=pattern)).first
        with self.page.expect_navigation():
            target.click()
        return self.page

    def text(self):
        return self.page.locator("main").inner_text()

    def sees(self, words):
        assert words in self.text(), f"{words!r} is not on {self.page.url}:\n{self.text()[:3000]}"


def choose_password(page, link):
    """Follow an invitation and set the first password."""
    page.goto(link)
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def invite(administrator, *, name, username, role, seat, since):
    """The administrator makes an account with its first role; the link for its owner."""
    page = administrator.go("/pengelolaan/orang/undang/")
    page.fill("#id_name", name)
    page.fill("#id_username", username)
    page.select_option("#id_role", role)
    page.select_option("#id_seat", label=seat)
    page.fill("#id_starts_on", since)
    administrator.press("Buat akun dan tautan")
    return page.locator("code.secret").inner_text().strip()


def give_function(administrator, office, function):
    """The administrator says which part an office has in the process."""
    page = administrator.go(f"/pengelolaan/organisasi/?q={quote(office)}")
    with page.expect_navigation():
        page.get_by_role("link", name=office, exact=True).click()
    page.select_option("#id_function", function)
    page.fill("#id_reason", "Peran kantor dalam desk reviu")
    administrator.press("Simpan")
    assert "/ubah/" not in page.url, administrator.text()


def upload_list(reviewer, file: Path):
    """The reviewer uploads a list, reads the dry run and confirms it."""
    page = reviewer.go("/impor/")
    page.set_input_files("input[type=file]", file)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def register(operator, *, name, functions):
    """The operator writes a record in short steps and hands it in."""
    page = operator.go("/aplikasi/daftarkan/")
    page.fill("#id_name", name)
    operator.press("Buat konsep")
    if page.locator("#id_different").count():  # look-alikes are shown before a draft is made
        page.check("#id_different")
        operator.press("Buat konsep")
    page.fill("#id_functions", functions)
    page.get_by_label("pelayanan publik").check()
    for _step in range(4):
        if page.locator("input[name=platforms][value=web]").count():
            page.check("input[name=platforms][value=web]")
        operator.press("Lanjut ke")
    operator.press("Lanjut ke")
    operator.press("Ajukan pendaftaran")


def report(operator, quarter, answers):
    """The operator fills the quarter's grid: {application: (used, active users)}; sends what is ready."""
    page = operator.go(f"/triwulan/{quarter}/lapor/")
    for name, (used, users) in answers.items():
        row = page.locator("tr", has=page.get_by_role("link", name=name, exact=True))
        row.locator("label", has_text="Ya" if used else "Tidak").first.click()
        prefix = row.locator("input[type=radio]").first.get_attribute("name").removesuffix("-used")
        page.fill(f"[name={prefix}-active_users]", str(users))
        page.fill(f"[name={prefix}-transactions]", str(users))
        page.check(f"[name={prefix}-attested]")
    operator.press("yang siap")
