"""The daily round: what an answer means, who is asked when, one at a time per host, nothing lost, no blame for our outage."""

import socket
from datetime import date, timedelta
from threading import Event as Signal
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory.models import Address, Application
from apps.monitoring import services, tasks
from apps.monitoring.models import Probe, ProbeTarget
from apps.monitoring.services import asking, probes
from apps.monitoring.services.asking import Result, ask
from tests import factories
from tests.canary import Resolver, serving, watching
from tests.core.local_site import Site, certificate
from tests.monitoring.world import World, at
from tests.processes import free_port

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Jakarta")
NOW = "2025-02-03T03:00"


@pytest.fixture
def world(government):
    return World(government)


@pytest.fixture
def site(settings):
    with serving(Site()) as server:
        settings.OUTBOUND_ALLOWED = [f"127.0.0.0/8:{server.port}"]
        settings.PROBES = True
        yield server


def declare(world, url, kind="public", name=None):
    application = world.application(name or f"Aplikasi {url}")
    Address.objects.create(application=application, url=url, kind=kind)
    return application


def due_now():
    ProbeTarget.objects.update(due_at=clock.now(), asked_at=None)


@pytest.mark.parametrize(
    "path, outcome, why, status, asked",
    [
        ("/", "reached", "", 200, ["HEAD"]),
        ("/status?status=404", "unreached", "status", 404, ["HEAD", "GET"]),
        ("/status?status=410", "unreached", "status", 410, ["HEAD", "GET"]),
        ("/status?status=503", "unreached", "status", 503, ["HEAD", "GET"]),
        ("/status?status=401", "reached", "", 401, ["HEAD", "GET"]),
        ("/status?status=429", "reached", "", 429, ["HEAD", "GET"]),
        ("/status?head=405&get=200", "reached", "", 200, ["HEAD", "GET"]),
        ("/status?head=500&get=206", "reached", "", 206, ["HEAD", "GET"]),
    ],
)
def test_an_answer_below_500_opens_and_a_page_that_is_gone_does_not(site, path, outcome, why, status, asked):
    result = ask(site.page(path), "public")
    assert (result.outcome, result.why, result.status_code) == (outcome, why, status)
    assert [method for method, _path, _headers in site.seen] == asked
    assert all(headers["User-Agent"] == asking.AGENT for _method, _path, headers in site.seen)
    assert all("Range" in headers for method, _path, headers in site.seen if method == "GET")


def test_an_unchanged_page_is_not_sent_again(site):
    first = ask(site.page("/?etag=v1"), "public")
    again = ask(site.page("/?etag=v1"), "public", first.etag)
    assert (first.etag, first.status_code, again.status_code, again.outcome) == ('"v1"', 200, 304, "reached")


def test_a_redirect_is_followed_to_its_end_and_told(site):
    result = ask(site.redirecting("/selesai"), "public")
    assert (result.outcome, result.redirected_to) == ("reached", site.page("/selesai"))
    assert {headers["User-Agent"] for _method, _path, headers in site.seen} == {asking.AGENT}
    assert ask(site.redirecting("http://10.0.0.1/"), "public") == Result("refused", "address")


def test_a_bad_certificate_is_noted_and_the_application_still_opens(tmp_path, settings):
    ends = certificate(tmp_path / "kunci.pem", days=-3)
    with serving(Site(tmp_path / "kunci.pem")) as site:
        settings.OUTBOUND_ALLOWED = [f"127.0.0.1/32:{site.port}"]
        result = ask(site.page("/"), "public")
    assert (result.outcome, result.why, result.certificate_ends) == ("reached", "certificate", ends)


def test_what_does_not_answer_and_what_is_not_asked(settings, monkeypatch):
    gone, mute = socket.gaierror(socket.EAI_NONAME, "x"), socket.gaierror(socket.EAI_AGAIN, "x")
    names = {"hilang.example": [gone], "bisu.example": [mute], "dalam.example": [["10.1.1.1"]]}
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(names))
    port = free_port()
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1/32:{port}"]
    for url, kind, outcome, why in (
        (f"http://127.0.0.1:{port}/", "public", "unreached", "connect"),
        ("http://hilang.example/", "public", "unreached", "name_gone"),
        ("http://bisu.example/", "public", "skipped", "name_unanswered"),
        ("http://dalam.example/", "public", "refused", "address"),
        ("http://dalam.example/", "internal", "refused", "address"),
        ("http://93.184.215.14/", "internal", "refused", "address"),
        ("http://127.0.0.1:22/", "public", "refused", "port"),
        ("ftp://hilang.example/", "public", "refused", "scheme"),
        ("http://a:b@hilang.example/", "public", "refused", "credentials"),
    ):
        with watching():
            result = ask(url, kind)
        assert (result.outcome, result.why) == (outcome, why), url


