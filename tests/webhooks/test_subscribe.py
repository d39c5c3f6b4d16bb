"""Subscriptions by service, page and API: who may, versions, states, the trail, and the secret shown once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.webhooks import sealing, services
from apps.webhooks.models import Delivery, Subscription
from tests import factories

pytestmark = pytest.mark.django_db
PUBLIC_ADDRESS = "https://93.184.215.14/terima"
REGISTERED = "id.go.spbe.application.registered"
OTHERS = ("operator", "agency_head", "reviewer", "companion", "approver", "executive", "auditor")


def browser(actor, kind=Client):
    client = kind()
    client.force_login(User.objects.get(pk=actor.person_id), backend="apps.accounts.backends.AccountBackend")
    return client


@pytest.fixture
def row(government, administrator):
    terms = {"organization": government, "name": "Dasbor", "url": PUBLIC_ADDRESS, "types": [REGISTERED]}
    return services.subscribe(by=administrator, **terms)[0]


ACTS = {
    "edit_subscription": lambda code, by, version: services.edit_subscription(
        code, by=by, version=version, name="Lain"
    ),
    "rotate_secret": lambda code, by, version: services.rotate_secret(code, by=by, version=version),
    "pause": lambda code, by, version: services.pause(code, by=by, version=version),
    "remove": lambda code, by, version: services.remove(code, by=by, version=version),
    "try_out": lambda code, by, version: services.try_out(code, by=by),
}
VERBS = {
    "edit_subscription": "webhook.edited",
    "rotate_secret": "webhook.secret_rotated",
    "pause": "webhook.paused",
    "remove": "webhook.removed",
    "try_out": "webhook.tried",
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_leaves_one_event_that_names_the_office_and_no_secret(administrator, row, act):
    ACTS[act](row.code, administrator, row.version)
    event = Event.objects.get(verb=VERBS[act])
    assert (event.subject_code, event.government_id, event.actor_id) == (
        row.code,
        row.organization_id,
        administrator.person_id,
    )
    assert "whsec_" not in str(event.details) and "/terima" not in str(event.details)


@pytest.mark.parametrize("act", ACTS)
def test_for_other_roles_and_governments_it_does_not_exist(government, row, act):
    strangers = [factories.make_actor(role, government) for role in OTHERS if role not in ("operator", "agency_head")]
    strangers.append(factories.make_actor("operator", government, factories.make_agency(government)))
    strangers.append(factories.make_actor("administrator", factories.make_government("Kota Seberang")))
    for by in strangers:
        with pytest.raises(Http404):
            ACTS[act](row.code, by, row.version)


def test_only_an_administrator_subscribes_and_only_for_the_own_government(government, administrator):
    terms = {"name": "Dasbor", "url": PUBLIC_ADDRESS, "types": [REGISTERED]}
    with pytest.raises(PermissionDenied):
        services.subscribe(by=factories.make_actor("reviewer", government), organization=government, **terms)
    with pytest.raises(PermissionDenied):
        services.subscribe(by=administrator, organization=factories.make_government("Kota Seberang"), **terms)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("act", [name for name in ACTS if name != "try_out"])
def test_an_old_version_is_refused(administrator, row, act):
    with pytest.raises(StaleVersion):
        ACTS[act](row.code, administrator, row.version - 1)


def test_wrong_states(administrator, row):
    paused = services.pause(row.code, by=administrator, version=row.version)
    with pytest.raises(RuleViolation):
        services.pause(row.code, by=administrator, version=paused.version)
    with pytest.raises(RuleViolation):
        services.try_out(row.code, by=administrator)
    active = services.resume(row.code, by=administrator, version=paused.version)
    with pytest.raises(RuleViolation):
        services.resume(row.code, by=administrator, version=active.version)
    ping = services.try_out(row.code, by=administrator)
    services.remove(row.code, by=administrator, version=active.version)
    with pytest.raises(Http404):
        services.resume(row.code, by=administrator, version=active.version + 1)
    removed = Subscription.objects.get(pk=row.pk)
    assert (removed.status, removed.secret, removed.former_secret) == ("removed", "", "")
    assert Delivery.objects.get(pk=ping.pk).status == "dead"


@pytest.mark.parametrize(
    ("values", "field"), [({"name": " "}, "name"), ({"types": []}, "types"), ({"types": ["id.go.spbe.lain"]}, "types")]
)
def test_what_is_missing_is_named(administrator, row, values, field):
    with pytest.raises(ValidationError) as refused:
        services.edit_subscription(row.code, by=administrator, version=row.version, **values)
    assert list(refused.value.message_dict) == [field]


def test_by_the_pages(government, administrator):
    client = browser(administrator)
    typed = {"name": "Dasbor", "organization": government.pk, "url": PUBLIC_ADDRESS, "types": [REGISTERED]}
    wrong = client.post("/pengelolaan/webhook/buat/", {**typed, "url": "https://10.0.0.1/"})
    assert wrong.status_code == 400 and "https://10.0.0.1/" in wrong.content.decode()
    office = factories.make_agency(government)
    made = client.post("/pengelolaan/webhook/buat/", {**typed, "organization": office.pk})
    row = Subscription.objects.get()
    secret = sealing.opened(row.secret)
    assert made.status_code == 200 and secret in made.content.decode() and made["Cache-Control"] == "no-store"
    here = f"/pengelolaan/webhook/{row.code}/"
    client.post(f"{here}coba/")
    page = client.get(here).content.decode()
    assert "id.go.spbe.ping" in page and secret not in page and PUBLIC_ADDRESS in page
    assert "Dasbor" in client.get("/pengelolaan/webhook/").content.decode()
    changed = client.post(f"{here}ubah/", {**typed, "name": "Papan", "version": row.version})
    row.refresh_from_db()
    assert changed.status_code == 302 and row.name == "Papan"
    rotated = client.post(f"{here}ganti-kunci/", {"version": row.version})
    row.refresh_from_db()
    assert sealing.opened(row.secret) in rotated.content.decode() and sealing.opened(row.secret) != secret
    client.post(f"{here}jeda/", {"version": row.version})
    row.refresh_from_db()
    assert row.status == "paused" and "Dijeda" in client.get(here).content.decode()
    client.post(f"{here}lanjutkan/", {"version": row.version})
    row.refresh_from_db()
    ping = row.deliveries.get()
    assert client.post(f"{here}kiriman/{ping.pk}/ulang/").status_code == 302
    client.post(f"{here}hapus/", {"version": row.version})
    assert client.get(here).status_code == 404
    assert Event.objects.filter(verb__startswith="webhook.").count() == 8


def test_by_the_api(government, administrator):
    client = browser(administrator, APIClient)
    said = {"organization": government.code, "name": "Dasbor", "url": PUBLIC_ADDRESS, "types": [REGISTERED]}
    assert client.post("/api/v1/webhooks/", {**said, "secret": "x"}, format="json").status_code == 400
    assert client.post("/api/v1/webhooks/", {**said, "organization": "tidak-ada"}, format="json").status_code == 400
    inner = client.post("/api/v1/webhooks/", {**said, "url": "https://10.0.0.1/"}, format="json")
    assert inner.status_code == 400 and inner.json()["errors"][0]["field"] == "url"
    made = client.post("/api/v1/webhooks/", said, format="json")
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    assert made["Cache-Control"] == "no-store" and made["ETag"] == f'"{made.json()["version"]}"'
    here = f"/api/v1/webhooks/{made.json()['code']}/"
    shown = client.get(here).json()
    assert "secret" not in shown and shown["url"] == PUBLIC_ADDRESS and (shown["waiting"], shown["dead"]) == (0, 0)

    def sent(method, path="", body=None, version=None):
        version = client.get(here).json()["version"] if version is None else version
        head = {"If-Match": f'"{version}"'}
        return getattr(client, method)(here + path, body or {}, format="json", headers=head)

    assert client.patch(here, {"name": "Papan"}, format="json").status_code == 428
    assert sent("patch", body={"name": "Papan"}, version=0).status_code == 412
    assert sent("patch", body={"name": "Papan"}).json()["name"] == "Papan"
    assert sent("post", "resume/").status_code == 409
    assert sent("post", "pause/").json()["status"] == "paused"
    assert client.post(f"{here}try-out/").status_code == 409
    assert sent("post", "resume/").json()["status"] == "active"
    assert sent("post", "rotate-secret/").json()["secret"] != made.json()["secret"]
    ping = client.post(f"{here}try-out/").json()
    assert (ping["type"], ping["status"], ping["tries"]) == ("id.go.spbe.ping", "pending", [])
    listed = client.get(f"{here}deliveries/").json()["results"]
    assert [one["id"] for one in listed] == [ping["id"]]
    assert client.post(f"{here}deliveries/{ping['id']}/replay/").status_code == 200
    assert client.post(f"{here}deliveries/{'0' * 8}-0000-4000-8000-{'0' * 12}/replay/").status_code == 404
    assert sent("delete").status_code == 204 and client.get(here).status_code == 404
    other = browser(factories.make_actor("reviewer", government), APIClient)
    assert other.get("/api/v1/webhooks/").status_code == 403 and APIClient().get("/api/v1/webhooks/").status_code == 401


def test_lists_ask_the_same_number_of_questions_however_long(
    government, administrator, row, django_assert_max_num_queries
):
    client = browser(administrator)
    for number in range(8):
        services.try_out(row.code, by=administrator)
        services.subscribe(
            by=administrator, organization=government, name=f"Sistem {number}", url=PUBLIC_ADDRESS, types=[REGISTERED]
        )
    with django_assert_max_num_queries(14):
        client.get("/pengelolaan/webhook/")
    with django_assert_max_num_queries(14):
        client.get(f"/pengelolaan/webhook/{row.code}/")
