"""Bearer tokens and the list of offices."""

from datetime import timedelta

import pytest

from apps.accounts import services
from apps.accounts.models import ApiToken, Role
from apps.core import clock
from tests import factories

LIST = "/api/v1/organizations/"


@pytest.fixture
def administrator(government):
    return factories.make_actor(Role.ADMINISTRATOR, government)


@pytest.fixture
def operator(government):
    return factories.make_membership(Role.OPERATOR, government, factories.make_agency(government, "Dinas Kesehatan"))


def make_key(by, organization, scopes=("read",), membership=None, days=30):
    return services.create_token(
        by=by,
        name="Skrip",
        organization=organization,
        scopes=list(scopes),
        membership=membership,
        expires_at=clock.now() + timedelta(days=days),
    )


def bearer(key):
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def test_the_public_reads_public_fields_of_offices(client, government):
    body = client.get(LIST, {"count": "true", "kind": "agency"}).json()
    assert body["count"] == 5
    assert set(body["results"][0]) == {
        "code",
        "name",
        "short_name",
        "kind",
        "function",
        "parent",
        "government",
        "time_zone",
        "active_from",
        "active_until",
        "version",
    }
    answer = client.get(f"{LIST}{government.code}/")
    assert answer["ETag"] == '"1"'
    detail = answer.json()
    assert (detail["time_zone"], detail["government"]) == ("Asia/Jakarta", None)


def test_an_unknown_parameter_is_refused_by_name(client, government):
    answer = client.get(LIST, {"warna": "biru"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "warna"
    assert client.get(f"{LIST}tidak-ada/").status_code == 404


def test_a_key_works_until_revoked(client, administrator, operator):
    token, key = make_key(administrator, operator.seat, membership=operator)
    assert client.get(LIST, **bearer(key)).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at
    assert key not in str(ApiToken.objects.values())
    services.revoke_token(token.pk, by=administrator)
    answer = client.get(LIST, **bearer(key))
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_key_dies_with_the_membership_or_its_day(client, administrator, operator):
    token, key = make_key(administrator, operator.seat, membership=operator)
    services.end_membership(operator.pk, by=administrator, reason="Mutasi")
    assert client.get(LIST, **bearer(key)).status_code == 401
    late, other = make_key(administrator, operator.seat)
    ApiToken.objects.filter(pk=late.pk).update(expires_at=clock.now())
    assert client.get(LIST, **bearer(other)).status_code == 401
    assert client.get(LIST, **bearer("spbe_tidak-ada")).status_code == 401


def test_a_reading_key_does_not_write(client, administrator, operator):
    _token, key = make_key(administrator, operator.seat, membership=operator)
    assert client.post(LIST, {}, content_type="application/json", **bearer(key)).status_code == 403
    _token, writing = make_key(administrator, operator.seat, scopes=("read", "write"), membership=operator)
    assert client.post(LIST, {}, content_type="application/json", **bearer(writing)).status_code == 405


@pytest.mark.parametrize(
    ("scopes", "days", "with_membership", "field"),
    [
        ([], 30, False, "scopes"),
        (["read"], 400, False, "expires_at"),
        (["read"], -1, False, "expires_at"),
        (["write"], 30, False, "membership"),
    ],
)
def test_unsafe_keys_are_not_made(administrator, operator, scopes, days, with_membership, field):
    with pytest.raises(Exception) as refusal:
        make_key(administrator, operator.seat, scopes=scopes, days=days)
    assert field in refusal.value.message_dict


def test_a_service_client_sees_its_own_government(client, administrator, government):
    factories.make_government("Kota Lain")
    _token, key = make_key(administrator, government, scopes=("catalogue",))
    body = client.get(LIST, {"kind": "government"}, **bearer(key)).json()
    assert [row["code"] for row in body["results"]] == [government.code]
