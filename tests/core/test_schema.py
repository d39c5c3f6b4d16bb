"""The API's document: kept once it is written, because it says the same to everybody."""

import pytest
from django.test import Client

from apps.accounts import api
from apps.core.schema import SchemaView
from tests.deactivation.web import signed_in
from tests.factories import make_actor

pytestmark = pytest.mark.django_db
PATH = "/api/v1/schema/"


@pytest.fixture(autouse=True)
def nothing_written(monkeypatch):
    monkeypatch.setattr(SchemaView, "written", {})


@pytest.fixture
def short(monkeypatch):
    """A few of the endpoints: which does not matter here, and all of them take a second."""
    monkeypatch.setattr(SchemaView, "patterns", api.router_urls)


def test_whoever_asks_first_everybody_reads_the_same(government):
    texts = set()
    for client in (
        Client(),
        signed_in(make_actor("reviewer", government)),
        signed_in(make_actor("auditor", government)),
    ):
        SchemaView.written.clear()
        texts.add(client.get(PATH).content)
    assert len(texts) == 1


def test_each_language_and_form_is_written_once(short):
    english = Client()
    english.cookies["django_language"] = "en"
    asked = [(Client(), PATH), (english, PATH), (Client(), f"{PATH}?format=json")]
    first = [client.get(path) for client, path in asked]
    again = [client.get(path) for client, path in asked]
    assert len(SchemaView.written) == len({answer.content for answer in first}) == 3
    assert [answer.content for answer in again] == [answer.content for answer in first]
    assert [answer["Content-Type"] for answer in again] == [answer["Content-Type"] for answer in first]
    assert "attachment" not in again[0]["Content-Disposition"]


def test_another_question_is_answered_anew_and_not_kept(short):
    assert Client().get(f"{PATH}?lang=en").status_code == 200
    assert SchemaView.written == {}
