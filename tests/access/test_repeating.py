"""The same Idempotency-Key twice: one act and one answer, whatever arrives when; and what a key is not good for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import get_resolver
from rest_framework.test import APIClient

from apps.accounts import services as accounts
from apps.core import clock, repeating
from apps.core import services as core
from apps.core.repeating import Repeatable
from apps.inventory.models import Application, ImportJob
from apps.monitoring.models import UsageToken
from tests import factories
from tests.deactivation.web import api
from tests.inventory.doing import Office

ALL = "/api/v1/applications/"
ROUNDS, AT_ONCE = 5, 4


@pytest.fixture
def office(db):
    return Office(factories.make_government())


def body(office, name="Antrean Puskesmas"):
    return {"name": name, "owner": office.agency.code}


def sent(client, office, key="k-1", **said):
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(ALL, body(office, **said), format="json", headers=headers)


def test_the_same_request_again_gets_the_same_answer_and_acts_once(office):
    client = api(office.operator)
    first, again = sent(client, office), sent(client, office)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() and first["ETag"] == again["ETag"]
    assert Application.objects.count() == 1
    assert sent(client, office, key="k-2").status_code == 201 and Application.objects.count() == 2


def test_control_without_a_key_it_is_done_twice(office):
    client = api(office.operator)
    assert sent(client, office, key=None).json() != sent(client, office, key=None).json()
    assert Application.objects.count() == 2


def test_another_request_under_the_key_is_refused(office):
    client = api(office.operator)
    key = {"Idempotency-Key": "k-1"}
    made = sent(client, office).json()["key"]
    others = [
        sent(client, office, name="Lain"),
        client.post(ALL + "?fields=name", body(office), format="json", headers=key),
        client.post(f"{ALL}{made}/submit/", {}, format="json", headers={**key, "If-Match": '"1"'}),
    ]
    assert [answer.status_code for answer in others] == [422, 422, 422]
    assert others[0].json()["type"].endswith("key_reused") and "kunci baru" in others[0].json()["detail"]
    assert Application.objects.count() == 1


def test_a_refusal_changed_nothing_and_is_judged_anew(office):
    client = api(office.operator)
    assert sent(client, office, name="").status_code == 400
    assert sent(client, office).status_code == 201


def test_a_key_is_the_senders_own(office):
    colleague = factories.make_actor("operator", office.agency.government, office.agency)
    first, other = sent(api(office.operator), office), sent(api(colleague), office)
    assert first.status_code == other.status_code == 201 and first.json()["key"] != other.json()["key"]


def test_a_kept_answer_is_not_for_who_lost_the_role(office):
    client = api(office.operator)
    assert sent(client, office).status_code == 201
    administrator = factories.make_actor("administrator", office.agency.government)
    accounts.end_membership(office.operator.membership_id, by=administrator, reason="Pindah")
    assert sent(client, office).status_code == 401


def test_after_a_day_the_key_is_forgotten(office):
    client = api(office.operator)
    sent(client, office)
    clock.travel_to(clock.now() + timedelta(hours=23))
    core.forget_old_answers()
    client = api(office.operator)
    assert sent(client, office).status_code == 201 and Application.objects.count() == 1
    clock.travel_to(clock.now() + timedelta(hours=2))
    core.forget_old_answers()
    assert sent(api(office.operator), office).status_code == 201 and Application.objects.count() == 2


def test_a_file_is_the_same_by_its_content(office):
    client, key = api(office.reviewer), {"Idempotency-Key": "berkas"}

    def uploaded(text):
        file = SimpleUploadedFile("daftar.csv", text.encode())
        return client.post("/api/v1/imports/", {"file": file}, format="multipart", headers=key)

    text = f"Nama Aplikasi,Perangkat Daerah\nSatu,{office.agency.name}"
    first, again, other = uploaded(text), uploaded(text), uploaded(text + "\n")
    assert (first.status_code, again.json(), other.status_code) == (201, first.json(), 422)
    assert ImportJob.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201])
def test_a_key_has_a_length(office, key):
    answer = sent(api(office.operator), office, key=key)
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_secret_shown_once_is_kept_nowhere(office):
    made, client = office.registered(), api(office.operator)
    said = {"application": made.code, "name": "Peladen"}
    with_key = client.post("/api/v1/usage-tokens/", said, format="json", headers={"Idempotency-Key": "k"})
    assert with_key.status_code == 400 and not UsageToken.objects.exists()


def every_post(patterns, prefix=""):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from every_post(pattern.url_patterns, path)
        elif path.startswith("api/v1/"):
            view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
            acts = getattr(pattern.callback, "actions", None) or {"post"} & {
                name for name in ("post",) if hasattr(view, name)
            }
            if "post" in acts:
                yield path, view


def test_every_post_of_the_api_may_be_repeated():
    posts = list(every_post(get_resolver().url_patterns))
    assert len(posts) > 60
    assert [path for path, view in posts if not issubclass(view, Repeatable)] == []


@pytest.fixture
def busy_office(transactional_db):
    return Office(factories.make_government())


def race(office, key):
    """The statuses and bodies of several identical requests sent at once, and how many records they made."""
    before, gate = Application.objects.count(), Barrier(AT_ONCE)
    clients = [api(office.operator) for _ in range(AT_ONCE)]

    def send(client):
        client.raise_request_exception = False
        try:
            gate.wait()
            answer = sent(client, office, key=key)
            return answer.status_code, answer.content if answer.status_code == 201 else b""
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, clients))
    return {status for status, _body in answers}, {text for _status, text in answers if text}, (
        Application.objects.count() - before
    )  # fmt: skip


def test_sent_at_once_it_is_done_once(busy_office):
    for number in range(ROUNDS):
        statuses, bodies, made = race(busy_office, f"bersamaan-{number}")
        assert statuses <= {201, 409} and len(bodies) == 1 and made == 1


def test_control_without_being_alone_some_break_down(busy_office, monkeypatch):
    monkeypatch.setattr(repeating, "_alone", lambda *_: True)
    statuses = set()
    for number in range(ROUNDS):
        statuses |= race(busy_office, f"bersamaan-{number}")[0]
    assert 500 in statuses


def test_control_without_a_key_all_are_done(busy_office):
    assert race(busy_office, None)[2] == AT_ONCE


@pytest.mark.django_db
def test_the_document_tells_of_the_key():
    told = APIClient().get("/api/v1/schema/?format=json").json()
    making = told["paths"]["/api/v1/applications/"]["post"]
    assert "Idempotency-Key" in {one["name"] for one in making["parameters"]} and "422" in making["responses"]
    assert "Idempotency-Key" not in str(told["paths"]["/api/v1/applications/"]["get"])
