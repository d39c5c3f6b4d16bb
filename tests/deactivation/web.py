"""A browser session as one actor, for the web and API tests of cases."""

from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import Membership
from tests import factories

PASSWORD = factories.PASSWORD


def signed_in(actor, client_class=Client):
    """A client signed in as the actor, in the actor's own role."""
    client = client_class()
    membership = Membership.objects.select_related("user").get(pk=actor.membership_id)
    client.force_login(membership.user, backend="apps.accounts.backends.AccountBackend")
    session = client.session
    session["membership"] = membership.pk
    session.save()
    return client


def api(actor):
    """An API client with the actor's session."""
    return signed_in(actor, APIClient)


def page(client, url):
    """The page's text; it has to be there."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()
