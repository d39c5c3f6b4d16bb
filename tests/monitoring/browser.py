"""A browser session as one actor."""

from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import Membership


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
    return signed_in(actor, APIClient)


def form_of(rows, **typed):
    """What a browser posts for the grid: each field as shown, then what was typed."""
    posted = {}
    for row in rows:
        for field in row.form:
            shown = field.value()
            shown = "" if shown is None else shown
            posted[field.html_initial_name] = str(shown)
            if field.name == "attested":
                if shown:
                    posted[field.html_name] = "on"
            else:
                posted[field.html_name] = str(shown)
    for name, value in typed.items():
        posted[name] = value
    return posted
