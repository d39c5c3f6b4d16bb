"""Twelve days of a register under random edits, each held against what was written down by hand at its end."""

import copy
import random
from datetime import timedelta

import pytest
from django.http import QueryDict

from apps.audit.past import present
from apps.core import clock
from apps.inventory import filters, forms, past, queries, services
from apps.inventory.models import Address, Application, ReferenceCode
from tests.deactivation.web import api, signed_in
from tests.factories import make_government
from tests.inventory.doing import Office, fresh
from tests.inventory.test_past import FIRST, by_zone

pytestmark = pytest.mark.django_db
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


def lived_days():
    """An office and twelve days of random edits there; what the register said at the end of each, by hand."""
    office = Office(make_government())
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
    return office, written


@pytest.fixture(scope="module")
def lived(once):
    return once(lived_days)


@pytest.fixture
def office(lived, own):
    return own(lived)[0]


@pytest.fixture
def days(lived, own):
    return own(lived)[1]


def stood(day, by):
    with past.looking_back(past.read_moment(day.isoformat(), by_zone(by)), by=by):
        rows = queries.seen(by).prefetch_related("addresses", "references")
        return {row.code: forms.values_of(row, (*ASKED, "addresses", "reference_codes")) for row in rows}


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
