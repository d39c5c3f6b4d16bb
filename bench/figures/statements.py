"""How many statements an answer of the API takes, session, person, memberships and limit included."""

from contextlib import contextmanager

from django.db import connection
from django.test import Client
from figure import NATION, Measured, figure
from server import key_of, person

from tests.factories import PASSWORD

PATHS = ("/api/v1/applications/?page_size=50", "/api/v1/applications/?page_size=500", "/api/v1/applications/{code}/")
PLACE = {"SERVER_NAME": "127.0.0.1"}


@contextmanager
def counted():
    """The statements asked in the block."""
    texts: list[str] = []

    def noted(run, text, *rest):
        texts.append(text)
        return run(text, *rest)

    with connection.execute_wrapper(noted):
        yield texts


def statements(client: Client) -> dict[str, int]:
    """Statements by path, each asked once before so that nothing is learned for the first time."""
    found = {}
    page = client.get("/api/v1/applications/?page_size=1&fields=code")
    code = page.json()["results"][0]["code"]
    for path in PATHS:
        address = path.format(code=code)
        for _time in range(2):
            with counted() as texts:
                answer = client.get(address)
                b"".join(answer) if answer.streaming else answer.content
            if answer.status_code != 200:
                raise RuntimeError(f"{address} dijawab {answer.status_code}")
        found[path.rpartition("/applications/")[2] or "rinci"] = len(texts)
    return found


def most(client: Client) -> Measured:
    found = statements(client)
    return Measured(max(found.values()), ", ".join(f"{name}: {number}" for name, number in found.items()))


@figure("P3", "API: pernyataan SQL per daftar atau rincian, dengan sesi", floor=5, aim=4, unit="")
def with_session(world) -> Measured:
    with world.at(NATION):
        client = Client(**PLACE)
        client.post("/masuk/", {"username": person("reviewer").user.username, "password": PASSWORD})
        return most(client)


@figure("P3B", "API: pernyataan SQL per daftar atau rincian, dengan token", floor=3, aim=2, unit="")
def with_key(world) -> Measured:
    with world.at(NATION):
        return most(Client(**PLACE, HTTP_AUTHORIZATION=f"Bearer {key_of()}"))
