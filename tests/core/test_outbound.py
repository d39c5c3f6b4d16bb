"""T-15: nothing a person can type makes the product connect to a place that is not public; with its controls."""

import socket
from contextlib import suppress
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import httpcore
import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.core import checks
from apps.core.outbound import Place, Policy, Reason, Refused, Target, Unanswered, client, examine, fetch
from tests.canary import REAL_LOOK_UP, Canary, Resolver, serving, watching
from tests.core import payloads
from tests.core.local_site import Site

EVERY_NAME = {**payloads.NAMES, **payloads.REBINDING, **payloads.GOOD_NAMES}


@pytest.fixture(autouse=True)
def resolver(monkeypatch):
    stub = Resolver(EVERY_NAME)
    monkeypatch.setattr(socket, "getaddrinfo", stub)
    return stub


@pytest.fixture
def canary():
    with serving(Canary()) as listener:
        yield listener


@pytest.fixture
def policy(canary):
    """The canary's port is one an installation opened, so that no payload is saved by its port alone."""
    return Policy(ports=frozenset({80, 443, canary.port}), seconds=5)


@pytest.fixture
def site():
    with serving(Site()) as server:
        yield server


def outcome(url, policy, **options):
    try:
        fetch(url, policy, **options)
    except Refused as refusal:
        return refusal.reason
    except Unanswered as failure:
        return failure.kind
    return "answered"


def typed(canary):
    return [payload.replace("{port}", str(canary.port)) for payload in payloads.DIRECT]


def test_the_payloads_are_many_and_different():
    everything = (*payloads.DIRECT, *payloads.REDIRECTED, *payloads.REBINDING)
    assert len(everything) >= 150 and len(set(payloads.DIRECT)) == len(payloads.DIRECT)
    assert len(payloads.GOOD) >= 20


def test_no_typed_address_makes_a_connection(canary, policy):
    with watching() as connects:
        outcomes = {url: outcome(url, policy) for url in typed(canary)}
    print(f"T-15: {len(outcomes)} typed payloads, {canary.visits} visits, {len(connects)} connects")  # noqa: T201
    assert {url: said for url, said in outcomes.items() if said not in set(Reason)} == {}
    assert (canary.visits, connects) == (0, [])


@pytest.mark.parametrize("trusting", [False, True])
def test_no_redirect_makes_a_connection(canary, policy, site, trusting):
    behind = Policy(policy.ports, allowed=(Place(ip_network("127.0.0.1/32"), site.port),), seconds=5)
    targets = [payload.replace("{port}", str(canary.port)) for payload in payloads.REDIRECTED]
    with watching() as connects:
        for status in (301, 302, 303, 307, 308):
            for target in targets:
                said = outcome(site.redirecting(target, status), behind, trusting=trusting)
                assert said in set(Reason), (status, target, said)
        chain = site.redirecting(site.redirecting(targets[0]))
        assert outcome(chain, behind) == Reason.ADDRESS
    print(f"T-15: {5 * len(targets) + 1} redirects, {canary.visits} visits")  # noqa: T201
    assert canary.visits == 0
    assert set(connects) == {("127.0.0.1", site.port)}


def test_a_name_that_changes_its_mind_is_asked_once_and_pinned(canary, policy, resolver):
    with watching() as connects:
        for name in payloads.REBINDING:
            assert outcome(f"http://{name}:{canary.port}/", policy) in {Reason.ADDRESS, "connect"}
    assert [host for host in resolver.asked if host in payloads.REBINDING] == list(payloads.REBINDING)
    public = {(payloads.PUBLIC, canary.port), ("2606:4700::1", canary.port)}
    assert set(connects) == public and canary.visits == 0


@pytest.mark.parametrize("url, address, port", payloads.GOOD)
def test_a_public_address_is_asked_where_its_name_leads(url, address, port):
    target = examine(url, Policy())
    assert (str(target.addresses[0]), target.port) == (address, port)
    with watching() as connects:
        assert outcome(url, Policy()) == "connect"
    assert connects[0] == (address, port)


def naive(url, _policy, _seconds=None):
    """What a client without the guard makes of an address: whatever the system makes of it."""
    split = urlsplit(url)
    rows = REAL_LOOK_UP(split.hostname, split.port, type=socket.SOCK_STREAM) if _plain(split.hostname) else (
        socket.getaddrinfo(split.hostname, split.port))  # fmt: skip
    found = tuple(ip_address(row[4][0]) for row in rows)
    path = f"{split.path or '/'}?{split.query}"
    return Target("http", split.hostname, split.port or 80, path, found)


