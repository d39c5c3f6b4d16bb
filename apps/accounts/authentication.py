"""Who calls the REST API: a session of the web pages, or the bearer of a token."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from apps.accounts.actor import CLIENT, Actor
from apps.accounts.models import ApiToken
from apps.accounts.queries import membership_in_force
from apps.accounts.services import note_use, token_hash

KEYWORD = "Bearer"
# Every request with a key asks this: written out, it costs a fifth of what the ORM takes to put it together.
_COLUMNS = [field.attname for field in ApiToken._meta.concrete_fields]
_LIVING = f"""SELECT {", ".join(f"key.{name}" for name in _COLUMNS)},
    core_now(), coalesce(owner.government_id, owner.id)
FROM accounts_apitoken key JOIN accounts_organization owner ON owner.id = key.organization_id
WHERE key.token_hash = %s"""


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`; the token's owner must still hold the membership it was made for."""

    def authenticate(self, request: Request) -> tuple | None:
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != KEYWORD.lower():
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed(_("Kepala Authorization harus berbunyi: Bearer <token>."))
        token = _living(parts[1])
        user, actor = _bearer(token)
        if request.method not in SAFE_METHODS and ApiToken.Scope.WRITE not in token.scopes:
            raise exceptions.PermissionDenied(_("Token ini hanya boleh membaca."))
        request._request.actor = request.actor = actor
        note_use(token, token.moment)
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class ActorSessionAuthentication(SessionAuthentication):
    """The session of the web pages, with its CSRF check; the actor is the middleware's."""


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes a token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the session of the web pages."""

    target_class = ActorSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


def _living(key: str) -> Any:
    """The token behind a key, read with the moment it is asked at; 401 when it is unknown or over."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [token_hash(key)])
        row = cursor.fetchone()
    token: Any = row and ApiToken.from_db(connection.alias, _COLUMNS, row[:-2])
    if token is None or token.revoked_at or token.expires_at <= row[-2]:
        raise exceptions.AuthenticationFailed(_("Token tidak dikenal, dicabut, atau sudah habis masanya."))
    token.moment, token.government_id = row[-2:]
    return token


def _bearer(token: Any) -> tuple[Any, Actor]:
    """The user and actor of the token's membership, or a service client that reads what its government shows it."""
    scopes = frozenset(token.scopes)
    if token.membership_id is None:
        return AnonymousUser(), Actor(None, token.name, CLIENT, government_id=token.government_id, scopes=scopes)
    membership = membership_in_force(token.membership_id)
    if membership is None or not membership.user.is_active or (membership.user.is_demo and not settings.DEMO):
        raise exceptions.AuthenticationFailed(_("Peran pemilik token ini sudah berakhir."))
    return membership.user, Actor.of(membership, scopes=scopes)
