"""API throttle per client, or per address for the public."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class ClientThrottle(SimpleRateThrottle):
    """Count a person's or client's requests under its id, the public's under the address behind the proxies."""

    scope = "client"

    def get_cache_key(self, request: Request, view: Any) -> str:
        actor = getattr(request, "actor", None)
        known = actor is not None and actor.is_authenticated
        ident = f"p{actor.person_id}-{actor.membership_id}" if known else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
