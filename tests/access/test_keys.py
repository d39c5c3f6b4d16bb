"""What keys of the API open: a reading key reads as its owner, a system's key what is public, an application's counters."""

import pytest

from tests.access.asking import FORBIDDEN, HIDDEN, OPEN, SIGN_IN, ask, meaning
from tests.access.table import BY_KEY, TABLE
from tests.access.test_matrix import words
from tests.access.world import Browser

pytestmark = pytest.mark.django_db
ENDPOINTS = [row for row in TABLE if row.route.startswith("api-")]
# The reader of the schema asks nobody who they are.
ASK_NOBODY = ("api-schema", "api-docs")
ASKING = [row for row in ENDPOINTS if row.route not in ASK_NOBODY]


def bearer(key):
    return Browser(HTTP_AUTHORIZATION=f"Bearer {key}")


def said_to(world, key, row, method):
    answer = ask(bearer(world.keys[key]), row.route, method, world.named(row.arguments), world.named(row.body))
    return meaning(answer, method)


@pytest.mark.parametrize("row", ASKING, ids=words)
def test_a_reading_key_reads_as_its_owner_and_writes_nothing(world, row):
    for method in row.methods.split():
        expected = row.expected("r") if method == "GET" else FORBIDDEN
        assert said_to(world, "read", row, method) == expected, method


@pytest.mark.parametrize("row", ASKING, ids=words)
def test_the_key_of_a_system_pulls_what_is_public(world, row):
    for method in row.methods.split():
        said = said_to(world, "client", row, method)
        if method == "GET" and "-" in row.open:
            assert said == OPEN
        else:
            assert said == FORBIDDEN or (method == "GET" and said == HIDDEN), (method, said)


@pytest.mark.parametrize("row", ASKING, ids=words)
def test_the_key_of_counters_opens_nothing_else(world, row):
    assert {said_to(world, "usage", row, method) for method in row.methods.split()} == {SIGN_IN}


def test_the_door_of_counters_opens_to_that_key_only(world):
    (route, method), counts = next(iter(BY_KEY.items())), '{"samples": [{"day": "2027-01-02", "active_users": 1}]}'

    def said(browser):
        answer = browser.generic(method, "/api/v1/usage/", counts, content_type="application/json")
        return answer.status_code

    assert route == "api-usage"
    assert said(bearer(world.keys["usage"])) == 200
    others = [bearer(world.keys["read"]), bearer(world.keys["client"]), *world.clients.values()]
    assert {said(browser) for browser in others} == {401}
