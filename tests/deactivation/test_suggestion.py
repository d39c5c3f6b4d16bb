"""The suggestion against the hand-written oracle, and what it asks of desk and decision."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.audit.models import Event
from apps.core import clock
from apps.core.quarter import Quarter
from apps.deactivation import rules, services
from apps.deactivation.models import Case, DecisionItem, Recommendation
from apps.deactivation.services import papers
from apps.monitoring.models import Assessment, Period
from tests import factories_deactivation as made
from tests.deactivation import oracle_suggestion as oracle
from tests.deactivation.web import api, page, signed_in

TODAY = date(2026, 11, 22)
WHY = "Dipakai unit lain mulai Januari"


def maybe(values):
    return st.one_of(st.none(), values)


FACTS = st.fixed_dictionaries(
    {
        "verdicts": st.lists(
            st.sampled_from(["active", "low_use", "conflict", "idle", "exempt", "unreported"]), max_size=8
        ),
        "active": maybe(st.sampled_from([0, 1, 4, 5, 49, 50, 499, 500, 9000])),
        "consumers": st.integers(0, 4),
        "service": st.sampled_from(["", "public_service", "administration"]),
        "reached": maybe(st.tuples(st.integers(0, 90), st.just(90))),
        "built": maybe(st.integers(0, 30)),
        "full": st.integers(0, 100),
        "licence": st.sampled_from(["", "own", "open_source", "proprietary"]),
        "ended": st.booleans(),
        "category": st.sampled_from(["", "strategic", "high", "low"]),
        "days": maybe(st.sampled_from([0, 365, 366, 730, 731, 1460, 1461])),
        "hosting": st.sampled_from(["", "national", "own", "cloud", "third_party", "server_room"]),
    }
)


def suggest(said):
    days = said["days"]
    return rules.suggest(
        rules.Facts(
            today=TODAY,
            verdicts=tuple(said["verdicts"]),
            users=said["active"],
            consumers=said["consumers"],
            service=said["service"],
            probes=said["reached"],
            year_built=None if said["built"] is None else TODAY.year - said["built"],
            completeness=said["full"],
            licence=said["licence"],
            contract_ends_on=TODAY - timedelta(days=1) if said["ended"] else TODAY,
            security=said["category"],
            tested_on=None if days is None else TODAY - timedelta(days=days),
            hosting=said["hosting"],
        )
    )


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(FACTS)
def test_the_formula_agrees_with_the_oracle(said):
    found = suggest(said)
    assert (found.value.points, found.condition.points, found.outcome) == oracle.suggested(**said)


def test_one_by_hand():
    """Idle twice, no user, nobody lives from it, a public service: (0×4 + 0×3 + 0×2 + 100×1) ÷ 10 = 10."""
    found = rules.suggest(
        rules.Facts(
            today=TODAY,
            verdicts=("idle", "idle"),
            users=0,
            service="public_service",
            probes=(30, 90),
            year_built=2012,
            completeness=40,
            licence="own",
        )  # fmt: skip
    )
    # (33×3 + 0×2 + 40×2 + 100×2) ÷ 9 = 379 ÷ 9
    assert (found.value.points, found.value.band) == (10, "none")
    assert (found.condition.points, found.condition.band, found.outcome) == (42, "poor", "deactivate")


def test_control_another_weight_is_noticed(monkeypatch):
    said = {
        "verdicts": ["idle"], "active": 500, "consumers": 0, "service": "administration", "reached": (90, 90), "built": 1,
        "full": 90, "licence": "own", "ended": False, "category": "low", "days": 0, "hosting": "own",
    }  # fmt: skip
    assert suggest(said).value.points == oracle.suggested(**said)[0]
    monkeypatch.setitem(rules.FORMULA["axes"]["value"]["weights"], "use", 9)
    assert suggest(said).value.points != oracle.suggested(**said)[0]


@pytest.fixture
def weighed(db):
    """A case on the desk whose application was idle in a closed quarter: the formula says deactivate."""
    cast = made.make_cast()
    facts = {"year_built": 2012, "license": "own", "hosting": "own", "service_kind": "public_service"}
    application = made.make_registered(cast.owner, "Layanan Sepi", **facts)
    quarter = Quarter.of(clock.now(), cast.government.zone).plus(-1)
    period = Period.objects.create(
        government=cast.government, year=quarter.year, quarter=quarter.number, status="closed",
        opens_at=clock.now(), closes_at=clock.now() + timedelta(days=1), closed_at=clock.now(),
    )  # fmt: skip
    Assessment.objects.create(
        period=period, application=application, owner=cast.owner, verdict="idle", duty="reported", checksum="0" * 64,
        rule_version=1, evidence={"report": {"used": False, "active_users": 0}, "counters": None, "probes": None},
    )  # fmt: skip
    case = made.make_case(at="on_desk", cast=cast, application=application)
    return cast, case


def recommend(cast, case, outcome, **said):
    session = made.session_of(case)
    return services.recommend(
        case.pk, by=cast.reviewer, version=case.version, session_id=session.pk, outcome=outcome, reason="Sesuai desk",
        **said,
    )  # fmt: skip


def test_another_outcome_than_suggested_says_why(weighed):
    cast, case = weighed
    with pytest.raises(ValidationError) as refused:
        recommend(cast, case, "retain", departure="  ")
    assert set(refused.value.message_dict) == {"departure"}
    assert Case.objects.get(pk=case.pk).status == "on_desk"
    case = recommend(cast, case, "retain", departure=WHY)
    kept = case.recommendation
    assert (kept.suggested, kept.departure) == ("deactivate", WHY)
    assert kept.suggestion["value"]["points"] == 10 and kept.suggestion["outcome"] == "deactivate"
    told = Event.objects.get(verb="case.recommended", subject_id=case.pk)
    assert (told.details["suggested"], told.details["departure"]) == ("deactivate", WHY)


def test_the_suggested_outcome_needs_no_reason_and_keeps_none(weighed):
    cast, case = weighed
    kept = recommend(cast, case, "deactivate", departure=WHY).recommendation
    assert (kept.suggested, kept.departure) == ("deactivate", "")


def test_without_enough_known_nothing_is_suggested():
    found = rules.suggest(rules.Facts(today=TODAY, consumers=3, service="public_service", completeness=90))
    assert (found.value.points, found.value.band, found.outcome) == (None, "", "")


def test_pages_paper_and_api_say_it(weighed):
    cast, case = weighed
    room = f"/desk/{made.session_of(case).code}/layar/"
    body = page(signed_in(cast.reviewer), room)
    assert "Saran: nonaktifkan" in body and "disarankan rumus" in body and "recommend" in body
    assert "(0 × 4 + 0 × 3 + 0 × 2 + 100 × 1) ÷ 10 = 10" in page(signed_in(cast.head), case.get_absolute_url())
    assert api(cast.reviewer).get(f"/api/v1/cases/{case.code}/").json()["suggestion"]["outcome"] == "deactivate"
    address = f"/desk/{made.session_of(case).code}/kasus/{case.code}/rekomendasi/"
    typed = {"version": case.version, "outcome": "retain", "reason": "Masih perlu", "departure": ""}
    refused = signed_in(cast.reviewer).post(address, typed)
    assert refused.status_code == 400 and "tuliskan mengapa" in refused.content.decode()
    assert "Masih perlu" in refused.content.decode()
    done = signed_in(cast.reviewer).post(address, typed | {"departure": WHY})
    assert done.status_code == 302
    case.refresh_from_db()
    assert WHY in page(signed_in(cast.approver), case.get_absolute_url())
    assert WHY in page(signed_in(cast.approver), "/keputusan/tetapkan/")
    item = made.session_of(case).items.select_related("case__recommendation", "case__application").get()
    assert WHY in papers._minutes_row(item)["departure"]


def test_the_decision_keeps_the_suggestion_of_its_day(weighed):
    cast, case = weighed
    case = recommend(cast, case, "deactivate")
    made.decide(case, cast)
    item = DecisionItem.objects.get(case=case)
    assert item.evidence["suggestion"]["outcome"] == "deactivate"
    before = item.evidence["suggestion"]["condition"]["points"]
    application = case.application
    application.refresh_from_db()
    services_version = application.version
    application.year_built = 2026
    application.save()
    assert application.version == services_version + 1
    assert DecisionItem.objects.get(case=case).evidence["suggestion"]["condition"]["points"] == before
    assert "Saran: nonaktifkan" in page(signed_in(cast.approver), item.decision.get_absolute_url())
    assert f"{before} dari 100" in page(signed_in(cast.approver), case.get_absolute_url())


def test_the_database_refuses_a_departure_without_its_reason(weighed):
    cast, case = weighed
    kept = recommend(cast, case, "retain", departure=WHY).recommendation
    with pytest.raises(DatabaseError, match="recommendation_departure_has_reason"), transaction.atomic():
        kept.pk = None
        Recommendation.objects.bulk_create([_without_reason(kept)])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deactivation_recommendation SET departure = 'lain' WHERE case_id = %s", [case.pk])


def _without_reason(row):
    row.departure = ""
    return row
