"""The API of saved views and of one value for many records."""

import pytest

from apps.inventory.models import SavedView
from tests.deactivation.web import signed_in
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db
VIEWS, TOGETHER = "/api/v1/saved-views/", "/api/v1/applications/edit-together/"


def asked(client, method, path, body=None, version=None):
    headers = {"If-Match": f'"{version}"'} if version is not None else {}
    return getattr(client, method)(path, body or {}, content_type="application/json", headers=headers)


def test_a_view_is_kept_read_changed_and_dropped(office, client):
    mine, stranger = signed_in(office.reviewer), signed_in(office.stranger)
    made = asked(mine, "post", VIEWS, {"name": "Pensiun", "query": "status=retired", "shared": "government"})
    assert (made.status_code, made.json()["slug"], made["ETag"]) == (201, "pensiun", '"1"')
    path = f"{VIEWS}pensiun/"
    assert stranger.get(path).json()["query"] == "status=retired" and len(stranger.get(VIEWS).json()["results"]) == 1
    assert asked(stranger, "patch", path).status_code == 403
    assert asked(mine, "patch", path, {"name": "Baru"}).status_code == 428
    assert asked(mine, "patch", path, {"name": "Baru"}, version=9).status_code == 412
    assert asked(mine, "patch", path, {"name": "Baru"}, version=1).json()["shared"] == "government"
    assert asked(mine, "delete", path, version=2).status_code == 204 and not SavedView.objects.exists()
    assert client.get(VIEWS).status_code == 401
    assert asked(mine, "post", VIEWS, {"name": "X", "lain": 1}).status_code == 400


def test_many_records_at_once(office):
    one, two = office.registered("Satu"), office.registered("Dua")
    rows = [{"key": record.code, "version": record.version} for record in (one, two)]
    body = {"rows": rows, "attribute": "hosting", "value": "cloud", "reason": "Pindah"}
    assert asked(signed_in(office.person("auditor")), "post", TOGETHER).status_code == 403
    assert asked(signed_in(office.stranger), "post", TOGETHER, body).status_code == 404
    mine = signed_in(office.operator)
    assert asked(mine, "post", TOGETHER, {**body, "value": "bulan"}).status_code == 400
    assert asked(mine, "post", TOGETHER, {**body, "attribute": "name"}).status_code == 403
    assert asked(mine, "post", TOGETHER, body).json()["results"][0]["version"] == one.version + 1
    assert fresh(one).hosting == fresh(two).hosting == "cloud"
    assert asked(mine, "post", TOGETHER, body).status_code == 412
