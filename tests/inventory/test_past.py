"""The register as it stood on any day, held against days written down by hand while random edits were made."""

import copy
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from apps.accounts.models import Organization
from apps.audit.past import present
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import filters, forms, past, queries, services
from apps.inventory.models import Address, Application, ReferenceCode, Relation
from tests.deactivation.web import api, page, signed_in
from tests.factories import make_agency
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 3, tzinfo=UTC)
DAYS = 12
CHOICES = {
    "name": ["Antrean", "Antrean Puskesmas", "Loket Daring"],
    "hosting": ["own", "cloud", ""],
    "year_built": [2019, 2020, None],
    "platforms": [["web"], ["web", "mobile"]],
    "servers": ["srv-1", "srv-2"],
    "addresses": [
        [],
        [("https://a.example", "public")],
        [("https://b.example", "internal"), ("https://a.example", "public")],
    ],
}
ASKED = ("name", "hosting", "year_built", "platforms", "servers")


def code(name, number):
    return ReferenceCode.objects.create(
        kind="RAL", code=name, name=f"Layanan {number}", level=1, verification="single_source", edition="uji"
    ).pk


@pytest.fixture
def days(office):
    """Twelve days of random edits; what the register said at the end of each, by hand."""
    dice, codes = random.Random(20260302), [code("RAL.90", 1), code("RAL.91", 2)]
    choices = {**CHOICES, "reference_codes": [[], codes, codes[:1]]}
    clock.travel_to(FIRST)
    records, said, written = {}, {}, []
    for number in range(DAYS):
        clock.travel_to(FIRST + timedelta(days=number))
        if number % 3 == 0:
            made = office.registered(f"Aplikasi {number}")
            records[made.code] = made
            said[made.code] = dict.fromkeys(("hosting", "servers"), "") | {
                "name": made.name,
                "year_built": None,
                "platforms": ["web"],
                "addresses": [],
                "reference_codes": [],
            }
        for _ in range(4):
            key, name = dice.choice(sorted(said)), dice.choice(sorted(choices))
            value = dice.choice(choices[name])
            services.edit(
                key, by=office.operator, version=fresh(records[key]).version, values={name: value}, reason="Uji"
            )
            said[key][name] = value
        written.append((FIRST.date() + timedelta(days=number), copy.deepcopy(said)))
    clock.travel_to(FIRST + timedelta(days=DAYS))
    return written


def stood(day, by):
    with past.looking_back(past.read_moment(day.isoformat(), by_zone(by)), by=by):
        rows = queries.seen(by).prefetch_related("addresses", "references")
        return {row.code: forms.values_of(row, (*ASKED, "addresses", "reference_codes")) for row in rows}


def by_zone(by):
    return Organization.objects.get(pk=by.government_id).zone


def plain(said):
    """Rows of their own in any order."""
    return {
        key: {name: sorted(value) if name in ("addresses", "reference_codes") else value for name, value in one.items()}
        for key, one in said.items()
    }


@pytest.mark.parametrize("who", ["operator", "reviewer"])
def test_every_day_reads_as_it_was_written_down(office, days, who):
    assert len({str(said) for _day, said in days}) == DAYS
    for day, said in days:
        assert plain(stood(day, getattr(office, who))) == plain(said)


def test_filters_and_search_work_on_that_day(office, days):
    for day, said in days:
        with past.looking_back(past.read_moment(str(day), by_zone(office.reviewer)), by=office.reviewer):
            for query, expected in (
                ("hosting=cloud", {key for key, one in said.items() if one["hosting"] == "cloud"}),
                ("q=loket", {key for key, one in said.items() if "Loket" in one["name"]}),
                ("platforms=mobile", {key for key, one in said.items() if "mobile" in one["platforms"]}),
                (
                    "addresses=a.example",
                    {key for key, one in said.items() if ("https://a.example", "public") in one["addresses"]},
                ),
            ):
                found = filters.filter_for(office.reviewer)(QueryDict(query), queryset=queries.seen(office.reviewer))
                found.request = type("Asked", (), {"actor": office.reviewer})
                assert {row.code for row in found.qs} == expected, (day, query)


def test_beside_the_past_stands_the_present(office, days):
    """The control: the same question outside, and past the shadows, is answered by today's rows."""
    day, said = days[0]
    moment = past.read_moment(str(day), by_zone(office.reviewer))
    with past.looking_back(moment, by=office.reviewer):
        then = Application.objects.count()
        with present():
            now = Application.objects.count()
    assert (then, now) == (len(said), len(days[-1][1])) and then < now


def test_nothing_is_written_in_the_past(office, days):
    made = Application.objects.first()
    with past.looking_back(past.read_moment(str(days[0][0]), by_zone(office.reviewer)), by=office.reviewer):
        with pytest.raises(RuntimeError):
            services.edit(made.pk, by=office.reviewer, version=made.version, values={"name": "Lain"}, reason="Uji")
        with pytest.raises(RuntimeError):
            Address.objects.filter(application=made).delete()


def test_the_interface_and_the_file_tell_the_same_day(office, days):
    for day, said in days[::4]:
        told = api(office.operator).get(f"/api/v1/applications/?as_of={day}&page_size=100").json()["results"]
        assert {row["code"]: row["hosting"] for row in told} == {key: one["hosting"] for key, one in said.items()}
        lines = signed_in(office.operator).get(f"/aplikasi/ekspor.csv?pada={day}&kolom=hosting&kolom=addresses")
        text = b"".join(lines.streaming_content).decode()
        assert text.count("\n") - 1 == len(said) and str(day) in lines["Content-Disposition"]
        for one in said.values():
            assert one["name"] in text


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
