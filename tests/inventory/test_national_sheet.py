"""The national metadata sheet: its heads as written down here, versions an administrator adds, exports exact to the column."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.core.errors import StaleVersion
from apps.inventory import services, sheets
from apps.inventory.models import SheetLayout
from tests.catalogue.test_catalogue import make_application
from tests.factories import make_actor, make_agency, make_membership

pytestmark = pytest.mark.django_db
# The 21 attributes of the national application-architecture domain in their order, by hand.
NATIONAL = [
    "code", "name", "description", "functions", "reference_codes", "services_supported", "data_used", "output",
    "data_inputs", "data_suppliers", "data_outputs", "data_customers", "platforms", "hosting", "license",
    "programming_languages", "frameworks", "databases", "developing_unit", "operating_unit", "related_objects",
]  # fmt: skip
TWO = [("Kode", "code"), ("Nama Sistem", "name")]


@pytest.fixture
def shipped():
    services.load_sheet_layout(by=Actor.system())
    return sheets.in_force()


@pytest.fixture
def administrator(government):
    return make_actor("administrator", government)


def laid_out(by, columns=TWO, *, number=1, title="Lembar", source="", reason="Disamakan"):
    return services.lay_out_sheet(
        by=by, number=number, title=title, source=source, columns=list(columns), reason=reason
    )


def test_the_first_version_holds_the_national_attributes_in_their_order(shipped):
    assert (shipped.number, [name for _head, name in shipped.columns]) == (1, NATIONAL)
    assert "Belum dicocokkan" in shipped.source  # what could not be checked says so
    services.load_sheet_layout(by=Actor.system())
    assert SheetLayout.objects.count() == 1


def test_a_version_is_added_and_the_old_one_stays(shipped, administrator):
    new = laid_out(administrator, source="Permen 1/2027")
    assert (sheets.in_force(), new.number, new.made_by_name) == (new, 2, administrator.name)
    assert SheetLayout.objects.get(number=1).columns == shipped.columns
    event = Event.objects.filter(verb="sheet.laid_out").first()
    assert (event.reason, event.details["number"], event.details["columns"]) == (
        "Disamakan", 2, [list(pair) for pair in TWO],
    )  # fmt: skip


@pytest.mark.parametrize("role", ["operator", "reviewer", "approver", "executive", "auditor"])
def test_nobody_else_lays_out_a_sheet(shipped, government, role):
    person = make_actor(role, government, make_agency(government) if role == "operator" else None)
    with pytest.raises(PermissionDenied):
        laid_out(person)
    assert sheets.in_force() == shipped


def test_a_version_added_meanwhile_is_not_passed_over(shipped, administrator):
    laid_out(administrator)
    with pytest.raises(StaleVersion):
        laid_out(administrator, [("Lain", "name")])
    assert sheets.in_force().columns == [list(pair) for pair in TWO]


@pytest.mark.parametrize(
    ("title", "columns", "words"),
    [
        (" ", TWO, "Isi nama lembarnya"),
        ("Lembar", [], "perlu judul"),
        ("Lembar", [("", "name")], "perlu judul"),
        ("Lembar", [("Nama", "name"), ("Nama", "code")], "berulang: Nama"),
        ("Lembar", [("Nama", "name"), ("Warna", "colour")], "tidak dikenal: colour"),
        ("Lembar", [("Nama", "name"), ("Kosong", "")], "tidak dikenal"),
    ],
)
def test_a_layout_that_cannot_be_used_is_refused(shipped, administrator, title, columns, words):
    with pytest.raises(ValidationError) as refusal:
        laid_out(administrator, columns, title=title)
    assert words in " ".join(refusal.value.messages)
    assert sheets.in_force() == shipped


def sheet_for(client, role, government, query=""):
    client.force_login(make_membership(role, government).user)
    answer = client.get(reverse("inventory:national_sheet") + query)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [list(row) for row in book.active.values]


def test_the_export_holds_the_columns_of_the_layout_and_the_rows_of_the_list(shipped, government, client):
    make_application(government, "Zeta", number=1, functions="=1+1", platforms=["web", "mobile"], hosting="own")
    make_application(government, "Alfa", number=2)
    make_application(government, "Usai", number=3, status="retired")
    heads, *rows = sheet_for(client, "reviewer", government)
    assert heads == [head for head, _name in shipped.columns]
    assert [row[:2] for row in rows] == [["APL-2026-000002", "Alfa"], ["APL-2026-000001", "Zeta"]]
    zeta = dict(zip(NATIONAL, rows[1], strict=True))
    assert zeta["functions"] == "'=1+1" and zeta["platforms"] == "web; ponsel"
    assert [row[1] for row in sheet_for(client, "reviewer", government, "?status=retired")[1:]] == ["Usai"]
    event = Event.objects.filter(verb="applications.exported").last()
    assert (event.details["form"], event.details["layout"]) == ("national", 1)


def test_leaders_take_the_same_sheet_as_those_who_keep_the_register(shipped, administrator, government, client):
    laid_out(administrator, [("Alamat Server", "servers"), ("Nama Sistem", "name")])
    make_application(government, "Zeta", number=1, servers="10.0.0.7")
    for role in ("reviewer", "executive", "auditor"):
        assert sheet_for(client, role, government) == [["Alamat Server", "Nama Sistem"], ["10.0.0.7", "Zeta"]]


@pytest.fixture
def signed_in(client, government, shipped):
    client.force_login(make_membership("administrator", government).user)
    return client


def typed(number, rows, **given):
    return {
        "version": number, "title": "Lembar 2027", "source": "", "reason": "Disamakan dengan berkas resmi",
        "urutan": [place for place, _head, _name in rows], "judul": [head for _place, head, _name in rows],
        "isian": [name for _place, _head, name in rows], **given,
    }  # fmt: skip


def test_the_page_orders_drops_and_adds_columns(signed_in):
    page = signed_in.get(reverse("inventory:sheet_layout")).content.decode()
    assert "Versi 1 berlaku" in page and 'value="Kerangka Pengembangan"' in page
    rows = [("2", "Kode", "code"), ("1", "Nama", "name"), ("3", "", ""), ("", "Depan", "owner")]
    answer = signed_in.post(reverse("inventory:sheet_layout"), typed(1, rows), follow=True)
    assert "Versi baru lembar disimpan" in answer.content.decode()
    assert sheets.in_force().columns == [["Depan", "owner"], ["Nama", "name"], ["Kode", "code"]]


def test_a_refused_page_loses_nothing_typed(signed_in):
    rows = [("1", "Nama", "name"), ("2", "Nama", "code"), ("3", "Tanpa isi", "")]
    answer = signed_in.post(reverse("inventory:sheet_layout"), typed(1, rows))
    page = answer.content.decode()
    assert answer.status_code == 400 and "Judul kolom ini berulang: Nama" in page
    assert 'value="Tanpa isi"' in page and "Disamakan dengan berkas resmi" in page
    stale = signed_in.post(reverse("inventory:sheet_layout"), typed(7, rows[:1]))
    assert stale.status_code == 412 and 'value="Nama"' in stale.content.decode()
    assert SheetLayout.objects.count() == 1
