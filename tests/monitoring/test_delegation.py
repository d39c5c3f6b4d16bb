"""A head names a reporter for a time: who may be named, what the person may do, how it ends, who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from apps.accounts import services
from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import services as monitoring
from apps.monitoring import tasks
from apps.monitoring.models import Reminder
from apps.notifications import services as notifications
from apps.notifications.models import Notification
from tests import factories
from tests.monitoring.browser import api, signed_in
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db
WHY = "Operator cuti melahirkan"


@pytest.fixture
def world(government):
    return World(government)


@pytest.fixture
def colleague(world):
    """Somebody of a unit beneath the office."""
    unit = factories.make_agency(world.government, "UPT Laboratorium", parent=world.agency)
    world.head = Actor.of(Membership.objects.get(pk=world.head.membership_id))
    return factories.make_membership("operator", world.government, unit).user


def today(world):
    return clock.today(world.government.zone)


def delegate(world, person, *, by=None, days=20, reason=WHY, **more):
    until = today(world) + timedelta(days=days)
    return services.delegate_reporting(person.pk, by=by or world.head, until=until, reason=reason, **more)


def test_the_delegate_reports_is_reminded_and_stops_at_the_date(world, colleague):
    application = world.application()
    period = world.open(Quarter(2025, 1))
    row = delegate(world, colleague, days=18, acting="plh", decree="800/7/2025")
    named = Actor.of(row)
    while notifications.tell_some():
        pass
    assert Notification.objects.filter(person=colleague, subject__contains="pelapor").exists()
    monitoring.save_report(period.pk, application.pk, by=named, values={"used": True, "active_users": 4})
    clock.travel_to(period.closes_at - timedelta(days=15) + timedelta(hours=9))
    tasks.remind_people()
    assert Reminder.objects.filter(person=colleague, rung="T-14", sent_at__isnull=False).exists()
    clock.travel_to(clock.now() + timedelta(days=7))
    tasks.remind_people()
    assert Reminder.objects.filter(person=colleague, rung="T-7").exists(), "still within its time"
    clock.travel_to(clock.now() + timedelta(days=6))
    tasks.remind_people()
    assert not Reminder.objects.filter(person=colleague, rung="T-1").exists(), "its day is over"
    assert not Membership.objects.current(today(world)).filter(pk=row.pk).exists()
    grid = signed_in(named).get(reverse("monitoring:grid", args=[period.code])).content.decode()
    assert application.name not in grid, "only the own unit's applications are left"
    event = Event.objects.get(verb="membership.delegated")
    assert (event.organization_id, event.reason, event.details["person_id"]) == (world.agency.pk, WHY, colleague.pk)


@pytest.mark.parametrize("role", ["operator", "reviewer", "approver", "administrator", "auditor"])
def test_only_the_head_names(world, colleague, role):
    seat = world.agency if role == "operator" else None
    with pytest.raises(PermissionDenied):
        delegate(world, colleague, by=factories.make_actor(role, world.government, seat))


def test_who_and_how_long_is_judged_by_field(world, colleague):
    stranger = factories.make_membership("operator", world.government, factories.make_agency(world.government)).user
    for person, field, more in (
        (stranger, "person_id", {}),
        (Membership.objects.get(pk=world.head.membership_id).user, "person_id", {}),
        (colleague, "until", {"days": -1}),
        (colleague, "until", {"days": 400}),
        (colleague, "reason", {"reason": "  "}),
        (colleague, "decree", {"acting": "plt"}),
    ):
        with pytest.raises(ValidationError) as refusal:
            delegate(world, person, **more)
        assert list(refusal.value.message_dict) == [field]
    delegate(world, colleague)
    with pytest.raises(RuleViolation) as twice:
        delegate(world, colleague)
    assert twice.value.code == "membership_overlap"


def test_the_head_ends_it_early_and_only_what_is_temporary(world, colleague):
    row = delegate(world, colleague)
    with pytest.raises(Http404):
        services.recall_delegate(
            row.pk, by=factories.make_actor("operator", world.government, world.agency), reason="x"
        )
    other = factories.make_agency(world.government)
    with pytest.raises(Http404):
        services.recall_delegate(row.pk, by=factories.make_actor("agency_head", world.government, other), reason="x")
    with pytest.raises(ValidationError):
        services.recall_delegate(row.pk, by=world.head, reason=" ")
    assert services.recall_delegate(row.pk, by=world.head, reason="Kembali").ended_at
    for pk in (row.pk, world.operator.membership_id):
        with pytest.raises(RuleViolation) as refusal:
            services.recall_delegate(pk, by=world.head, reason="Kembali")
        assert refusal.value.code == "wrong_state"
    assert Event.objects.filter(verb="membership.recalled").count() == 1
    while notifications.tell_some():
        pass
    assert Notification.objects.filter(person=world.operator.person_id, subject__endswith="diakhiri").exists()


def test_the_page_names_loses_nothing_typed_and_ends(world, colleague):
    client, address = signed_in(world.head), reverse("accounts:delegations")
    page = client.get(address).content.decode()
    assert "Siapa melapor selagi operator berhalangan?" in page and colleague.name in page
    typed = {"person_id": colleague.pk, "until": "2001-01-01", "reason": "Dinas luar", "acting": "", "decree": "800/1"}
    wrong = client.post(address, typed)
    assert wrong.status_code == 400 and "Dinas luar" in wrong.content.decode()
    named = client.post(address, {**typed, "until": str(today(world) + timedelta(days=9))}, follow=True)
    assert "1 pelapor sementara di kantor Anda" in named.content.decode()
    row = Membership.objects.get(user=colleague, seat=world.agency)
    recall = reverse("accounts:recall", args=[row.pk])
    assert client.post(recall, {f"p{row.pk}-reason": ""}).status_code == 400
    assert "diakhiri" in client.post(recall, {f"p{row.pk}-reason": "Kembali"}, follow=True).content.decode()
    assert signed_in(world.operator).get(address).status_code == 403


def test_the_api_names_and_ends(world, colleague):
    client, path = api(world.head), "/api/v1/delegations/"
    body = {"person_id": colleague.pk, "until": str(today(world) + timedelta(days=9)), "reason": WHY}
    assert client.post(path, {**body, "until": "2001-01-01"}, format="json").status_code == 400
    made = client.post(path, body, format="json")
    assert (made.status_code, made.json()["person"]) == (201, colleague.name), made.content
    assert client.post(path, body, format="json").status_code == 409
    assert [row["id"] for row in client.get(path).json()] == [made.json()["id"]]
    recall = f"{path}{made.json()['id']}/recall/"
    assert client.post(recall, {"reason": "Kembali"}, format="json").json()["ended_at"]
    assert client.post(recall, {"reason": "Kembali"}, format="json").status_code == 409
    assert api(world.reviewer).post(path, body, format="json").status_code == 403
