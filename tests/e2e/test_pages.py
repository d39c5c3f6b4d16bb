"""The pages of the small demo in a real browser: no axe violation and nothing wider than the screen."""

import pytest
from django.conf import settings

from tests.e2e.people import Person
from tests.processes import await_that

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AUDIT = """rules => axe.run(document, {runOnly: rules}).then(found =>
  found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)).join(' | ')))"""
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
SUBJECTS = {
    "application": "SELECT a.code FROM inventory_application a JOIN accounts_membership m ON m.scope_id = a.owner_id"
    " JOIN accounts_user u ON u.id = m.user_id WHERE a.status = 'registered' AND a.ownership = 'local'"
    " AND u.username = 'operator' ORDER BY a.code LIMIT 1",
    "draft": "SELECT reference FROM inventory_application WHERE status IN ('draft', 'returned') ORDER BY status LIMIT 1",
    "job": "SELECT id FROM inventory_importjob ORDER BY id LIMIT 1",
    "finding": "SELECT code FROM monitoring_finding ORDER BY code DESC LIMIT 1",
    "recommended": "SELECT code FROM deactivation_case WHERE status = 'recommended' LIMIT 1",
    "executing": "SELECT code FROM deactivation_case WHERE status IN ('executing', 'executed', 'closed') ORDER BY status DESC LIMIT 1",
    "desk": "SELECT code FROM deactivation_desksession ORDER BY code DESC LIMIT 1",
}
PAGES = {
    "operator": ["/", "/aplikasi/", "/aplikasi/{draft}/isi/2/", "/triwulan/", "/triwulan/{quarter}/lapor/",
                 "/triwulan/{quarter}/lapor/{application}/bukti/", "/penjelasan/", "/kalender/",
                 "/aplikasi/{application}/pemantauan/", "/aplikasi/{application}/pencacah/"],
    "kepala-diskominfo": ["/", "/kasus/{recommended}/", "/aplikasi/{application}/"],
    "analis": ["/", "/impor/{job}/", "/triwulan/", "/temuan/{finding}/", "/triwulan/{quarter}/periksa/", "/triwulan/{quarter}/tagih/",
               "/triwulan/{quarter}/atas-nama/{application}/", "/desk/{desk}/", "/desk/{desk}/layar/",
               "/kasus/{executing}/langkah/"],
    "": ["/katalog/", "/katalog/{application}/"],
}  # fmt: skip


def test_pages_are_accessible_and_fit_the_screen(town, stack, new_page):
    a_quarter_is_open(stack)
    subjects = the_subjects(stack)
    faults = []
    for username, paths in PAGES.items():
        page = new_page(width=1280)
        page.context.add_init_script(path=AXE)
        if username:
            Person(page, username).sign_in(town.password)
        for path in paths:
            faults += faults_of(page, path.format(**subjects))
    assert not faults, "\n".join(faults)


def a_quarter_is_open(stack):
    """Go to the reporting days of the quarter after the last judged one, unless one is open today."""
    if stack.rows("SELECT 1 FROM monitoring_period WHERE status = 'open'"):
        return
    year, quarter = divmod(
        stack.rows("SELECT max(year * 4 + quarter - 1) FROM monitoring_period WHERE status = 'closed'")[0][0] + 1, 4
    )
    stack.travel_to(f"{year}-{3 * (quarter + 1):02}-25T02:00:00+00:00")
    await_that(lambda: stack.rows("SELECT 1 FROM monitoring_period WHERE status = 'open'"), saying="a quarter opens")


def the_subjects(stack):
    found = {name: stack.rows(sql) for name, sql in SUBJECTS.items()}
    assert all(found.values()), f"the small demo lacks {[name for name, rows in found.items() if not rows]}"
    year, quarter = stack.rows("SELECT year, quarter FROM monitoring_period WHERE status = 'open'")[0]
    return {name: rows[0][0] for name, rows in found.items()} | {"quarter": f"{year}-Q{quarter}"}


def faults_of(page, path):
    """What is wrong with the page of this path on a desk and on a phone, each with its path and width."""
    answer = page.goto(path)
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    faults = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        whole = page.evaluate("document.documentElement.scrollHeight")  # so that the bar at the foot covers nothing
        page.set_viewport_size({"width": width, "height": whole})
        faults += [f"{path} at {width}: {found}" for found in page.evaluate(AUDIT, RULES)]
        wider = page.evaluate(OVERFLOW)
        faults += [f"{path} at {width}: {wider} px wider than the screen"] if wider > 0 else []
    return faults
