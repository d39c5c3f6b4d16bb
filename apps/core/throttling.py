"""API throttle per client, or per address for the public."""

import logging
from functools import cache
from typing import Any

import redis
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

log = logging.getLogger(__name__)
# One step inside Redis: a number can never be left without its end.
_COUNT = """local number = redis.call('INCR', KEYS[1])
if number == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {number, redis.call('TTL', KEYS[1])}"""
PATIENCE = 0.5  # seconds for the counter to answer


class ClientThrottle(SimpleRateThrottle):
    """Count the requests of a key, of a person in a role, and the public's under the address behind the proxies.

    The counter is one number in Redis, begun with the first request and gone after the rate's period. Without Redis nobody
    is counted and everybody served: the limit protects from haste, not from those who may not.
    """

    scope = "client"

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view)
        if self.rate is None:
            return True
        try:
            number, self.left = count(key, self.duration)
        except redis.RedisError:
            log.warning("requests are not counted: Redis does not answer")
            return True
        return number <= self.num_requests

    def wait(self) -> float:
        """Seconds until the count begins anew."""
        return self.left

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self._who(request)}

    def _who(self, request: Request) -> str:
        actor = getattr(request, "actor", None)
        if actor is None or not actor.is_authenticated:
            return self.get_ident(request)
        key = getattr(request.auth, "pk", None)
        return f"k{key}" if key else f"p{actor.person_id}-{actor.membership_id}"


def count(key: str, seconds: int) -> tuple[int, int]:
    """How many times `key` was counted in its period, this time included, and the seconds left of it; one round trip."""
    number, left = _redis().register_script(_COUNT)(keys=[key], args=[seconds])
    return number, max(1, left)


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, health_check_interval=30
    )
