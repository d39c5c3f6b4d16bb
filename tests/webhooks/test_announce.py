"""What is said to whom: public codes and links, cases only to their own, each event once."""

import json
from datetime import timedelta

import pytest

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.core import clock
from apps.inventory import services as inventory
from apps.webhooks import rules, services
from apps.webhooks.models import Delivery
from tests import factories
from tests.access.world import FACTS
from tests.catalogue.test_catalogue import make_application
from tests.racing import racers
from tests.webhooks.receiver import receiving

SYSTEM = Actor.system()


def announced():
    """Type and subject of all that was written, the oldest first."""
    while services.announce_some():
        pass
    return [(one.type.removeprefix("id.go.spbe."), one.subject) for one in Delivery.objects.order_by("event_id")]


@pytest.fixture
def receiver(settings):
    with receiving(settings=settings) as server:
        yield server


@pytest.mark.django_db
def test_what_is_sent_is_a_cloud_event_of_code_and_link(government, subscribed, receiver, settings):
    subscribed(receiver)
    made = make_application(government, "Antrean", number=1)
    event = record(SYSTEM, "application.registered", made, organization=made.owner, name="Rahasia dapur")
    assert announced() == [("application.registered", "APL-2026-000001")]
    row = Delivery.objects.get()
    assert json.loads(row.body) == {
        "specversion": "1.0",
        "id": str(row.pk),
        "source": settings.BASE_URL,
        "type": "id.go.spbe.application.registered",
        "subject": "APL-2026-000001",
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "code": "APL-2026-000001",
            "url": f"{settings.BASE_URL}/api/v1/applications/APL-2026-000001/",
        },
    }


@pytest.mark.django_db
def test_a_real_registration_and_edit_are_announced_and_a_draft_is_not(government, subscribed, receiver):
    subscribed(receiver)
    operator = factories.make_actor("operator", government, factories.make_agency(government))
    reviewer = factories.make_actor("reviewer", government)
    owner = government.__class__.objects.get(pk=operator.seat_id)
    draft = inventory.start_draft(by=operator, owner=owner, name="Antrean")
    draft = inventory.save_draft(draft.reference, by=operator, typed={}, values=FACTS)
    sent = inventory.submit(draft.reference, by=operator, version=draft.version)
    assert announced() == []
    made = inventory.register(sent.reference, by=reviewer, version=sent.version)
    inventory.edit(made.pk, by=operator, version=made.version, values={"year_built": 2020}, reason="Uji")
    assert announced() == [("application.registered", made.code), ("application.changed", made.code)]


@pytest.mark.django_db
def test_only_what_was_chosen_since_then_and_of_the_own_government(government, subscribed, receiver):
    made = make_application(government, "Antrean", number=1)
    record(SYSTEM, "application.registered", made, organization=made.owner)
    clock.travel_to(clock.now() + timedelta(minutes=1))
    subscribed(receiver, types=["id.go.spbe.application.registered"])
    clock.travel_to(clock.now() + timedelta(minutes=1))
    other = factories.make_government("Kota Seberang")
    abroad = make_application(other, "Milik sana", number=2)
    record(SYSTEM, "application.registered", abroad, organization=abroad.owner)
    record(SYSTEM, "application.edited", made, organization=made.owner)
    assert announced() == []
    record(SYSTEM, "application.registered", made, organization=made.owner)
    assert announced() == [("application.registered", made.code)]


@pytest.mark.django_db
def test_a_case_is_told_to_its_office_and_government_alone(government, subscribed, receiver):
    owner, stranger = (factories.make_agency(government) for _turn in range(2))
    rows = {office: subscribed(receiver, organization=office)[0] for office in (government, owner, stranger)}
    made = make_application(government, "Antrean", number=1, owner=owner)
    record(SYSTEM, "case.decided", made, organization=owner)
    record(SYSTEM, "application.retired", made, organization=owner)
    announced()
    told = {
        office.pk: {one.type.removeprefix("id.go.spbe.") for one in row.deliveries.all()}
        for office, row in rows.items()
    }
    public = {"application.retired"}
    assert told == {government.pk: {"case.decided"} | public, owner.pk: {"case.decided"} | public, stranger.pk: public}


@pytest.mark.django_db
def test_a_quarter_and_many_records_at_once(government, subscribed, receiver):
    subscribed(receiver)
    record(SYSTEM, "period.closed", government, organization=government, quarter="2026-Q3")
    record(SYSTEM, "import.committed", government, organization=government)
    assert announced() == [("quarter.closed", "2026-Q3"), ("catalogue.changed", "")]
    assert [
        json.loads(one.body)["data"]["url"].rpartition("/api/v1/")[2] for one in Delivery.objects.order_by("event_id")
    ] == [
        "snapshots/",
        "changes/",
    ]


@pytest.mark.django_db
def test_while_paused_nothing_is_noted(government, administrator, subscribed, receiver):
    row, _secret = subscribed(receiver)
    row = services.pause(row.code, by=administrator, version=row.version)
    made = make_application(government, "Antrean", number=1)
    record(SYSTEM, "application.registered", made, organization=made.owner)
    assert announced() == []
    services.resume(row.code, by=administrator, version=row.version)
    record(SYSTEM, "application.edited", made, organization=made.owner)
    assert announced() == [("application.changed", made.code)]


def test_every_verb_belongs_to_one_type_and_every_type_has_a_label():
    verbs = [verb for one in rules.ANNOUNCED for verb in one.verbs]
    assert len(verbs) == len(set(verbs)) == len(rules.BY_VERB)
    assert all(str(one.label) and one.type.startswith("id.go.spbe.") for one in rules.ANNOUNCED)


@pytest.mark.django_db(transaction=True)
def test_two_readers_announce_each_event_once(settings):
    government = factories.make_government()
    by = factories.make_actor("administrator", government)
    with receiving(settings=settings) as receiver:
        services.subscribe(
            by=by, organization=government, name="Dasbor", url=receiver.url, types=["id.go.spbe.application.changed"]
        )
    made = make_application(government, "Antrean", number=1)
    for _turn in range(30):
        record(SYSTEM, "application.edited", made, organization=made.owner)
    with racers(2) as pool:
        read = list(pool.map(lambda _turn: services.announce_some(), range(2)))
    assert sum(read) == 30 and Delivery.objects.count() == 30


@pytest.mark.django_db
def test_acts_on_several_records_reach_who_follows_them(government, subscribed, receiver):
    subscribed(receiver)
    reviewer = factories.make_actor("reviewer", government)
    made = [make_application(government, f"Aplikasi {number}", number=number) for number in (1, 2)]
    inventory.edit_together(
        [(one.pk, one.version) for one in made], by=reviewer, attribute="hosting", value="cloud", reason="Uji"
    )
    assert announced() == [("application.changed", one.code) for one in made]
