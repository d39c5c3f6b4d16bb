"""Coming in, the throttle, sessions that end, roles that switch, and the way back to where one was going."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import F
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import reauth, rules, services
from apps.accounts.models import Role, User
from apps.audit.models import Event
from apps.core import clock
from tests import factories

SIGN_IN = "/masuk/"


@pytest.fixture
def operator(government):
    return factories.make_membership(Role.OPERATOR, government, factories.make_agency(government, "Dinas Kesehatan"))


def enter(client, user, password=factories.PASSWORD, **more):
    return client.post(SIGN_IN, {"username": user.username, "password": password, **more})


def test_sign_in_goes_where_the_person_was_going(client, operator):
    answer = enter(client, operator.user, next="/aksesibilitas/")
    assert (answer.status_code, answer.url) == (302, "/aksesibilitas/")
    assert client.session["membership"] == operator.pk
    assert client.session["time_zone"] == "Asia/Jakarta"
    assert Event.objects.filter(verb="person.signed_in", actor_id=operator.user_id).count() == 1


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_sign_in_does_not_lead_outside(client, operator, evil):
    assert enter(client, operator.user, next=evil).url == "/"


def test_the_nip_serves_as_sign_in_name(client, operator):
    User.objects.filter(pk=operator.user_id).update(nip="198701012010011001")
    assert client.post(SIGN_IN, {"username": "198701012010011001", "password": factories.PASSWORD}).status_code == 302


def test_a_wrong_password_says_so_in_indonesian_and_keeps_the_name(client, operator):
    page = enter(client, operator.user, "salah").content.decode()
    assert "tidak cocok" in page
    assert operator.user.username in page


def test_the_sixth_try_is_locked_even_with_the_right_password(client, operator):
    answers = [enter(client, operator.user, "salah").status_code for _try in range(5)]
    assert answers[:4] == [200] * 4
    locked = enter(client, operator.user)
    assert locked.status_code == 429
    assert "Terlalu banyak percobaan" in locked.content.decode()
    other = factories.make_membership(Role.OPERATOR, operator.seat.government, operator.seat)
    assert enter(client, other.user).status_code == 302


@pytest.mark.parametrize(("demo", "status"), [(True, 302), (False, 200)])
def test_demo_accounts_only_while_demo_is_set(client, operator, settings, demo, status):
    settings.DEMO = demo
    User.objects.filter(pk=operator.user_id).update(is_demo=True)
    assert enter(client, operator.user).status_code == status


def test_a_demo_session_ends_when_demo_is_unset(client, operator, settings):
    settings.DEMO = True
    User.objects.filter(pk=operator.user_id).update(is_demo=True)
    enter(client, operator.user)
    settings.DEMO = False
    assert client.get(SIGN_IN).status_code == 200


def test_a_shut_account_is_out_at_the_next_request(client, operator):
    enter(client, operator.user)
    administrator = factories.make_actor(Role.ADMINISTRATOR, operator.seat.government)
    services.deactivate_person(operator.user_id, by=administrator, reason="Pensiun")
    assert client.get(SIGN_IN).status_code == 200


def test_an_expired_password_is_changed_before_entering(client, operator, settings):
    settings.PASSWORD_POLICY = "bssn"
    User.objects.filter(pk=operator.user_id).update(password_changed_at=clock.now() - timedelta(days=91))
    assert enter(client, operator.user).url == "/kata-sandi/"
    assert "_auth_user_id" not in client.session
    fresh = "Kata-Sandi.Baru.2026"
    answer = client.post("/kata-sandi/", {"current": factories.PASSWORD, "password": fresh, "again": fresh})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_only_bssn_lets_passwords_expire():
    then, now = clock_pair(400)
    assert rules.password_expired("bssn", then, now)
    assert not rules.password_expired("asvs", then, now)
    assert not rules.password_expired("bssn", *clock_pair(89))


def clock_pair(days):
    now = factories.date(2026, 1, 1)
    return now - timedelta(days=days), now


def test_changing_the_password_ends_the_other_sessions(client, operator, django_user_model):
    elsewhere = type(client)()
    enter(client, operator.user)
    enter(elsewhere, operator.user)
    fresh = "empat kata yang mudah diingat"
    client.post("/kata-sandi/", {"current": factories.PASSWORD, "password": fresh, "again": fresh})
    assert elsewhere.get(SIGN_IN).status_code == 200
    assert client.get(SIGN_IN).status_code == 302


def test_switching_to_a_role_of_ones_own_only(client, operator):
    second = factories.make_membership(Role.REVIEWER, operator.seat.government, user=operator.user)
    foreign = factories.make_membership(Role.APPROVER, operator.seat.government)
    enter(client, operator.user)
    assert client.post("/peran/", {"membership": second.pk}).status_code == 302
    assert client.session["membership"] == second.pk
    assert client.post("/peran/", {"membership": foreign.pk}).status_code == 404
    assert client.session["membership"] == second.pk


def test_a_lost_role_falls_back_to_the_other_at_once(client, operator):
    second = factories.make_membership(Role.ADMINISTRATOR, operator.seat.government, user=operator.user)
    enter(client, operator.user)
    client.post("/peran/", {"membership": second.pk})
    assert client.get("/pengelolaan/").status_code == 200
    another = factories.make_actor(Role.ADMINISTRATOR, operator.seat.government)
    services.end_membership(second.pk, by=another, reason="Mutasi")
    assert client.get("/pengelolaan/").status_code == 403


def test_signing_out_takes_a_post(client, operator):
    enter(client, operator.user)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/").status_code == 302
    assert client.get("/pengelolaan/").url == f"{SIGN_IN}?next=/pengelolaan/"


def test_the_session_idles_out_after_thirty_minutes(client, operator, settings):
    assert settings.SESSION_COOKIE_AGE == 1800
    enter(client, operator.user)
    kept = Session.objects.filter(pk=client.session.session_key)
    client.get("/aplikasi/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/aplikasi/")
    assert not [query for query in asked.captured_queries if query["sql"].startswith("UPDATE")]

    session = client.session
    session["minute"] -= 5
    session.save()
    kept.update(expire_date=F("expire_date") - timedelta(minutes=5))
    before = kept.get().expire_date
    assert client.get("/aplikasi/").cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 1800
    assert kept.get().expire_date - before >= timedelta(minutes=5)

    kept.update(expire_date=F("expire_date") - timedelta(minutes=31))
    assert client.get("/aplikasi/").url.startswith(SIGN_IN)


def test_an_invitation_link_works_once_in_the_browser(client, government):
    by = factories.make_actor(Role.ADMINISTRATOR, government)
    agency = factories.make_agency(government)
    _user, token = services.invite(
        by=by,
        name="Sari",
        username="sari@contoh.example",
        role=Role.OPERATOR,
        seat=agency,
        starts_on=factories.date(2026, 1, 1),
    )
    path = reverse("accounts:invitation", args=[token])
    fresh = "empat kata yang mudah diingat"
    refused = client.post(path, {"password": fresh, "again": "lain"})
    assert "tidak sama" in refused.content.decode()
    assert client.post(path, {"password": fresh, "again": fresh}).url == SIGN_IN
    assert client.get(path).status_code == 404
    assert client.post(SIGN_IN, {"username": "sari@contoh.example", "password": fresh}).status_code == 302


def test_asking_for_the_password_again(operator):
    request = RequestFactory().post("/")
    request.user = operator.user
    reauth.confirm(request, factories.PASSWORD)
    with pytest.raises(ValidationError):
        reauth.confirm(request, "salah")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    with pytest.raises(PermissionDenied):
        reauth.confirm(request, factories.PASSWORD)


def test_the_theme_follows_the_account_to_another_browser(client, operator):
    enter(client, operator.user)
    client.post("/tampilan/", {"theme": "dark"})
    elsewhere = type(client)()
    enter(elsewhere, operator.user)
    assert elsewhere.cookies["spbe_theme"].value == "dark"


def test_a_session_without_a_zone_takes_the_government_s(client, operator):
    client.force_login(operator.user, backend="apps.accounts.backends.AccountBackend")
    client.get("/aksesibilitas/")
    assert client.session["time_zone"] == "Asia/Jakarta"


def test_the_theme_is_kept_in_a_cookie(client, db):
    answer = client.post("/tampilan/", {"theme": "dark", "next": "/masuk/"})
    assert answer.url == "/masuk/"
    assert 'data-bs-theme="dark"' in client.get("/masuk/").content.decode()


def test_without_a_choice_the_page_follows_the_device_and_a_choice_ends_that(client, db):
    assert 'data-bs-theme="light" data-follows-device' in client.get("/masuk/").content.decode()
    client.cookies["spbe_device"] = "dark"
    assert 'data-bs-theme="dark" data-follows-device' in client.get("/masuk/").content.decode()
    client.post("/tampilan/", {"theme": "light"})
    chosen = client.get("/masuk/").content.decode()
    assert 'data-bs-theme="light"' in chosen and "data-follows-device" not in chosen
