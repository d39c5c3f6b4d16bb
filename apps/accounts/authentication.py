"""Who calls the API."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication


class TokenAuthentication(BaseAuthentication):
    """Bearer tokens."""

    def authenticate(self, request):
        return None


class ActorSessionAuthentication(SessionAuthentication):
    """The session of a signed-in person."""
