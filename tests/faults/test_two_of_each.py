"""Two web groups, two workers and two clocks on one database answer as one, and do once what happens by itself."""

import re
import sys
from contextlib import closing
from datetime import timedelta

import httpx
import psycopg2
import pytest
import redis
from celery import Celery
from django.contrib.auth.hashers import Argon2PasswordHasher

from apps.accounts.models import User
from apps.core import clock
from apps.core.quarter import Quarter
from tests import factories
from tests.monitoring.test_close_killed import BY_ITSELF, registered
from tests.monitoring.world import World
from tests.processes import Stack, await_that, free_port

APPLICATIONS = 40
LIMIT = 60  # requests of one client in a minute
LIST = "/api/v1/applications/"
STATUS = "SELECT status FROM monitoring_period WHERE (year, quarter) = (2020, 2)"
CLOSED = "SELECT count(*) FROM audit_event WHERE verb = 'period.closed' AND details->>'quarter' = '2020-Q2'"
BEATEN = "SELECT max(at) FROM core_heartbeat"
ENDED = "SELECT closes_at + interval '1 minute' FROM monitoring_period WHERE (year, quarter) = (2020, 2)"
AT_WORK = "SELECT pid, xact_start FROM pg_stat_activity"
AT_THE_END = (
    f"{AT_WORK} WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND query ~ 'monitoring_period|inventory_standing'"
)
JUDGED = (
    "SELECT count(*), count(DISTINCT application_id) FROM monitoring_assessment a JOIN monitoring_period p"
    " ON p.id = a.period_id WHERE p.year = 2020 AND p.quarter = 2"
)


class Twice(Stack):
    """An installation with two of each process."""

    def __init__(self, folder):
        super().__init__(folder)
        self.environment["API_THROTTLE"] = f"{LIMIT}/min"
        self.groups = (self.address, f"http://127.0.0.1:{free_port()}")

    def start_two(self, *names, apart=None):
        """Two of each; `apart` is the environment that the second ones do not share with the first."""
        shared, other = self.environment, {**self.environment, **(apart or {})}
        for name in names:
            self.start(name)
            self.environment = other
            self.run(f"second-{name}", [sys.executable, "-m", *self._second(name)])
            self.environment = shared
        for group in self.groups if "web" in names else ():
            await_that(lambda group=group: is_there(group), limit=BY_ITSELF, saying=f"{group} there")

    def _second(self, name):
        """The same command with a port, a name and a file of its own."""
        exchanged = {
            str(self.port): self.groups[1].rpartition(":")[2],
            f"{self.name}@%h": f"{self.name}-2@%h",
            str(self.folder / "beat"): str(self.folder / "beat-2"),
        }
        return [exchanged.get(part, part) for part in self._command(name)]


