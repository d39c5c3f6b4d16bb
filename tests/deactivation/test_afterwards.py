"""An executed case whose address answers again: seen by both sides, told, and ended only by silence or a decided case."""

from datetime import timedelta

import pytest

from apps.audit.models import Event
from apps.core import clock
from apps.core.quarter import Quarter
from apps.deactivation import services
from apps.inventory.models import Address, Application
from apps.monitoring import services as monitoring
from apps.monitoring.models import Finding, GoneCheck, ProbeTarget
from apps.monitoring.services.asking import Result
from apps.notifications.models import Notification
from apps.notifications.services import tell_some
from tests import factories_deactivation as made
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db
URL = "https://lama.example/"


def answers_again():
    """Executed a month ago; the address answered this morning."""
    cast = made.make_cast()
    period = monitoring.schedule_period(cast.government, Quarter.of(clock.now(), cast.government.zone).previous())
    clock.travel_to(max(clock.now(), period.opens_at))
    monitoring.open_period(period.pk, by=cast.system)
    clock.travel_to(max(clock.now(), period.closes_at))
    monitoring.close_period(period.pk, by=cast.system)
    application = made.make_registered(cast.owner, "Arsip Lama")
    Address.objects.create(application=application, url=URL, kind="public")
    case = made.make_case(at="executed", cast=cast, application=application)
    made.travel_to_day(case.effective_on + timedelta(days=30), cast.government.time_zone)
    answered(Result("reached", status_code=200))
    return cast, case


@pytest.fixture(scope="module")
def stands(once):
    return once(answers_again)


@pytest.fixture
def both(stands, own):
    return own(stands)


@pytest.fixture
def cast(both):
    return both[0]


@pytest.fixture
def case(both):
    return both[1]


def answered(result):
    """The day's round got this from the address."""
    monitoring.plan_probes()
    ProbeTarget.objects.filter(url=URL).update(due_at=clock.now(), asked_at=None, leased_until=None)
    ProbeTarget.objects.exclude(url=URL).delete()
    target = monitoring.lease_target()
    return target and monitoring.keep_probe(target, result)


def reappeared():
    return Finding.objects.get(kind="reappeared")


def test_both_sides_see_it_where_they_look(cast, case):
    code = reappeared().code
    for person in (cast.operator, cast.reviewer):
        client = signed_in(person)
        on_case = page(client, f"/kasus/{case.code}/")
        assert "masih menjawab" in on_case and code in on_case and URL in on_case
        assert "Hari ke-30" in page(client, f"/aplikasi/{case.application.code}/pemantauan/")
        on_finding = page(client, f"/temuan/{code}/")
        assert URL in on_finding and "dijadwalkan" in on_finding
        listed = api(person).get("/api/v1/gone-checks/", {"application": case.application.code}).json()["results"]
        assert sorted((row["after_days"], row["status"]) for row in listed) == [(30, "answers"), (90, "waiting")]
        assert api(person).get(f"/api/v1/findings/{code}/").json()["kind"] == "reappeared"
    assert "pengaktifan kembali" in page(signed_in(cast.reviewer), f"/temuan/{code}/")


def test_owner_and_reviewers_are_told_once(cast, case):
    while tell_some():
        pass
    assert tell_some() == 0
    told = Notification.objects.filter(event__verb="finding.reappeared")
    people = sorted(told.values_list("person_id", flat=True))
    assert {cast.operator.person_id, cast.head.person_id, cast.reviewer.person_id} <= set(people)
    assert len(people) == len(set(people))


def closed(case, cast):
    case = made.finish_phase(case, cast, "after")
    return services.close(case.pk, by=cast.reviewer, version=case.version)


def again(cast, case, outcome):
    """A reactivation from the finding, up to the recommendation."""
    closed(case, cast)
    finding = reappeared()
    fresh = services.nominate(
        case.application_id,
        by=cast.head,
        ground="owner_request",
        finding_id=finding.pk,
        reason="Dipakai",
        kind="reactivation",
    )
    assert reappeared().status == "taken_up" and still_retired(case)
    services.add_to_agenda(made.make_session(cast).pk, by=cast.reviewer, case_ids=[fresh.pk])
    fresh.refresh_from_db()
    desk = made.session_of(fresh).pk
    services.recommend(
        fresh.pk, by=cast.reviewer, version=fresh.version, session_id=desk, outcome=outcome, reason="Hasil desk"
    )
    assert still_retired(case), "nothing but the decision brings it back"
    return fresh


def still_retired(case):
    return Application.objects.get(pk=case.application_id).status == "retired"


def test_only_the_decision_brings_it_back_and_ends_the_finding(cast, case):
    fresh = again(cast, case, "reactivate")
    made.decide(fresh, cast)
    assert not still_retired(case) and reappeared().status == "closed"
    assert set(GoneCheck.objects.values_list("status", flat=True)) == {"ended"}
    answered(Result("reached"))
    assert reappeared().status == "closed", "a registered application may answer"


def test_declined_it_stays_retired_and_an_answer_is_found_anew(cast, case):
    fresh = again(cast, case, "decline")
    made.decide(fresh, cast)
    assert still_retired(case) and reappeared().status == "closed"
    answered(Result("reached"))
    assert list(Finding.objects.filter(kind="reappeared").order_by("pk").values_list("status", flat=True)) == [
        "closed",
        "open",
    ]


def test_withdrawn_it_stays_retired_and_is_set_aside(cast, case):
    closed(case, cast)
    fresh = services.nominate(
        case.application_id, by=cast.reviewer, ground="need_ended", finding_id=reappeared().pk, kind="reactivation"
    )
    services.withdraw(fresh.pk, by=cast.reviewer, version=fresh.version, reason="Halaman pemberitahuan")
    assert still_retired(case) and reappeared().status == "dismissed"
    assert not Event.objects.filter(verb="application.reactivated").exists()
