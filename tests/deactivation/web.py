"""A browser session as one actor, for the web and API tests of cases."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests import factories

PASSWORD = factories.PASSWORD


def signed_in(actor, client_class=Client):
    """A client signed in as the actor, in the actor's own role."""
    client = client_class()
    user = User.objects.get(pk=actor.person_id)
    session = SessionStore()
    session.update({
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "apps.accounts.backends.AccountBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "membership": actor.membership_id,
    })  # fmt: skip
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def api(actor):
    """An API client with the actor's session."""
    return signed_in(actor, APIClient)


def page(client, url):
    """The page's text; it has to be there."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()
