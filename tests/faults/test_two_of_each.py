"""Two web groups, two workers and two clocks on one database answer as one, and do once what happens by itself."""

import sys
from contextlib import closing
from datetime import timedelta

import httpx
import pytest
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

    def start_all(self):
        for name in ("web", "worker", "beat"):
            self.start(name)
            self.run(f"second-{name}", [sys.executable, "-m", *self._second(name)])
        for group in self.groups:
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
    """A register whose second quarter is about to end, and an operator's sign-in name and office."""
    world = World(factories.make_government(), start="2019-12-01T00:00")
    registered(world, APPLICATIONS)
    world.close(world.open(Quarter(2020, 1)))
    period = world.open(Quarter(2020, 2))
    clock.travel_to(period.closes_at - timedelta(minutes=1))
    member = factories.make_membership("operator", world.government, world.agency)
    hasher = Argon2PasswordHasher()  # the installation knows no other
    User.objects.filter(pk=member.user_id).update(password=hasher.encode(factories.PASSWORD, hasher.salt()))
    stack = Twice(tmp_path)
    stack.create()
    stack.manage("prepare_database")
    stack.manage("collectstatic", "--noinput", "--verbosity", "0")
    try:
        stack.start_all()
        yield stack, member.user.username, world.agency.code
    finally:
        stack.stop()
        stack.drop()


def signed_in(group, username):
    """A browser signed in at one group; its cookies hold at both, which differ in their port only."""
    browser = httpx.Client(timeout=60)
    browser.get(f"{group}/masuk/")
    typed = {"username": username, "password": factories.PASSWORD, "csrfmiddlewaretoken": browser.cookies["spbe_csrf"]}
    assert browser.post(f"{group}/masuk/", data=typed).status_code == 302
    browser.headers["X-CSRFToken"] = browser.cookies["spbe_csrf"]
    return browser


def one_session(browser, groups):
    for group in groups:
        assert browser.get(f"{group}/aplikasi/").status_code == 200


def one_answer_to_one_key(browser, groups, office):
    """The same POST with the same key at both: one record, one answer; its address at either group."""
    said = {"name": "Antrean dari dua kelompok", "owner": office}
    made = [browser.post(f"{group}{LIST}", json=said, headers={"Idempotency-Key": "dua"}) for group in groups]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    return f"{LIST}{made[0].json()['key']}/"


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


def one_limit(groups):
    """A client is counted once, whichever group it asks."""
    statuses = [httpx.get(f"{groups[turn % 2]}{LIST}?page_size=1").status_code for turn in range(LIMIT + 10)]
    assert statuses == [200] * LIMIT + [429] * 10


def closed_once(stack):
    stack.travel_to(
        stack.rows("SELECT closes_at + interval '1 minute' FROM monitoring_period WHERE (year, quarter) = (2020, 2)")[
            0
        ][0]
    )
    await_that(lambda: stack.rows(STATUS) == [("closed",)], limit=BY_ITSELF, saying="the quarter closed by itself")
    beaten = "SELECT max(at) FROM core_heartbeat"
    since = stack.rows(beaten)
    for name in ("worker", "beat"):
        stack.kill(name)  # what is left of both still turns
    await_that(lambda: stack.rows(beaten) > since, limit=BY_ITSELF, saying="the second worker and clock alive")
    assert stack.rows(JUDGED) == [(APPLICATIONS, APPLICATIONS)]
    assert stack.rows(CLOSED) == [(1,)]


@pytest.mark.faults
def test_two_of_each_are_one_installation(twice):
    stack, username, office = twice
    with closing(signed_in(stack.groups[0], username)) as browser:
        one_session(browser, stack.groups)
        path = one_answer_to_one_key(browser, stack.groups, office)
        what_one_writes_the_other_reads(browser, stack.groups, path)
    one_limit(stack.groups)
    closed_once(stack)
