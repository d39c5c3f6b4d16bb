"""Every list of the register and of the portfolio asks as often for fourteen rows as for two."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.documents import services as documents
from apps.inventory import past, queries, services
from apps.inventory.models import (
    Application,
    Contract,
    Cost,
    CustomAttribute,
    ImportJob,
    RecordDocument,
    Relation,
    SavedView,
)
from tests.deactivation.web import signed_in
from tests.factories import make_actor, make_agency
from tests.inventory.doing import Office

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 14
LISTS = {
    "reviewer": (
        "/aplikasi/", "/aplikasi/?kolom=relations&kolom=costs&kolom=contracts&kolom=documents&kolom=successor",
        "/aplikasi/?pada=2199-01-01", "/aplikasi/tampilan/", "/aplikasi/ubah-sekaligus/?semua=1&atribut=hosting", "/impor/",
        "{record}", "{record}hubungan/", "{record}hubungan/dampak/", "{record}biaya/", "{record}dokumen/", "{record}riwayat/",
        "{record}kelengkapan/", "{record}gabung/", "/laporan/", "/laporan/biaya/", "/laporan/triwulan/", "/", "{api}", "{api}impact/", "/api/v1/applications/",
        "/api/v1/saved-views/", "/api/v1/imports/", "/api/v1/reorganizations/",
    ),
    "administrator": ("/pengelolaan/atribut/", "/pengelolaan/sotk/", "/serah-terima/", "/"),
    "agency_head": ("/serah-terima/", "/", "/aplikasi/"),
}  # fmt: skip


class Shelf(Office):
    """A register that grows by any number of rows of every kind."""

    def __init__(self, government):
        super().__init__(government)
        self.first = self.registered("Antrean Puskesmas")
        self.file = documents.store_generated(b"%PDF-1.4 x", by=self.reviewer, kind="import", name="daftar.xlsx")
        self.administrator = self.person("administrator")
        self.people = {
            "reviewer": self.reviewer, "administrator": self.administrator, "agency_head": self.person("agency_head"),
        }  # fmt: skip

    def grow(self, start, end):
        for number in range(start, end):
            self._record(number)
            self._around(number)

    def _record(self, number):
        other = Application.objects.create(
            government=self.government, owner=make_agency(self.government), name=f"Layanan {number}", status="registered",
            code=f"APL-2026-9{number:05d}", registered_at=self.first.registered_at, successor=self.first,
        )  # fmt: skip
        Relation.objects.create(source=other, target=self.first, description=f"Data {number}")
        for application in (self.first, other):
            Cost.objects.create(application=application, year=2000 + number, kind="hosting", amount=number)
            Contract.objects.create(
                application=application, number=str(number), vendor="PT", amount=1, starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
            )  # fmt: skip
            RecordDocument.objects.create(
                application=application, kind="manual", title=f"P{number}", location="https://a.example"
            )

    def _around(self, number):
        version = Application.objects.get(pk=self.first.pk).version
        services.edit(self.first.key, by=self.reviewer, version=version, values={"vendor": str(number)}, reason="Uji")
        SavedView.objects.create(
            government=self.government, slug=f"t-{number}", name=f"T {number}", shared="government", author_id=number,
            author_name="Seseorang",
        )  # fmt: skip
        CustomAttribute.objects.create(
            government=self.government, key=f"a{number}", label=f"Atribut {number}", kind="text"
        )
        ImportJob.objects.create(
            government=self.government, document=self.file, started_by_id=self.reviewer.person_id, status="dropped"
        )
        make_actor("operator", self.government, self.agency)
        services.plan_reorganization(
            by=self.administrator, office=make_agency(self.government), kind="rename", new_name=f"Baru {number}",
            effective_on=date(2199, 1, 1), decree="Perwali 1",
        )  # fmt: skip

    def statements(self):
        """How often each list asks, by role and address; the past is that of today."""
        told = {}
        places = {"record": f"/aplikasi/{self.first.key}/", "api": f"/api/v1/applications/{self.first.key}/"}
        for role, addresses in LISTS.items():
            client = signed_in(self.people[role])
            for address in addresses:
                with CaptureQueriesContext(connection) as asked:
                    answer = client.get(address.format(**places).replace("2199-01-01", self.today()))
                assert answer.status_code == 200, (role, address, answer.status_code)
                told[role, address] = len(asked)
        return told

    def today(self):
        return self.first.registered_at.astimezone(self.government.zone).date().isoformat()


def test_no_list_asks_more_often_for_more_rows(government):
    shelf = Shelf(government)
    shelf.grow(0, FEW)
    few = shelf.statements()
    shelf.grow(FEW, MANY)
    many = shelf.statements()
    assert not {place: (few[place], many[place]) for place in few if many[place] > few[place]}


def test_control_a_list_that_asks_for_each_row_is_noticed(government, monkeypatch):
    shelf = Shelf(government)
    shelf.grow(0, FEW)
    few = shelf.statements()
    monkeypatch.setattr(queries, "seen", past.visible)  # without what a row shows beside it
    shelf.grow(FEW, MANY)
    many = shelf.statements()
    assert ("reviewer", "/aplikasi/") in [place for place in few if many[place] > few[place]]
