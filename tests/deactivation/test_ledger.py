"""The ledger of savings against sums worked out by hand; one contract is counted once."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import services
from apps.deactivation.models import Case
from apps.deactivation.queries import ledger, savings_total
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db
PATH = "/penghematan/"
JAKARTA = ZoneInfo("Asia/Jakarta")
MILLION = 1_000_000


def two_decided():
    """Planned 30 and verified 24 million, retired on 15 April 2026; planned 10 million, not verified, not retired."""
    clock.travel_to(datetime(2026, 3, 2, 9, tzinfo=JAKARTA))
    cast = made.make_cast()
    case = made.make_case(at="recommended", cast=cast)
    case = made.decide(
        case, cast, planned_saving=Decimal(30 * MILLION), contract="K-1/2026", effective_on=date(2026, 4, 15)
    )
    saving = case.savings.get()
    services.verify_saving(saving.pk, by=cast.treasurer, version=saving.version, amount=Decimal(24 * MILLION))
    other = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=Decimal(10 * MILLION))
    for state in ("executing", "executed"):
        case = made._STEPS[state](case, cast, None, None)
    clock.travel_to(datetime(2027, 2, 10, 9, tzinfo=JAKARTA))
    return cast, case, other


@pytest.fixture(scope="module")
def stands(once):
    return once(two_decided)


@pytest.fixture
def town(stands, own):
    return own(stands)


def test_a_twelfth_for_each_full_month():
    assert ledger.expected(Decimal(12), date(2025, 3, 10), date(2026, 2, 15)) == {2025: 9, 2026: 1}
    assert ledger.expected(Decimal(12), date(2025, 3, 10), date(2025, 4, 30)) == {}
    assert ledger.expected(Decimal(12), date(2025, 3, 31), date(2025, 5, 1)) == {2025: 1}


def test_planned_verified_realised_by_hand(town):
    """May to December 2026 are eight months of two million, January 2027 is one."""
    cast, case, _other = town
    found = ledger.ledger(cast.reviewer)
    assert (found.total.planned, found.total.verified, found.total.counted) == (
        40 * MILLION,
        24 * MILLION,
        34 * MILLION,
    )
    assert dict(found.total.expected) == {2026: 16 * MILLION, 2027: 2 * MILLION}
    assert dict(found.total.realised) == {}
    assert [(year, sums.planned, sums.expected.get(year, 0)) for year, sums in found.years] == [
        (2027, 40 * MILLION, 2 * MILLION),
        (2026, 40 * MILLION, 16 * MILLION),
    ]
    assert [(office.pk, sums.counted) for office, sums in found.offices] == [(cast.owner.pk, 34 * MILLION)]
    assert case.retired_at.astimezone(JAKARTA).date() == date(2026, 4, 15)


def test_the_total_has_one_home(town):
    cast, _case, _other = town
    home = savings_total(Case.objects.visible_to(cast.reviewer))
    found = ledger.ledger(cast.reviewer)
    assert home == {"planned": found.total.planned, "verified": found.total.verified}
    assert home["planned"] == sum(line.planned for line in found.lines)


def test_a_contract_is_never_counted_twice_and_a_void_saving_not_at_all(town):
    cast, _case, other = town
    twin = made.make_case(at="recommended", cast=cast)
    with pytest.raises(RuleViolation, match="K-1/2026"):
        made.decide(twin, cast, planned_saving=Decimal(5 * MILLION), contract=" k-1/2026 ")
    assert ledger.ledger(cast.reviewer).total.planned == 40 * MILLION
    services.annul(other.pk, by=cast.approver, version=other.version, number="188/9", reason="Keliru")
    found = ledger.ledger(cast.reviewer)
    assert (found.total.planned, found.void, len(found.lines)) == (30 * MILLION, 1, 1)


def test_an_application_back_in_service_saves_no_more(town):
    cast, case, _other = town
    case = made._STEPS["closed"](case, cast, None, None)
    again = services.nominate(
        case.application_id, by=cast.head, ground="owner_request", reason="Perlu", kind="reactivation"
    )
    services.add_to_agenda(made.make_session(cast).pk, by=cast.reviewer, case_ids=[again.pk])
    again.refresh_from_db()
    services.recommend(
        again.pk, by=cast.reviewer, version=again.version, session_id=made.session_of(again).pk,
        outcome="reactivate", reason="Perlu",
    )  # fmt: skip
    made.decide(again, cast)
    clock.travel_to(datetime(2027, 12, 1, 9, tzinfo=JAKARTA))
    assert dict(ledger.ledger(cast.reviewer).total.expected) == {2026: 16 * MILLION, 2027: 2 * MILLION}


def test_page_endpoint_and_files_tell_the_readers_own(town, django_assert_max_num_queries):
    cast, case, _other = town
    saving = case.savings.get()
    services.record_realised(
        saving.pk, by=cast.treasurer, version=saving.version, year=2026, amount=Decimal(17 * MILLION), basis="DPA 2026"
    )
    client = signed_in(cast.head)
    body = page(client, PATH)
    assert "Rp17.000.000 terealisasi menurut BKAD" in body
    assert "Rp24.000.000 hemat setahun" in body and "Rp34.000.000" in body and case.code in body
    told = api(cast.head).get("/api/v1/cases/savings/").json()
    assert told["total"]["realised"] == {"2026": 17 * MILLION}
    assert told["total"]["with_unverified"] == 34 * MILLION and told["total"]["expected"]["2026"] == 16 * MILLION
    lines = client.get(PATH + "ekspor.csv").content.decode().splitlines()
    assert len(lines) == 3 and lines[1].endswith("2026,30000000,24000000,16000000,2000000,17000000,")
    assert client.get(PATH + "ekspor.xlsx").status_code == 200 and client.get(PATH + "ekspor.pdf").status_code == 404
    assert Event.objects.filter(verb="savings.exported").count() == 2
    stranger = factories.make_actor("agency_head", cast.government, factories.make_agency(cast.government))
    assert "Belum ada penghematan" in page(signed_in(stranger), PATH)
    with django_assert_max_num_queries(7):
        ledger.ledger(cast.reviewer)
