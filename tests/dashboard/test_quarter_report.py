"""The quarter's report: issued once after the close, its figures frozen, as PDF and XLSX."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.dashboard import services
from apps.dashboard.models import QuarterReport
from apps.dashboard.queries import portfolio
from apps.dashboard.queries.quarter_report import quarter_figures
from apps.dashboard.tasks import issue_quarter_reports
from apps.documents.services import open_file
from apps.inventory import services as inventory
from apps.monitoring import services as monitoring
from apps.monitoring.models import UsageReport
from tests import factories
from tests.deactivation.web import signed_in
from tests.monitoring.browser import api
from tests.monitoring.world import SYSTEM, World

pytestmark = pytest.mark.django_db
Q1, Q2 = Quarter(2025, 1), Quarter(2025, 2)
USED = {"used": True, "active_users": 40, "transactions": 7}


@pytest.fixture
def world(government):
    return World(government)


def closed(world, quarter, **reports):
    """A quarter in which the applications of these names said so."""
    period = world.open(quarter)
    for name, said in reports.items():
        world.report(period, world.known[name], **said)
    return world.close(period)


@pytest.fixture
def period(world):
    """Two closed quarters: one application stays in use, one falls idle, one says nothing."""
    names = ("Antrean", "Gizi", "Arsip")
    world.known = {name: world.application(name, yearly_cost=12_000_000) for name in names}
    closed(world, Q1, Antrean=USED, Gizi=USED)
    return closed(world, Q2, Antrean=USED, Gizi={"used": False})


def verdicts(figures):
    return {row["verdict"]: (row["before"], row["now"]) for row in figures["verdicts"] if row["before"] or row["now"]}


def test_the_figures_compare_with_the_quarter_before(period):
    figures = quarter_figures(period)
    assert verdicts(figures) == {"active": (2, 1), "idle": (0, 1), "unreported": (1, 1)}
    assert figures["duties"] == {"reported": 2, "late": 0, "missing": 1}
    (office,) = figures["offices"]
    assert (office["idle"], office["unreported"], office["assessed"], office["idle_cost"]) == (1, 1, 3, 12_000_000)
    assert [row["name"] for row in figures["idle"]] == ["Gizi"]
    assert figures["findings"] == {"Tidak lapor dua triwulan": 1}


def test_the_clock_issues_each_closed_quarter_once(period):
    issue_quarter_reports()
    issue_quarter_reports()
    assert [report.period.code for report in QuarterReport.objects.all()] == ["2025-Q2", "2025-Q1"]
    assert Event.objects.filter(verb="quarter_report.issued").count() == 2


def test_a_later_correction_leaves_it_as_it_was(world, period):
    report = services.issue_quarter_report(period.pk, by=SYSTEM)
    late = world.report(period, world.known["Arsip"], **USED)
    late = UsageReport.objects.get(pk=late.pk)
    monitoring.accept_report(late.pk, by=world.reviewer, version=late.version)
    assert quarter_figures(period) == report.figures
    with pytest.raises(DatabaseError), transaction.atomic():
        QuarterReport.objects.filter(pk=report.pk).update(figures={})


def test_only_the_clock_and_only_after_the_close(world, period):
    with pytest.raises(PermissionDenied):
        services.issue_quarter_report(period.pk, by=world.reviewer)
    following = world.open(Quarter(2025, 3))
    with pytest.raises(RuleViolation, match="setelah triwulan ditutup"):
        services.issue_quarter_report(following.pk, by=SYSTEM)


def test_the_workbook_says_the_same_numbers(period):
    report = services.issue_quarter_report(period.pk, by=SYSTEM)
    book = openpyxl.load_workbook(io.BytesIO(open_file(report.sheet).read()))
    assert book.sheetnames == ["Ringkasan", "Per OPD", "Tidak dipakai", "Bertentangan", "Kasus"]
    summary = {row[0]: row[1:] for row in book["Ringkasan"].values}
    assert summary["Tidak dipakai"] == (1, 0) and summary["SHA-256 keadaan register"][0] == report.register_sha256
    assert [row[1] for row in book["Tidak dipakai"].values] == ["Aplikasi", "Gizi"]


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("executive", 200),
        ("reviewer", 200),
        ("auditor", 200),
        ("companion", 200),
        ("approver", 200),
        ("administrator", 403),
    ],
)
def test_who_reads_it(world, period, role, page):
    report = services.issue_quarter_report(period.pk, by=SYSTEM)
    client = signed_in(factories.make_actor(role, world.government))
    assert client.get("/laporan/triwulan/").status_code == page
    served = client.get(f"/laporan/triwulan/{report.number}.pdf")
    assert served.status_code == page
    if page == 200:
        assert b"".join(served.streaming_content).startswith(b"%PDF")
        assert report.number in client.get("/laporan/triwulan/").content.decode()


def test_offices_and_other_governments_do_not(world, period):
    report = services.issue_quarter_report(period.pk, by=SYSTEM)
    assert signed_in(world.operator).get("/laporan/triwulan/").status_code == 403
    abroad = signed_in(factories.make_actor("executive", factories.make_government("Kota Seberang")))
    assert abroad.get(f"/laporan/triwulan/{report.number}.xlsx").status_code == 404
    assert report.number not in abroad.get("/laporan/triwulan/").content.decode()


def test_the_api_gives_the_frozen_figures(world, period):
    report = services.issue_quarter_report(period.pk, by=SYSTEM)
    client = api(world.reviewer)
    (row,) = client.get("/api/v1/quarter-reports/").json()["results"]
    assert (row["quarter"], row["figures"], row["paper_sha256"]) == ("2025-Q2", report.figures, report.paper.sha256)
    assert client.get(f"/api/v1/quarter-reports/{report.number}/").json() == row
    assert api(world.operator).get("/api/v1/quarter-reports/").json()["results"] == []


def test_an_office_renamed_since_the_close_keeps_its_name_in_the_quarter(world, period, government):
    old, administrator = world.agency.name, factories.make_actor("administrator", government)
    row = inventory.plan_reorganization(
        by=administrator, office=world.agency, kind="rename", new_name="Dinas Nama Baru", decree="Perwali 1/2026",
        effective_on=clock.today(government.zone),
    )  # fmt: skip
    inventory.execute_reorganization(row.code, by=administrator, version=row.version)
    figures = quarter_figures(period)
    assert [office["name"] for office in figures["offices"]] == [old]
    assert {row["owner"] for row in figures["idle"]} == {old}
    assert [office.name for office in portfolio(world.reviewer).offices] == [old]