def _plain(host):
    return host not in EVERY_NAME and not host.isalpha()


def unguarded(url, policy):
    with suppress(
        Refused, Unanswered, OSError, ValueError, TypeError, UnicodeError, AttributeError, httpcore.ProtocolError
    ):
        fetch(url, policy)


def test_control_without_the_examination_the_canary_is_visited(canary, policy, site, monkeypatch):
    monkeypatch.setattr(client, "examine", naive)
    with watching():
        for url in typed(canary):
            unguarded(url, policy)
        typed_visits = canary.visits
        for target in payloads.REDIRECTED:
            unguarded(site.redirecting(target.replace("{port}", str(canary.port))), policy)
    print(f"T-15 control: {typed_visits} visits by typing, {canary.visits - typed_visits} by redirect")  # noqa: T201
    assert typed_visits >= 30 and canary.visits - typed_visits >= 5


def test_control_without_the_pin_a_changed_name_leads_to_the_canary(canary, policy, monkeypatch):
    pinned = client._Pinned.connect_tcp
    monkeypatch.setattr(
        client._Pinned,
        "connect_tcp",
        lambda self, host, port, *args, **kwargs: httpcore.SyncBackend().connect_tcp(host, port, 5),
    )
    with watching():
        assert outcome(f"http://ganti.contoh.go.id:{canary.port}/", policy) == "answered"
    assert canary.visits == 1 and pinned is not client._Pinned.connect_tcp


def test_an_allowed_place_opens_its_range_on_its_port_and_nothing_else(site, canary):
    behind = Policy(allowed=(Place(ip_network("127.0.0.0/30"), site.port),), seconds=5)
    assert fetch(site.page("/"), behind).status == 200
    for url, reason in (
        (f"http://127.0.0.1:{canary.port}/", Reason.PORT),
        ("http://127.0.0.1/", Reason.ADDRESS),
        (f"http://127.0.0.4:{site.port}/", Reason.ADDRESS),
        (f"http://10.0.0.1:{site.port}/", Reason.ADDRESS),
        (f"http://{payloads.PUBLIC}:{site.port}/", Reason.ADDRESS),
        (f"http://[::1]:{site.port}/", Reason.ADDRESS),
        (f"http://x@127.0.0.1:{site.port}/", Reason.CREDENTIALS),
        (f"ftp://127.0.0.1:{site.port}/", Reason.SCHEME),
        (f"http://campur-awal.contoh.go.id:{site.port}/", Reason.ADDRESS),
    ):
        assert outcome(url, behind) == reason, url
    assert canary.visits == 0


def test_a_name_nobody_answers_for_is_refused(monkeypatch):
    gone, mute = socket.gaierror(socket.EAI_NONAME, "x"), socket.gaierror(socket.EAI_AGAIN, "x")
    names = {"hilang.contoh.go.id": [gone], "bisu.contoh.go.id": [mute], "tanpa.contoh.go.id": [[]]}
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(names))
    assert outcome("http://hilang.contoh.go.id/", Policy()) == Reason.NAME_GONE
    assert outcome("http://tanpa.contoh.go.id/", Policy()) == Reason.NAME_GONE
    assert outcome("http://bisu.contoh.go.id/", Policy()) == Reason.NAME_UNANSWERED


def test_the_settings_name_places_and_a_bad_one_is_said_at_the_start(settings):
    settings.OUTBOUND_ALLOWED = ["10.20.0.0/16:8080", "[fd12::/48]:443"]
    settings.OUTBOUND_PORTS = [8443]
    policy = Policy.of_installation()
    assert policy.permits(ip_address("10.20.3.4"), 8080) and not policy.permits(ip_address("10.20.3.4"), 443)
    assert policy.permits(ip_address("fd12::9"), 443) and policy.permits(ip_address("1.1.1.1"), 8443)
    assert checks.outbound_places() == []
    for text in (
        "10.0.0.0/8",
        "0.0.0.0/0:80",
        "10.0.0.0/4:80",
        "::/0:443",
        "rumah:80",
        "10.0.0.0/8:0",
        "10.0.0.1/8:80",
    ):
        with pytest.raises(ImproperlyConfigured):
            Place.parse(text)
    settings.OUTBOUND_ALLOWED = ["0.0.0.0/0:80"]
    assert [error.id for error in checks.outbound_places()] == ["core.E001"]
