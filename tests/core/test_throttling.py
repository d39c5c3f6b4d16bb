"""The limit of the API: per key, per person and role, per address; counted in Redis, and not at all without it."""

from datetime import timedelta

import pytest

from apps.accounts import services
from apps.accounts.models import ApiToken, Role
from apps.core import clock, throttling
from tests import factories

LIST = "/api/v1/applications/?page_size=1"
ADDRESSES = ("203.0.113.7", "203.0.113.8")


@pytest.fixture(autouse=True)
def three_a_minute(monkeypatch):
    monkeypatch.setattr(throttling.ClientThrottle, "THROTTLE_RATES", {"client": "3/min"})
    counters = throttling._redis()
    for key in counters.scan_iter("throttle_client_*"):
        counters.delete(key)


def statuses(client, times, **more):
    return [client.get(LIST, **more).status_code for _time in range(times)]


def test_the_public_is_counted_by_address(db, client):
    assert statuses(client, 4, REMOTE_ADDR=ADDRESSES[0]) == [200, 200, 200, 429]
    assert statuses(client, 1, REMOTE_ADDR=ADDRESSES[1]) == [200]


def test_a_refusal_says_when_to_come_back(db, client):
    statuses(client, 3, REMOTE_ADDR=ADDRESSES[0])
    refused = client.get(LIST, REMOTE_ADDR=ADDRESSES[0])
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_each_key_has_a_limit_of_its_own(client, government):
    by = factories.make_actor(Role.ADMINISTRATOR, government)
    about = {"by": by, "organization": government, "scopes": [ApiToken.Scope.CATALOGUE]}
    keys = [
        services.create_token(name=name, expires_at=clock.now() + timedelta(days=1), **about)[1] for name in ("A", "B")
    ]
    assert statuses(client, 4, HTTP_AUTHORIZATION=f"Bearer {keys[0]}") == [200, 200, 200, 429]
    assert statuses(client, 1, HTTP_AUTHORIZATION=f"Bearer {keys[1]}") == [200]


def test_the_count_ends_with_its_period(db):
    throttling.count("throttle_client_test", 60)
    assert throttling._redis().ttl("throttle_client_test") in range(1, 61)
    assert throttling.count("throttle_client_test", 60)[0] == 2
    throttling._redis().delete("throttle_client_test")
    assert throttling.count("throttle_client_test", 60)[0] == 1


@pytest.fixture
def nowhere(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    throttling._redis.cache_clear()
    yield
    throttling._redis.cache_clear()


def test_without_redis_everybody_is_served(db, client, nowhere, caplog):
    assert statuses(client, 5, REMOTE_ADDR=ADDRESSES[0]) == [200] * 5
    assert "not counted" in caplog.text