def test_an_inner_address_is_asked_where_the_installation_allows_it(site):
    assert ask(site.page("/"), "internal").outcome == "reached"


def test_the_round_follows_the_register(world, site):
    clock.travel_to(at(NOW))
    application = declare(world, site.page("/a"))
    Address.objects.create(application=application, url=site.page("/b"), kind="public")
    assert (services.plan_probes(), services.plan_probes()) == (2, 0)
    assert all(at(NOW) <= row.due_at <= clock.now() + probes.FIRST_WITHIN for row in ProbeTarget.objects.all())
    Address.objects.filter(url=site.page("/b")).delete()
    services.plan_probes()
    assert ProbeTarget.objects.get().url == site.page("/a")
    Address.objects.update(kind="internal")
    assert services.plan_probes() == 1 and ProbeTarget.objects.get().kind == "internal"
    Application.objects.filter(pk=application.pk).update(status="retired", retired_at=clock.now())
    services.plan_probes()
    assert not ProbeTarget.objects.exists()


def test_an_address_has_its_own_hour_and_one_turn_a_day():
    hours = set()
    for number in range(200):
        url = f"https://aplikasi-{number}.example/"
        due = {probes.next_due(url, at(f"2025-02-03T{text}"), ZONE) for text in ("00:00", "03:00", "16:59:59")}
        assert len(due) == 1, "whenever it was asked on the third"
        hour = due.pop()
        assert hour.date() == date(2025, 2, 4)
        assert probes.next_due(url, hour, ZONE) == hour + timedelta(days=1)
        hours.add(hour.hour)
    assert hours == set(range(24))


def test_a_round_writes_what_it_learned_once_a_day(world, site):
    clock.travel_to(at(NOW))
    good, bad = declare(world, site.page("/")), declare(world, site.answering(503))
    tasks.probe_declared_addresses()
    assert not Probe.objects.exists(), "not due yet"
    for _day in range(3):
        clock.travel_to(ProbeTarget.objects.latest("due_at").due_at)
        for _turn in range(3):
            ProbeTarget.objects.update(asked_at=None)  # the pause between two questions to one host
            tasks.probe_declared_addresses()
    outcomes = list(Probe.objects.order_by("application_id", "at").values_list("application_id", "outcome"))
    assert outcomes == [(good.pk, "reached")] * 3 + [(bad.pk, "unreached")] * 3
    first = Probe.objects.filter(application=good).first()
    assert first.status_code == 200 and first.latency_ms is not None
    assert (
        ProbeTarget.objects.get(application=good).reached_at and not ProbeTarget.objects.get(application=bad).reached_at
    )


def test_an_installation_may_leave_the_round_out(world, site, settings):
    settings.PROBES = False
    declare(world, site.page("/"))
    tasks.probe_declared_addresses()
    assert not ProbeTarget.objects.exists()


def test_a_round_killed_on_its_way_is_taken_up_when_the_lease_ends(world, site):
    declare(world, site.page("/"))
    services.plan_probes()
    due_now()
    lost = services.lease_target()
    assert lost and services.lease_target() is None and services.probe_due(seconds=5) == 0
    clock.travel_to(lost.leased_until + timedelta(seconds=1))
    assert services.probe_due(seconds=5) == 1 and Probe.objects.count() == 1
    assert services.keep_probe(lost, Result("unreached", "connect")) is None, "a lost lease writes nothing"
    assert Probe.objects.count() == 1


def test_our_own_outage_blames_nobody_and_is_asked_again_soon(world, settings):
    clock.travel_to(at(NOW))
    dead = free_port()
    settings.OUTBOUND_ALLOWED = [f"127.0.0.0/8:{dead}"]
    for number in range(1, 4):
        declare(world, f"http://127.0.0.{number}:{dead}/")
    services.plan_probes()
    due_now()
    services.probe_due(seconds=5)
    assert set(Probe.objects.values_list("outcome", "why")) == {("skipped", "own_outage")}
    waits = {row.due_at - row.asked_at for row in ProbeTarget.objects.all()}
    assert waits == {probes.RETRY_AFTER_OUTAGE}


