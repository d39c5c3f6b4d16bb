"""The strip of days: an owner sees whether an address opens, a reviewer also why it was not asked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.core import clock
from apps.inventory.models import Address
from apps.monitoring.models import Probe
from tests import factories
from tests.monitoring.browser import signed_in
from tests.monitoring.world import World, at

pytestmark = pytest.mark.django_db
INNER, OUTER = "http://10.3.4.5/", "https://antrean.tirtaraya.example/"


@pytest.fixture
def world(government):
    world = World(government)
    clock.travel_to(at("2025-02-04T05:00"))
    return world


def shown(actor, application):
    answer = signed_in(actor).get(reverse("monitoring:application", args=[application.code]))
    assert answer.status_code == 200
    return answer.content.decode(), {row["address"].url: row for row in answer.context["addresses"]}


def probe(application, address, days_ago, outcome, **more):
    Probe.objects.create(
        application=application, url=address, at=clock.now() - timedelta(days=days_ago), outcome=outcome, **more
    )


def test_an_owner_learns_whether_and_a_reviewer_why(world):
    application = world.application()
    for address in (INNER, OUTER):
        Address.objects.create(application=application, url=address, kind="public")
    probe(application, INNER, 0, "refused", why="address")
    probe(
        application,
        OUTER,
        0,
        "unreached",
        why="status",
        status_code=503,
        latency_ms=1204,
        redirected_to="https://masuk.example/",
    )
    secrets = ("jaringan dalam yang tidak diizinkan", "HTTP 503", "1.204 md", "masuk.example")
    page, rows = shown(world.operator, application)
    assert [secret for secret in secrets if secret in page] == []
    assert (rows[INNER]["word"]["label"], rows[OUTER]["word"]["label"]) == ("belum diperiksa", "tidak terbuka")
    for role in ("reviewer", "auditor"):
        page, rows = shown(factories.make_actor(role, world.government), application)
        assert [secret for secret in secrets if secret not in page] == [], role


def test_a_day_is_what_its_last_probe_said_on_the_wall_calendar(world):
    application = world.application()
    Address.objects.create(application=application, url=OUTER, kind="public")
    probe(application, OUTER, 0, "unreached", why="connect")
    probe(application, OUTER, 1, "reached", status_code=200, certificate_ends=at("2025-02-20T00:00"))
    probe(application, OUTER, 40, "reached")
    Probe.objects.create(
        application=application, url=OUTER, at=at("2025-02-01T18:00"), outcome="skipped", why="own_outage"
    )
    _page, rows = shown(world.reviewer, application)
    looks = [cell["look"] for cell in rows[OUTER]["cells"]]
    assert looks == ["unknown"] * 28 + ["open", "shut"]
    assert "terbuka 1 hari, tidak terbuka 1 hari" in rows[OUTER]["spoken"]
    probe(application, OUTER, 0, "reached", certificate_ends=at("2025-02-20T00:00"))
    page, rows = shown(world.operator, application)
    assert rows[OUTER]["certificate"]["soon"] and "16 hari lagi" in page
    probe(application, OUTER, 0, "reached", certificate_ends=at("2025-01-31T00:00"))
    assert "sudah berakhir 31 Januari 2025" in shown(world.operator, application)[0]


def test_the_page_asks_as_often_for_one_address_as_for_many(world, django_assert_max_num_queries):
    application = world.application()
    for number in range(8):
        address = f"https://{number}.example/"
        Address.objects.create(application=application, url=address, kind="public")
        for back in range(5):
            probe(application, address, back, "reached")
    client = signed_in(world.operator)
    with django_assert_max_num_queries(30):
        assert client.get(reverse("monitoring:application", args=[application.code])).status_code == 200