def is_there(group):
    try:
        return httpx.get(f"{group}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def twice(transactional_db, tmp_path):
    """A register whose second quarter is about to end, nothing running yet; an operator's sign-in name and office."""
    world = World(factories.make_government(), start="2019-12-01T00:00")
    registered(world, APPLICATIONS)
    world.close(world.open(Quarter(2020, 1)))
    period = world.open(Quarter(2020, 2))
    clock.travel_to(period.closes_at - timedelta(minutes=1))
    member = factories.make_membership("operator", world.government, world.agency)
    hasher = Argon2PasswordHasher()  # the installation knows no other
    User.objects.filter(pk=member.user_id).update(password=hasher.encode(factories.PASSWORD, hasher.salt()))
    stack = Twice(tmp_path)
    for place in (stack.environment["REDIS_URL"], another_redis(stack)):
        redis.Redis.from_url(place).flushdb()  # what the last test counted
    stack.create()
    stack.manage("prepare_database")
    stack.manage("collectstatic", "--noinput", "--verbosity", "0")
    try:
        yield stack, member.user.username, world.agency.code
    finally:
        stack.stop()
        stack.drop()


def another_redis(stack):
    """The last of the sixteen databases, which no parallel test has."""
    return re.sub(r"\d+$", "15", stack.environment["REDIS_URL"])


def signed_in(group, username):
    """A browser signed in at one group; its cookies hold at both, which differ in their port only."""
    browser = httpx.Client(timeout=60)
    browser.get(f"{group}/masuk/")
    typed = {"username": username, "password": factories.PASSWORD, "csrfmiddlewaretoken": browser.cookies["spbe_csrf"]}
    assert browser.post(f"{group}/masuk/", data=typed).status_code == 302
    browser.headers["X-CSRFToken"] = browser.cookies["spbe_csrf"]
    return browser


def pages_of(browser, groups):
    """The status each group answers to the browser."""
    return [browser.get(f"{group}/aplikasi/").status_code for group in groups]


def create(browser, group, office):
    """A draft under the same key, whoever asks where."""
    said = {"name": "Antrean dari dua kelompok", "owner": office}
    answer = browser.post(f"{group}{LIST}", json=said, headers={"Idempotency-Key": "dua"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def one_answer_to_one_key(browser, groups, office):
    """The same POST with the same key at both: one record, one answer; its address at either group."""
    made = [create(browser, group, office) for group in groups]
    assert made[0] == made[1]
    return f"{LIST}{made[0]['key']}/"


def what_one_writes_the_other_reads(browser, groups, path):
    for here, there in (groups, groups[::-1]):
        read = browser.get(f"{here}{path}")
        assert browser.get(f"{there}{path}").headers["ETag"] == read.headers["ETag"]
        change = {"vendor": f"PT {here[-5:]}"}
        written = browser.patch(f"{here}{path}", json=change, headers={"If-Match": read.headers["ETag"]})
        assert written.status_code == 200, written.text
        assert browser.get(f"{there}{path}").json()["vendor"] == change["vendor"]
        stale = browser.patch(f"{there}{path}", json={"vendor": "PT Lama"}, headers={"If-Match": read.headers["ETag"]})
        assert stale.status_code == 412


def hurried(groups):
    """What a client is told that asks more often than it may, each group in turn."""
    return [httpx.get(f"{groups[turn % 2]}{LIST}?page_size=1").status_code for turn in range(LIMIT + 10)]


def the_quarter_ends(stack):
    """Its window is over; the two clocks do the rest."""
    stack.travel_to(stack.rows(ENDED)[0][0])
    await_that(lambda: stack.rows(STATUS) == [("closed",)], limit=BY_ITSELF, saying="the quarter closed by itself")


def what_is_left_goes_on(stack):
    since = stack.rows(BEATEN)
    for name in ("worker", "beat"):
        stack.kill(name)
    await_that(lambda: stack.rows(BEATEN) > since, limit=BY_ITSELF, saying="the second worker and clock alive")


def two_close_at_once(stack):
    """Both clocks ask at the same moment: one worker stands where the close publishes, the other joins it or passes by."""
    before = stack.rows(BEATEN)
    with closing(psycopg2.connect(dbname=stack.name, **stack.link)) as held, held.cursor() as cursor:
        cursor.execute("SELECT 1 FROM inventory_standing LIMIT 1 FOR UPDATE")
        stack.travel_to(stack.rows(ENDED)[0][0])
        ask(stack, *["apps.monitoring.tasks.close_due_periods"] * 2, "apps.core.tasks.heartbeat")

        def stand():
            rows = stack.rows(AT_THE_END)
            return set(rows) if len(rows) == 2 or (rows and stack.rows(BEATEN) != before) else None

        standing = await_that(stand, limit=BY_ITSELF, saying="both workers at the close")
    await_that(lambda: not standing & set(stack.rows(AT_WORK)), limit=BY_ITSELF, saying="nobody at the close")


def ask(stack, *tasks):
    """Put tasks into the queue, as a clock does."""
    broker = stack.environment["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    with Celery(broker=broker) as sender:
        for task in tasks:
            sender.send_task(task)


@pytest.mark.faults
def test_two_of_each_are_one_installation(twice):
    stack, username, office = twice
    stack.start_two("web", "worker", "beat")
    with closing(signed_in(stack.groups[0], username)) as browser:
        assert pages_of(browser, stack.groups) == [200, 200]
        path = one_answer_to_one_key(browser, stack.groups, office)
        what_one_writes_the_other_reads(browser, stack.groups, path)
    assert hurried(stack.groups) == [200] * LIMIT + [429] * 10
    the_quarter_ends(stack)
    what_is_left_goes_on(stack)
    assert stack.rows(JUDGED) == [(APPLICATIONS, APPLICATIONS)]
    assert stack.rows(CLOSED) == [(1,)]


@pytest.mark.faults
def test_control_two_groups_that_share_less_are_two(twice):
    """With a secret and a Redis of its own, and the kept answer gone, the second knows nothing of the first."""
    stack, username, office = twice
    stack.start_two("web", apart={"SECRET_KEY": "kunci-lain" * 6, "REDIS_URL": another_redis(stack)})
    made = []
    for turn, group in enumerate(stack.groups):
        with closing(signed_in(group, username)) as browser:
            statuses = pages_of(browser, stack.groups)
            assert (statuses[turn], statuses[1 - turn]) == (200, 302)
            made.append(create(browser, group, office)["key"])
        stack.rows("DELETE FROM core_idempotentanswer")
    assert made[0] != made[1]
    assert hurried(stack.groups) == [200] * (LIMIT + 10)


@pytest.mark.faults
@pytest.mark.parametrize(("module", "times"), [("spbe_portfolio.settings", 1), ("tests.faults.without_row_locks", 2)])
def test_two_workers_close_the_quarter_once_and_the_control_without_row_locks_twice(twice, module, times):
    stack, _username, _office = twice
    stack.environment["DJANGO_SETTINGS_MODULE"] = module
    stack.start_two("worker")
    two_close_at_once(stack)
    assert stack.rows(STATUS) == [("closed",)]
    assert stack.rows(CLOSED) == [(times,)]
