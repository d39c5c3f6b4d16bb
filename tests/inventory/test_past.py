"""The register as it stood on any day: its list, its pages, and who may look back."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import Organization
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import past, services
from apps.inventory.models import Application, Relation
from tests.deactivation.web import api, page, signed_in
from tests.factories import make_agency
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 3, tzinfo=UTC)


def by_zone(by):
    return Organization.objects.get(pk=by.government_id).zone


def test_the_list_of_a_day_costs_the_same_for_few_and_many(office, django_assert_max_num_queries):
    clock.travel_to(FIRST)
    office.registered("Aplikasi 0")
    clock.travel_to(FIRST + timedelta(days=2))
    client, asked = signed_in(office.reviewer), "/aplikasi/?pada=2026-03-02&kolom=addresses&kolom=reference_codes"
    page(client, asked)
    with django_assert_max_num_queries(60) as one:
        assert "1 aplikasi" in page(client, asked)
    clock.travel_to(FIRST)
    for number in range(1, 5):
        office.registered(f"Aplikasi {number}")
    clock.travel_to(FIRST + timedelta(days=2))
    with django_assert_max_num_queries(len(one)):
        assert "5 aplikasi" in page(client, asked)


def lived(office, **values):
    """Registered on 2 March, renamed and moved on the 10th."""
    clock.travel_to(FIRST)
    made = office.registered("Antrean Lama", business_contact="Seksi Lama 0811", **values)
    clock.travel_to(FIRST + timedelta(days=8))
    services.edit(
        made.code, by=office.operator, version=fresh(made).version, values={"name": "Antrean Baru"}, reason="Ganti nama"
    )
    return made


def test_the_page_of_a_day_says_so_and_offers_nothing(office):
    made = lived(office)
    text = page(signed_in(office.operator), f"/aplikasi/{made.code}/?pada=2026-03-05")
    assert "Antrean Lama" in text and "Antrean Baru" not in text
    assert "Keadaan pada akhir 5 Maret 2026" in text and "Ubah keterangan" not in text
    assert "Antrean Baru" in page(signed_in(office.operator), f"/aplikasi/{made.code}/?pada=2026-03-10")
    assert "Antrean Lama" in page(signed_in(office.operator), f"/aplikasi/{made.code}/arsitektur/?pada=2026-03-05")


def test_an_instant_is_exact(office):
    made = lived(office)
    before, after = (
        (office.operator and fresh(made).history.order_by("pgh_id").values_list("pgh_created_at", flat=True))[0],
        clock.now(),
    )
    client = signed_in(office.operator)
    assert "Antrean Baru" in page(client, f"/aplikasi/{made.code}/?pada={after.isoformat().replace('+', '%2B')}")
    assert "Antrean Lama" in page(client, f"/aplikasi/{made.code}/?pada={before.isoformat().replace('+', '%2B')}")


@pytest.mark.parametrize(
    "asked,status", [("2026-02-01", 404), ("2199-01-01", 400), ("kemarin", 400), ("2026-13-40", 400)]
)
def test_days_that_cannot_be_shown(office, asked, status):
    made = lived(office)
    answer = signed_in(office.operator).get(f"/aplikasi/{made.code}/?pada={asked}")
    assert answer.status_code == status and "anggal" in answer.content.decode()


def test_leaders_read_the_past_whole(office):
    made = lived(office)
    asked = f"/aplikasi/{made.code}/?pada=2026-03-05"
    for reader in (office.reviewer, office.person("executive")):
        assert "Seksi Lama" in page(signed_in(reader), asked)


def test_who_does_not_see_the_record_today_does_not_see_its_past(office):
    made = lived(office)
    assert signed_in(office.stranger).get(f"/aplikasi/{made.code}/?pada=2026-03-05").status_code == 404
    Application.objects.filter(pk=made.pk).update(owner=office.stranger.scope_id)
    assert signed_in(office.operator).get(f"/aplikasi/{made.code}/?pada=2026-03-05").status_code == 404
    assert "Antrean Lama" in page(signed_in(office.stranger), f"/aplikasi/{made.code}/?pada=2026-03-05")
    assert "1 aplikasi" in page(signed_in(office.stranger), "/aplikasi/?pada=2026-03-05")
    assert "0 aplikasi" in page(signed_in(office.operator), "/aplikasi/?pada=2026-03-05")


def test_a_draft_of_others_stays_unseen_in_the_past(office):
    clock.travel_to(FIRST)
    begun = office.draft("Antrean Lama")
    clock.travel_to(FIRST + timedelta(days=3))
    sent = services.submit(begun.reference, by=office.operator, version=begun.version)
    made = services.register(sent.reference, by=office.reviewer, version=sent.version)
    asked = f"/aplikasi/{made.code}/?pada=2026-03-02"
    assert signed_in(office.reviewer).get(asked).status_code == 404
    assert "Antrean Lama" in page(signed_in(office.operator), asked)


def test_offices_are_called_as_they_were(office):
    made = lived(office)
    Organization.objects.filter(pk=office.agency.pk).update(name="Dinas Kesehatan dan Gizi")
    text = page(signed_in(office.operator), "/aplikasi/?pada=2026-03-05")
    assert made.code in text and "Dinas Kesehatan" in text and "dan Gizi" not in text.split("<main", 1)[1]


def test_a_younger_office_does_not_hide_its_records(office):
    """History of an office may begin after a record it owns, as in a register taken over from elsewhere."""
    clock.travel_to(FIRST + timedelta(days=30))
    late = make_agency(office.government, "Dinas Muda")
    clock.travel_to(FIRST)
    made = office.registered()
    Application.objects.filter(pk=made.pk).update(owner=late)
    clock.travel_to(FIRST + timedelta(days=31))
    assert made.code in page(signed_in(office.reviewer), "/aplikasi/?pada=2026-03-05")


def test_the_public_does_not_look_back(office, client):
    made = lived(office)
    assert client.get(f"/api/v1/applications/{made.code}/").status_code == 200
    assert client.get(f"/api/v1/applications/{made.code}/?as_of=2026-03-05").status_code == 401
    assert client.get("/api/v1/applications/?as_of=2026-03-05").status_code == 401


def test_one_record_of_a_day_by_the_interface(office):
    made = lived(office, addresses=[("https://antrean.example", "internal")])
    told = api(office.operator).get(f"/api/v1/applications/{made.code}/?as_of=2026-03-05").json()
    assert told["name"] == "Antrean Lama" and told["addresses"] == [
        {"url": "https://antrean.example", "kind": "internal"}
    ]
    assert api(office.operator).get(f"/api/v1/applications/{made.code}/?as_of=besok").status_code == 400
    assert api(office.operator).get(f"/api/v1/applications/{made.code}/?as_of=2026-02-01").status_code == 404
    assert api(office.stranger).get(f"/api/v1/applications/{made.code}/?as_of=2026-03-05").status_code == 404


def test_a_future_day_is_refused_by_the_rule(office):
    with pytest.raises(RuleViolation):
        past.read_moment("2199-01-01", by_zone(office.reviewer))


def test_who_was_hurt_on_a_day_is_shown_as_it_was(office):
    clock.travel_to(FIRST)
    made, taker = office.registered("Kependudukan"), office.registered("Antrean")
    relation = Relation.objects.create(source=made, target=taker, direction="sends")
    clock.travel_to(FIRST + timedelta(days=3))
    relation.delete()
    services.edit(taker.key, by=office.reviewer, version=fresh(taker).version, values={"name": "Loket"}, reason="Uji")
    client, path = signed_in(office.reviewer), f"/aplikasi/{made.code}/hubungan/dampak/"
    then = page(client, f"{path}?pada={FIRST.date()}")
    assert "1 aplikasi terganggu" in then and "Antrean" in then and "Loket" not in then
    assert "1 aplikasi terganggu" not in page(client, path)
    assert client.get(f"{path}?pada=2026-01-01").status_code == 404
