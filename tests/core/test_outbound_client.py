"""The guarded client against real local servers: redirects, limits of time and size, certificates, what it sends."""

from ipaddress import ip_network

import pytest

from apps.core.outbound import Place, Policy, Unanswered, fetch
from tests.canary import serving
from tests.core.local_site import Site, certificate
from tests.processes import free_port

HOME = ip_network("127.0.0.1/32")


@pytest.fixture
def site():
    with serving(Site()) as server:
        yield server
        server.released.set()


def near(server, **limits):
    return Policy(allowed=(Place(HOME, server.port),), **limits)


def test_an_answer_says_what_came_and_from_where(site):
    answer = fetch(site.redirecting("/selesai"), near(site), headers={"If-None-Match": '"x"'})
    assert (answer.status, answer.body, answer.url) == (200, b"halo\n", site.page("/selesai"))
    assert len(answer.hops) == 2 and answer.milliseconds >= 0 and answer.certificate_ends is None
    first, second = (headers for _method, _path, headers in site.seen)
    assert first["Host"] == f"127.0.0.1:{site.port}" and first["User-Agent"].startswith("PortofolioSPBE/")
    assert first["If-None-Match"] == '"x"' and "If-None-Match" not in second


def test_a_circle_of_redirects_ends(site):
    round_trip = site.page("/pindah?status=302&ke=%2Fpindah%3Fstatus%3D302%26ke%3D%2Fpindah")
    site.RequestHandlerClass = type("Circling", (site.RequestHandlerClass,), {"move": lambda self, asked: circle(self)})

    def circle(handler):
        handler.send_response(302)
        handler.send_header("Location", handler.path)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    answer = fetch(round_trip, near(site))
    assert answer.status == 302 and len(answer.hops) == 6 == len(site.seen)


def test_an_endless_body_is_left_at_the_limit(site):
    answer = fetch(site.page("/banjir"), near(site, largest=10_000))
    assert answer.status == 200 and 0 < len(answer.body) <= 10_000
    assert len(fetch(site.page("/banjir"), near(site)).body) <= 64 * 1024


def test_a_dripping_head_is_left_when_the_time_is_over(site):
    with pytest.raises(Unanswered) as failure:
        fetch(site.page("/tetes"), near(site, seconds=0.6))
    assert failure.value.kind == "timeout"


def test_a_closed_door_is_no_answer():
    port = free_port()
    with pytest.raises(Unanswered) as failure:
        fetch(f"http://127.0.0.1:{port}/", Policy(allowed=(Place(HOME, port),)))
    assert failure.value.kind == "connect"


def test_a_certificate_is_checked_unless_only_asked_for_an_answer(tmp_path):
    ends = certificate(tmp_path / "kunci.pem")
    with serving(Site(tmp_path / "kunci.pem")) as site:
        with pytest.raises(Unanswered) as failure:
            fetch(site.page("/"), near(site))
        assert failure.value.kind == "certificate"
        answer = fetch(site.page("/"), near(site), trusting=True)
        assert (answer.status, answer.certificate_ends) == (200, ends)


def test_no_proxy_of_the_environment_is_asked(site, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert fetch(site.page("/"), near(site)).status == 200
