"""After retirement: addresses are expected gone; one that answers is found, told once, and resolved when it falls silent."""

import signal
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import GovernmentPolicy
from apps.audit.models import Event
from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory import services as inventory
from apps.inventory.models import Address, Application, Standing
from apps.monitoring import services
from apps.monitoring.models import Finding, GoneCheck, Probe, ProbeTarget
from apps.monitoring.services.afterwards import judge_gone
from apps.monitoring.services.asking import Result
from apps.monitoring.services.probes import HOST_PAUSE
from tests import factories
from tests.killing import kill_when_it_waits
from tests.monitoring.world import SYSTEM, World, at
from tests.processes import await_that

pytestmark = pytest.mark.django_db
RETIRED = "2025-02-01T02:00"  # nine in the morning in Jakarta
REACHED, SILENT = Result("reached", status_code=200), Result("unreached", "name_gone")
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
KEEP = """
from apps.monitoring import services
from apps.monitoring.services.asking import Result
services.keep_probe(services.lease_target(), Result("reached"))
"""


def made(government):
    world = World(government)
    world.close(world.open(Quarter(2024, 4)))
    clock.travel_to(at(RETIRED))
    return world


@pytest.fixture
def world(government):
    return made(government)


def retire(world, *urls, name="SIM Arsip Lama"):
    application = world.application(name)
    for url in urls or ("https://arsip.example/",):
        Address.objects.create(application=application, url=url, kind="public")
    inventory.begin_retiring(application.pk, by=SYSTEM, reason="188/1")
    return inventory.retire(application.pk, by=SYSTEM, reason="188/1")


def day(number):
    """Noon of the n-th day after the retirement."""
    clock.travel_to(at(RETIRED) + timedelta(days=number, hours=3))
    services.plan_probes()
    ProbeTarget.objects.update(due_at=clock.now(), asked_at=None, leased_until=None)


def round_of(number, **answers):
    """The round of one day: each address in it answers as `answers` says of its host, else as `rest`."""
    day(number)
    asked = []
    while target := services.lease_target() or after_the_pause():
        services.keep_probe(target, answers.get(target.host.split(".")[0], answers.get("rest", SILENT)))
        asked.append(target.host)
    return sorted(asked)


def after_the_pause():
    """What is due once the host asked last may be asked again."""
    clock.travel_to(clock.now() + HOST_PAUSE + timedelta(seconds=1))
    return services.lease_target()


def looks(application):
    rows = GoneCheck.objects.filter(application=application).order_by("url", "after_days")
    return [(row.after_days, row.status) for row in rows]


def findings(application):
    return list(Finding.objects.filter(application=application).order_by("pk").values_list("kind", "status"))


def test_addresses_are_asked_on_the_days_of_the_terms_and_not_between(world):
    application = retire(world)
    asked = [number for number in (0, 1, 29, 30, 31, 32, 33, 60, 89, 90, 91, 92, 93) if round_of(number)]
    assert asked == [30, 31, 32, 90, 91, 92], "three silent days in a row settle a look"
    assert looks(application) == [(30, "gone"), (90, "gone")] and findings(application) == []
    assert GoneCheck.objects.first().due_at == at("2025-03-02T17:00"), "the first instant of 3 March in Jakarta"


@pytest.mark.parametrize("terms, expected", [([30, 90], [30, 90]), ([7], [7]), ([], [])])
def test_the_days_are_terms_of_the_government_and_what_is_planned_keeps_them(world, terms, expected):
    GovernmentPolicy.objects.filter(pk=world.government.pk).update(reappearance_days=terms)
    application = retire(world)
    assert (services.plan_gone_checks(), services.plan_gone_checks()) == (len(expected), 0)
    GovernmentPolicy.objects.filter(pk=world.government.pk).update(reappearance_days=[1, 2])
    services.plan_gone_checks()
    assert [days for days, _status in looks(application)] == (expected or [1, 2])


def test_one_answer_raises_the_finding_which_three_silent_days_resolve(world):
    application = retire(world)
    round_of(30, rest=REACHED)
    finding = Finding.objects.get(application=application)
    assert (finding.kind, finding.status, looks(application)[0]) == ("reappeared", "open", (30, "answers"))
    assert Standing.objects.get(application=application).open_findings == ["reappeared"]
    told = Event.objects.get(verb="finding.reappeared")
    assert (told.subject_code, told.actor_name) == (finding.code, SYSTEM.name)
    for number, answer in ((31, REACHED), (32, SILENT), (33, SILENT), (34, REACHED), (35, SILENT), (36, SILENT)):
        assert round_of(number, rest=answer) == ["arsip.example"], "it is asked daily while it answers"
        assert findings(application) == [("reappeared", "open")], number
    round_of(37)
    assert findings(application) == [("reappeared", "resolved")] and looks(application) == [
        (30, "gone"),
        (90, "waiting"),
    ]
    assert Standing.objects.get(application=application).open_findings == []
    assert Event.objects.filter(verb="finding.reappeared").count() == 1
    round_of(90, rest=REACHED)
    assert findings(application) == [("reappeared", "resolved"), ("reappeared", "open")]


@pytest.mark.parametrize(
    "answer, status",
    [
        (Result("skipped", "own_outage"), "waiting"),
        (Result("skipped", "name_unanswered"), "waiting"),
        (Result("refused", "address"), "unasked"),
    ],
)
def test_what_was_not_completed_speaks_neither_way(world, answer, status):
    application = retire(world)
    for number in (30, 31, 32):
        round_of(number, rest=answer)
    assert looks(application)[0] == (30, status) and findings(application) == []


