"""Handing over: who leaves loses role and keys at once, the successor gets them with the drafts; who may hand over whom."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.accounts.models import ApiToken, Membership, User
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import services
from tests.deactivation.web import page, signed_in
from tests.factories import make_actor, make_government
from tests.inventory.doing import Office, fresh

pytestmark = pytest.mark.django_db
WHY = "Mutasi ke kecamatan"


@pytest.fixture
def office(government):
    return Office(government)


@pytest.fixture
def head(office):
    return make_actor("agency_head", office.government, office.agency)


@pytest.fixture
def heir(office):
    """A colleague at the same office who is no operator yet."""
    return make_actor("agency_head", office.government, office.agency, acting="plh")


def hand_over(office, by, heir, who=None, reason=WHY):
    leaving = who or office.operator
    return services.hand_over(leaving.membership_id, by=by, successor_id=heir.person_id, reason=reason)


def test_role_keys_and_drafts_go_to_the_successor(office, head, heir):
    draft, sent = office.draft(), office.submitted("Sudah Diajukan")
    token = ApiToken.objects.create(
        name="kunci", organization=office.agency, membership_id=office.operator.membership_id, scopes=["read"],
        token_hash="b" * 64, prefix="spbe_", expires_at=clock.now(),
    )  # fmt: skip
    made = hand_over(office, head, heir)
    assert (made.user_id, made.role, made.seat) == (heir.person_id, "operator", office.agency)
    assert Membership.objects.get(pk=office.operator.membership_id).ended_at is not None
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert fresh(draft).created_by_id == fresh(draft).draft.saved_by_id == heir.person_id
    assert fresh(sent).submitted_by_id == office.operator.person_id
    event = Event.objects.get(verb="membership.handed_over")
    assert (event.organization_id, event.reason, event.details["successor_id"]) == (
        office.agency.pk,
        WHY,
        heir.person_id,
    )


def test_the_open_session_has_no_role_at_the_next_click(office, head, heir):
    client = signed_in(office.operator)
    assert client.get("/aplikasi/").status_code == 200
    hand_over(office, head, heir)
    assert client.get("/aplikasi/").status_code == 403


def test_a_reviewer_s_drafts_are_seen_by_the_successor(office):
    administrator = make_actor("administrator", office.government)
    successor = make_actor("reviewer", office.government)
    begun = services.start_draft(by=office.reviewer, owner=office.agency, name="Konsep Analis")
    hand_over(office, administrator, successor, who=office.reviewer)
    assert "Konsep Analis" in page(signed_in(successor), f"/aplikasi/{begun.reference}/")
    assert Membership.objects.filter(user=successor.person_id, role="reviewer", ended_at=None).count() == 1


@pytest.mark.parametrize("role", ["operator", "reviewer", "companion", "approver", "executive", "auditor"])
def test_others_hand_over_nobody(office, heir, role):
    with pytest.raises((PermissionDenied, Http404)):
        hand_over(office, office.person(role), heir)


def test_a_head_hands_over_the_own_operators_only(office, head, heir):
    with pytest.raises((PermissionDenied, Http404)):
        hand_over(office, head, heir, who=office.stranger)
    with pytest.raises((PermissionDenied, Http404)):
        hand_over(office, head, heir, who=office.reviewer)
    with pytest.raises(PermissionDenied):
        hand_over(office, head, heir, who=heir)
    with pytest.raises(PermissionDenied):
        hand_over(office, head, heir, who=head)


def test_the_successor_must_be_somebody_else_of_the_office(office, head, heir):
    abroad = make_actor("operator", make_government("Kabupaten Lain"), None or office.agency)
    Membership.objects.filter(pk=abroad.membership_id).delete()
    for wrong in (office.operator, office.stranger, head, abroad):
        with pytest.raises(ValidationError):
            hand_over(office, head, wrong)
    User.objects.filter(pk=heir.person_id).update(is_active=False)
    with pytest.raises(ValidationError):
        hand_over(office, head, heir)


def test_it_happens_once_and_says_why(office, head, heir):
    with pytest.raises(ValidationError):
        hand_over(office, head, heir, reason=" ")
    hand_over(office, head, heir)
    with pytest.raises(RuleViolation):
        hand_over(office, head, heir)


def test_an_administrator_stays_apart(office):
    administrator, other = (make_actor("administrator", office.government) for _ in range(2))
    with pytest.raises(RuleViolation):
        hand_over(office, administrator, other)


def test_the_pages_show_what_is_in_hand_and_hand_it_over(office, head, heir):
    office.draft("Konsep Antrean")
    client = signed_in(head)
    url = f"/serah-terima/{office.operator.membership_id}/"
    assert url in page(client, "/serah-terima/")
    assert url in page(client, f"/serah-terima/?q={office.agency.name[:6]}") and url not in page(
        client, "/serah-terima/?q=tidak-ada"
    )
    assert "Konsep Antrean" in page(client, url)
    assert client.post(url, {"successor_id": "", "reason": ""}).status_code == 400
    assert client.post(url, {"successor_id": heir.person_id, "reason": WHY}).url == "/serah-terima/"
    assert url not in page(client, "/serah-terima/")
    assert client.post(url, {"successor_id": heir.person_id, "reason": WHY}).status_code == 409
    assert signed_in(office.reviewer).get("/serah-terima/").status_code == 403


@pytest.mark.parametrize(
    ("role", "times"), [("agency_head", 2), ("administrator", 1), ("operator", 0), ("reviewer", 0)]
)
def test_home_and_menu_lead_there_for_whoever_may(office, role, times):
    seat = office.agency if role in ("agency_head", "operator") else None
    shown = page(signed_in(make_actor(role, office.government, seat)), "/")
    assert shown.count('href="/serah-terima/"') == times