def test_a_dead_address_is_dead_while_a_reference_answers(world, site, settings):
    clock.travel_to(at(NOW))
    dead = free_port()
    settings.OUTBOUND_ALLOWED = [f"127.0.0.0/8:{dead}", f"127.0.0.1/32:{site.port}"]
    settings.PROBE_REFERENCES = [site.page("/acuan")]
    declare(world, f"http://127.0.0.2:{dead}/")
    services.plan_probes()
    due_now()
    services.probe_due(seconds=5)
    assert list(Probe.objects.values_list("outcome", "why")) == [("unreached", "connect")]
    settings.PROBE_REFERENCES = []
    ProbeTarget.objects.create(
        application=declare(world, site.page("/")), url=site.page("/hidup"), kind="public", host="127.0.0.1",
        due_at=clock.now() + timedelta(days=1), reached_at=clock.now(),
    )  # fmt: skip
    due_now()
    ProbeTarget.objects.filter(host="127.0.0.1").update(due_at=clock.now() + timedelta(days=1))
    services.probe_due(seconds=5)
    assert set(Probe.objects.values_list("outcome", "why")) == {("unreached", "connect")}


def test_two_addresses_of_one_host_are_never_asked_together(world, site):
    declare(world, site.page("/a"))
    declare(world, site.page("/b"))
    services.plan_probes()
    due_now()
    first = services.lease_target()
    assert services.lease_target() is None
    services.keep_probe(first, Result("reached"))
    assert services.lease_target() is None, "the host gets a pause"
    ProbeTarget.objects.update(asked_at=clock.now() - probes.HOST_PAUSE)
    assert services.lease_target().url != first.url


def lease_while_another_is_open():
    """Two workers in the same instant: the second asks for its lease before the first has committed."""
    taken, go_on, answers = Signal(), Signal(), []

    def first():
        try:
            with transaction.atomic():
                answers.append(probes._lease(clock.now()))
                taken.set()
                go_on.wait(30)
        finally:
            connection.close()

    def second():
        try:
            assert taken.wait(30)
            answers.append(services.lease_target())
        finally:
            connection.close()

    workers = [Thread(target=first), Thread(target=second)]
    for worker in workers:
        worker.start()
    assert taken.wait(30)
    workers[1].join(0.5)
    go_on.set()
    for worker in workers:
        worker.join(30)
    return [target.url for target in answers if target]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_workers_one_gets_the_host_and_without_the_constraint_both_do(guarded):
    world = World(factories.make_government())
    for letter in "ab":
        declare(world, f"http://satu.example/{letter}")
    services.plan_probes()
    due_now()
    constraint = next(c for c in ProbeTarget._meta.constraints if c.name == "target_one_at_a_time_per_host")
    if not guarded:
        with connection.schema_editor() as editor:
            editor.remove_constraint(ProbeTarget, constraint)
    try:
        leased = lease_while_another_is_open()
    finally:
        if not guarded:
            ProbeTarget.objects.update(leased_until=None)
            with connection.schema_editor() as editor:
                editor.add_constraint(ProbeTarget, constraint)
    assert len(leased) == (1 if guarded else 2)


def test_thirty_dead_days_and_a_report_of_use_are_a_conflict(world, settings):
    """From the round to the verdict: what product rule 2 calls unreachable."""
    dead = free_port()
    with serving(Site()) as reference:
        settings.OUTBOUND_ALLOWED = [f"127.0.0.0/8:{dead}", f"127.0.0.1/32:{reference.port}"]
        settings.PROBE_REFERENCES = [reference.page("/")]
        clock.travel_to(at("2024-12-30T00:00"))
        application = declare(world, f"http://127.0.0.9:{dead}/")
        services.plan_probes()
        start = date(2025, 1, 2)
        for step in range(30):
            clock.travel_to(at(f"{start + timedelta(days=step)}T03:00"))
            due_now()
            services.probe_due(seconds=5)
    world.run(application, Quarter(2025, 1), report={"used": True, "users": 5, "transactions": 5})
    evidence = application.assessments.get().evidence["probes"]
    assert (evidence["completed"], evidence["days"], evidence["reached"]) == (30, 30, 0)
    assert application.assessments.get().verdict == "conflict"