def test_silence_twice_in_a_day_is_one_day(world):
    application = retire(world)
    for _turn in range(4):
        round_of(30)
    assert looks(application)[0] == (30, "waiting") and GoneCheck.objects.first().silent_days == 1


def test_a_successor_at_the_same_address_may_answer(world):
    application, heir = retire(world), world.application("SIM Arsip Baru")
    Address.objects.create(application=heir, url="https://arsip.example", kind="public")
    for number in (30, 31):
        round_of(number, rest=REACHED)
    assert looks(application)[0] == (30, "reused") and findings(application) == []


def test_one_of_two_addresses_keeps_the_finding(world):
    application = retire(world, "https://satu.example/", "https://dua.example/")
    round_of(30, rest=REACHED)
    for number in (31, 32, 33):
        round_of(number, satu=SILENT, dua=REACHED)
    assert findings(application) == [("reappeared", "open")]
    for number in (34, 35, 36):
        round_of(number)
    assert findings(application) == [("reappeared", "resolved")]


def test_a_finding_set_aside_is_quiet_until_the_next_look(world):
    application = retire(world)
    round_of(30, rest=REACHED)
    finding = Finding.objects.get()
    services.dismiss(finding.pk, by=world.reviewer, version=finding.version, reason="Halaman pemberitahuan")
    assert round_of(31, rest=REACHED) == [] and findings(application) == [("reappeared", "dismissed")]
    round_of(90, rest=REACHED)
    assert findings(application) == [("reappeared", "dismissed"), ("reappeared", "open")]
    assert not Event.objects.filter(verb="count.restarted").exists(), "no quarter is counted anew"


def test_brought_back_it_may_answer_and_an_answer_on_its_way_says_nothing(world):
    application = retire(world)
    round_of(30, rest=REACHED)
    day(31)
    on_its_way = services.lease_target()
    inventory.reactivate(application.pk, by=SYSTEM, reason="188/9")
    services.stop_expecting_gone(application.pk, by=SYSTEM, reason="188/9")
    assert findings(application) == [("reappeared", "resolved")]
    services.keep_probe(on_its_way, REACHED)
    assert findings(application) == [("reappeared", "resolved")]
    assert looks(application) == [(30, "ended"), (90, "ended")]
    inventory.begin_retiring(application.pk, by=SYSTEM, reason="188/10")
    inventory.retire(application.pk, by=SYSTEM, reason="188/10")
    assert services.plan_gone_checks() == 2, "a second retirement is looked at anew"


def test_before_the_first_closed_quarter_a_look_stays_due(government):
    world = World(government)
    clock.travel_to(at(RETIRED))
    application = retire(world)
    round_of(30, rest=REACHED)
    assert looks(application)[0] == (30, "waiting") and findings(application) == []
    world.close(world.open(Quarter(2025, 1)))
    round_of(80, rest=REACHED)
    assert findings(application) == [("reappeared", "open")]


def answering(application, url):
    return Probe.objects.create(application=application, url=url, at=clock.now(), outcome="reached")


def two_workers(application, urls, guarded):
    """Two addresses answer in one instant: the second worker judges before the first has committed."""
    raised, go_on, lost = Signal(), Signal(), []
    unheld = Application.objects.get(pk=application.pk)
    judge = services.settle_gone if guarded else transaction.atomic(lambda probe: judge_gone(unheld, probe))

    def first():
        try:
            with transaction.atomic():
                judge(answering(application, urls[0]))
                raised.set()
                go_on.wait(30)
        finally:
            connection.close()

    def second():
        try:
            assert raised.wait(30)
            judge(answering(application, urls[1]))
        except IntegrityError as refusal:
            lost.append(str(refusal))
        finally:
            connection.close()

    workers = [Thread(target=first), Thread(target=second)]
    for worker in workers:
        worker.start()
    await_that(_somebody_waits, saying="the second worker waits for the first")
    go_on.set()
    for worker in workers:
        worker.join(30)
    return lost


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITS)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_answers_in_one_instant_raise_one_finding_and_unguarded_one_is_lost(guarded):
    world = made(factories.make_government())
    urls = ("https://satu.example/", "https://dua.example/")
    application = retire(world, *urls)
    day(30)
    lost = two_workers(application, urls, guarded)
    answers = GoneCheck.objects.filter(application=application, status="answers").count()
    assert findings(application) == [("reappeared", "open")]
    assert (len(lost), answers) == ((0, 2) if guarded else (1, 1))


@pytest.mark.django_db(transaction=True)
def test_killed_before_its_last_step_it_leaves_nothing_and_the_next_worker_raises_one():
    world = made(factories.make_government())
    application = retire(world)
    day(30)
    with transaction.atomic():
        Standing.objects.select_for_update().get(application=application)
        assert kill_when_it_waits(KEEP) == -signal.SIGKILL
    assert findings(application) == [] and looks(application)[0] == (30, "waiting") and not Probe.objects.exists()
    clock.travel_to(ProbeTarget.objects.get().leased_until + timedelta(seconds=1))
    services.keep_probe(services.lease_target(), REACHED)
    assert findings(application) == [("reappeared", "open")]
    assert Event.objects.filter(verb="finding.reappeared").count() == 1
