"""A name server that takes its time holds up nobody but who asked: the subscription stays free meanwhile."""

import socket

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.http import Http404

from apps.core.errors import StaleVersion
from apps.webhooks import services
from apps.webhooks.models import Subscription
from tests import factories
from tests.canary import Resolver

OLD, NEW, GONE = "https://93.184.215.14/lama", "https://baru.example/terima", "https://hilang.example/terima"
REGISTERED = "id.go.spbe.application.registered"


class Watching(Resolver):
    """A resolver that, while it is asked, looks whether somebody else could take the subscriptions."""

    def __init__(self):
        super().__init__({"baru.example": [["93.184.215.14"]], "hilang.example": [socket.gaierror(socket.EAI_NONAME)]})
        self.free = []

    def __call__(self, host, port, *args, **kwargs):
        self.free.append(could_be_taken())
        return super().__call__(host, port, *args, **kwargs)


def could_be_taken():
    """On a connection of its own: the product asks the resolver in a thread of its own."""
    try:
        with transaction.atomic():
            list(Subscription.objects.select_for_update(nowait=True))
            return True
    except OperationalError:
        return False
    finally:
        connection.close()


@pytest.fixture
def resolver(monkeypatch):
    watching = Watching()
    monkeypatch.setattr(socket, "getaddrinfo", watching)
    return watching


def subscribed():
    government = factories.make_government()
    by = factories.make_actor("administrator", government)
    terms = {"organization": government, "name": "Dasbor", "types": [REGISTERED]}
    return by, services.subscribe(by=by, url=OLD, **terms)[0], terms


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_while_a_name_is_looked_up(resolver):
    by, row, terms = subscribed()
    changed = services.edit_subscription(row.code, by=by, version=row.version, url=NEW)
    services.subscribe(by=by, url=NEW, **terms)
    assert changed.url == NEW
    assert resolver.asked == ["baru.example"] * 2 and resolver.free == [True, True]


@pytest.mark.django_db(transaction=True)
def test_control_looked_up_under_the_lock_the_subscription_is_taken(resolver):
    by, row, _terms = subscribed()
    with transaction.atomic():
        Subscription.objects.visible_to(by).locked(row.code, row.version)
        services.edit_subscription(row.code, by=by, version=row.version, url=NEW)
    assert resolver.free == [False]


@pytest.mark.django_db
def test_who_may_not_asks_no_name_server_and_an_old_version_goes_before_a_wrong_address(resolver):
    by, row, terms = subscribed()
    stranger = factories.make_actor("administrator", factories.make_government("Kota Seberang"))
    with pytest.raises(Http404):
        services.edit_subscription(row.code, by=stranger, version=row.version, url=GONE)
    with pytest.raises(PermissionDenied):
        services.subscribe(by=stranger, url=GONE, **terms)
    assert resolver.asked == []
    with pytest.raises(StaleVersion):
        services.edit_subscription(row.code, by=by, version=row.version - 1, url=GONE)
    with pytest.raises(ValidationError) as refused:
        services.edit_subscription(row.code, by=by, version=row.version, url=GONE, name=" ")
    assert set(refused.value.message_dict) == {"name", "url"}


@pytest.mark.django_db
def test_another_name_asks_no_name_server(resolver):
    by, row, _terms = subscribed()
    assert services.edit_subscription(row.code, by=by, version=row.version, name="Papan").name == "Papan"
    assert resolver.asked == []
