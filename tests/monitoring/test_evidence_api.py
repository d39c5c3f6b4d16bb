"""The REST doors of counters, keys and probes: what each reader is told, each act once, the order of refusals."""

import pytest
from rest_framework.test import APIClient

from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring import services
from apps.monitoring.models import Probe, UsageToken
from tests import factories
from tests.monitoring.browser import api
from tests.monitoring.world import World, at

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
LISTS = ("usage-days", "usage-totals", "usage-tokens", "probes", "probe-totals")


@pytest.fixture
def world(government):
    return World(government)


@pytest.fixture
def counted(world):
    application = world.application()
    clock.travel_to(at("2025-02-04T05:00"))
    services.receive_usage(application, [{"day": at("2025-02-03T00:00").date(), "active_users": 3, "transactions": 9}])
    for outcome, why in (("refused", "address"), ("unreached", "status")):
        Probe.objects.create(
            application=application, url="http://10.1.1.1/", at=clock.now(), outcome=outcome, why=why, status_code=503,
            latency_ms=12, redirected_to="http://10.9.9.9/",
        )  # fmt: skip
    services.create_usage_token(application.pk, by=world.operator)
    world.close(world.open(Quarter(2025, 1)))
    return application


def rows(client, path):
    answer = client.get(ROOT + path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_lists_are_for_those_who_see_the_application(world, counted):
    neighbour = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    stranger = factories.make_actor("reviewer", factories.make_government("Kota Lain"))
    for name in LISTS:
        for actor in (world.operator, world.reviewer):
            found = rows(api(actor), f"{name}/?application={counted.code}")
            assert found and {row["application"] for row in found} == {counted.code}
            assert api(actor).get(f"{ROOT}{name}/{found[0]['id']}/").status_code == 200
        for actor in (neighbour, stranger):
            assert rows(api(actor), f"{name}/") == []
            assert api(actor).get(f"{ROOT}{name}/{found[0]['id']}/").status_code == 404
        assert APIClient().get(f"{ROOT}{name}/").status_code == 401
        assert api(world.operator).get(f"{ROOT}{name}/?warna=merah").status_code == 400


def test_what_was_counted_is_told_by_day_and_by_quarter(world, counted):
    client = api(world.operator)
    day = rows(client, "usage-days/?since=2025-02-01&until=2025-02-28")[0]
    assert (day["day"], day["active_users"], day["source"]) == ("2025-02-03", 3, "pushed")
    assert rows(client, "usage-days/?since=2025-02-04") == []
    total = rows(client, "usage-totals/?span=quarter&starts_on=2025-01-01")[0]
    assert (total["days"], total["active_users"], len(total["checksum"])) == (1, 3, 64)
    totals = rows(client, "probe-totals/?span=quarter")[0]
    assert (totals["completed"], totals["reached"], totals["not_completed"]) == (1, 0, 1)


def test_an_owner_is_never_told_why_an_address_was_not_asked(world, counted):
    owner, reviewer = api(world.operator), api(world.reviewer)
    assert {row["why"] for row in rows(reviewer, "probes/")} == {"address", "status"}
    seen = rows(owner, "probes/")
    assert {row["outcome"] for row in seen} == {"skipped", "unreached"}
    hidden = ("why", "status_code", "latency_ms", "redirected_to")
    assert {row[name] for row in seen for name in hidden} == {None}
    assert rows(owner, "probes/?outcome=refused") == [] and len(rows(reviewer, "probes/?outcome=refused")) == 1


def test_a_key_is_made_told_once_and_ended(world, counted):
    client, path = api(world.operator), f"{ROOT}usage-tokens/"
    made = client.post(path, {"application": counted.code}, format="json")
    assert made.status_code == 201 and made["Cache-Control"] == "no-store", made.content
    plain = made.json()["token"]
    assert UsageToken.objects.usable().filter(token_hash=services.hash_of(plain)).exists()
    assert plain not in client.get(path).content.decode()
    pk = made.json()["id"]
    auditor = api(factories.make_actor("auditor", world.government))
    stranger = api(factories.make_actor("operator", world.government, factories.make_agency(world.government)))
    for who, statuses in ((auditor, (403, 403)), (stranger, (404, 404)), (APIClient(), (401, 401))):
        answers = (who.post(path, {"application": counted.code}, format="json"), who.post(f"{path}{pk}/revoke/"))
        assert tuple(answer.status_code for answer in answers) == statuses
    assert client.post(path, {"application": counted.code, "warna": 1}, format="json").status_code == 400
    assert client.post(path, {}, format="json").status_code == 400
    assert client.post(f"{path}{pk}/revoke/", {"alasan": "x"}, format="json").status_code == 400
    assert client.post(f"{path}{pk}/revoke/").json()["revoked_at"]
    assert client.post(f"{path}{pk}/revoke/").status_code == 409
