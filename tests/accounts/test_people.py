"""Inviting people, their first password, shutting accounts."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.http import Http404

from apps.accounts import services
from apps.accounts.models import Invitation, Membership, Organization, Role, User
from apps.accounts.passwords import PolicyValidator
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from tests import factories

NEW_PASSWORD = "empat kata yang mudah diingat"
NIP = "198701012010011001"


@pytest.fixture
def administrator(government):
    return factories.make_actor(Role.ADMINISTRATOR, government)


@pytest.fixture
def agency(government):
    return factories.make_agency(government, "Dinas Kesehatan")


def invite(by, seat, username="sari@contoh.example", **more):
    return services.invite(
        by=by, name="Sari", username=username, role=Role.OPERATOR, seat=seat, starts_on=date(2026, 1, 1), **more
    )


def test_an_invited_person_sets_the_password_once(administrator, agency):
    user, token = invite(administrator, agency)
    assert not user.has_usable_password()
    services.accept_invitation(token, password=NEW_PASSWORD)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    with pytest.raises(Http404):
        services.accept_invitation(token, password=NEW_PASSWORD)


def test_the_token_itself_is_not_stored(administrator, agency):
    _user, token = invite(administrator, agency)
    assert token not in str(list(Invitation.objects.values()))


def test_an_invitation_ends_after_seven_days(administrator, agency):
    _user, token = invite(administrator, agency)
    Invitation.objects.update(expires_at=clock.now())
    with pytest.raises(Http404):
        services.invitation_of(token)


def test_a_new_link_ends_the_old_one(administrator, agency):
    user, old = invite(administrator, agency)
    new = services.renew_invitation(user.pk, by=administrator)
    with pytest.raises(Http404):
        services.invitation_of(old)
    assert services.invitation_of(new).user == user


def test_one_nip_is_one_person(administrator, agency, government):
    user, _token = invite(administrator, agency, nip=NIP)
    other = factories.make_agency(government)
    again, token = invite(administrator, other, username="lain@contoh.example", nip=NIP)
    assert (again, token) == (user, "")
    assert user.memberships.count() == 2


def test_a_taken_sign_in_name_is_refused_at_its_field(administrator, agency):
    invite(administrator, agency)
    with pytest.raises(ValidationError) as refusal:
        invite(administrator, agency, username="SARI@contoh.example")
    assert "username" in refusal.value.message_dict


@pytest.mark.parametrize("role", ["reviewer", "approver", "auditor", "executive", "companion"])
def test_only_administrators_invite(role, government, agency):
    with pytest.raises(PermissionDenied):
        invite(factories.make_actor(role, government), agency)
    assert not User.objects.filter(username="sari@contoh.example").exists()


def test_a_weak_password_is_refused_and_the_link_stays(administrator, agency):
    _user, token = invite(administrator, agency)
    with pytest.raises(ValidationError) as refusal:
        services.accept_invitation(token, password="pendek")
    assert "password" in refusal.value.message_dict
    assert services.invitation_of(token)


@pytest.mark.parametrize(
    ("policy", "password", "good"),
    [
        ("asvs", "lima belas huru", True),
        ("asvs", "empat belas hr", False),
        ("bssn", "Dua.belas-12", True),
        ("bssn", "dua.belas-123", False),
        ("bssn", "DuaBelas1234", False),
        ("bssn", "Dua.bls-12a", False),
    ],
)
def test_the_two_password_policies(policy, password, good):
    if good:
        PolicyValidator(policy).validate(password)
    else:
        with pytest.raises(ValidationError):
            PolicyValidator(policy).validate(password)


def test_changing_the_password_asks_for_the_present_one(administrator, agency):
    user, token = invite(administrator, agency)
    services.accept_invitation(token, password=NEW_PASSWORD)
    with pytest.raises(ValidationError):
        services.change_password(user.pk, current="salah", password="kata sandi lain yang panjang")
    services.change_password(user.pk, current=NEW_PASSWORD, password="kata sandi lain yang panjang")
    user.refresh_from_db()
    assert user.check_password("kata sandi lain yang panjang")
    assert Event.objects.filter(verb="person.password_changed", subject_id=user.pk).count() == 1


def test_a_shut_account_loses_keys_and_links_and_opens_again(administrator, agency):
    user, token = invite(administrator, agency)
    key, _secret = services.create_token(
        by=administrator,
        name="Skrip",
        organization=agency,
        scopes=["read"],
        membership=user.memberships.get(),
        expires_at=clock.now() + timedelta(days=1),
    )
    services.deactivate_person(user.pk, by=administrator, reason="Pensiun")
    key.refresh_from_db()
    assert key.revoked_at
    with pytest.raises(Http404):
        services.invitation_of(token)
    with pytest.raises(RuleViolation):
        services.deactivate_person(user.pk, by=administrator, reason="Lagi")
    assert services.reactivate_person(user.pk, by=administrator, reason="Keliru").is_active


def test_nobody_shuts_the_own_account_and_strangers_do_not_see_it(administrator, agency):
    with pytest.raises(PermissionDenied):
        services.deactivate_person(administrator.person_id, by=administrator, reason="x")
    user, _token = invite(administrator, agency)
    stranger = factories.make_actor(Role.ADMINISTRATOR, factories.make_government("Kota Lain"))
    with pytest.raises(Http404):
        services.deactivate_person(user.pk, by=stranger, reason="x")


def test_editing_a_person_keeps_names_and_nip_single(administrator, agency):
    user, _token = invite(administrator, agency, nip=NIP)
    other, _token = invite(administrator, agency, username="lain@contoh.example")
    with pytest.raises(ValidationError) as refusal:
        services.edit_person(other.pk, by=administrator, name="Lain", username="sari@contoh.example", nip=NIP)
    assert set(refusal.value.message_dict) == {"username", "nip"}
    services.edit_person(user.pk, by=administrator, name="Sari Dewi", username="sari@contoh.example", nip=NIP)
    assert Event.objects.get(verb="person.edited").details["changed"] == ["name"]


@pytest.mark.django_db
def test_createadministrator_makes_government_policy_and_link(capsys):
    with pytest.raises(CommandError, match="--zone"):
        call_command("createadministrator", "admin@contoh.example", name="Admin", government="Kota Denpasar")
    call_command(
        "createadministrator", "admin@contoh.example", name="Admin", government="Kota Denpasar", zone="Asia/Makassar"
    )
    assert "/undangan/" in capsys.readouterr().out
    government = Organization.objects.get(name="Kota Denpasar")
    assert government.policy
    assert Membership.objects.get(user__username="admin@contoh.example").scope == government
