"""Ends that come near are announced once per rung, to the owner's operator and the reviewers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.core import clock
from apps.inventory import rules, services
from apps.inventory.models import Application, Contract, ExpiryReminder, RecordDocument
from apps.notifications.models import Notification
from apps.notifications.services import tell_some

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
VERBS = ("contract.expiring", "document.expiring")


@pytest.fixture(autouse=True)
def today(db):
    clock.travel_to(datetime(2026, 11, 22, 3, tzinfo=UTC))


def contract(application, days, number="027/1"):
    first = date(2026, 1, 1)
    return Contract.objects.create(
        application=application, number=number, vendor="PT Contoh", amount=1, starts_on=first,
        ends_on=TODAY + timedelta(days=days),
    )  # fmt: skip


def document(application, days):
    return RecordDocument.objects.create(
        application=application, kind="security_test", title="Uji keamanan", location="https://a.contoh.example",
        valid_until=TODAY + timedelta(days=days),
    )  # fmt: skip


def sweep(office):
    return services.remind_of_ends(office.government, by=Actor.system())


def told():
    return list(Event.objects.filter(verb__in=VERBS).order_by("pk").values_list("verb", "details__days"))


@pytest.mark.parametrize("left,rung", [(-1, None), (0, 7), (1, 7), (7, 7), (8, 30), (30, 30), (31, None), (400, None)])
def test_the_rung_of_a_day(office, left, rung):
    assert rules.expiry_rung(left) == rung
    contract(office.registered(), left)
    assert sweep(office) == (rung is not None)
    assert list(ExpiryReminder.objects.values_list("days_before", flat=True)) == ([rung] if rung else [])


def test_each_rung_is_told_once_and_a_new_end_anew(office):
    made = office.registered()
    row = contract(made, 40)
    for days, expected in ((0, 0), (10, 1), (10, 0), (20, 0), (33, 1), (36, 0), (40, 0), (41, 0)):
        clock.travel_to(datetime(2026, 11, 22, 3, tzinfo=UTC) + timedelta(days=days))
        assert sweep(office) == expected, days
    assert told() == [("contract.expiring", 30), ("contract.expiring", 7)]
    Contract.objects.filter(pk=row.pk).update(ends_on=TODAY + timedelta(days=60))
    assert sweep(office) == 1


def test_the_day_is_the_governments_own(office):
    contract(office.registered(), 31)
    clock.travel_to(datetime(2026, 11, 22, 16, 59, tzinfo=UTC))  # 23.59 WIB
    assert sweep(office) == 0
    clock.travel_to(datetime(2026, 11, 22, 17, 0, tzinfo=UTC))  # 00.00 WIB of the next day
    assert sweep(office) == 1


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn", "retired"])
def test_only_living_applications_are_told_of(office, state):
    contract(getattr(office, state)(), 5)
    assert sweep(office) == 0
    document(office.retiring("Lain"), 5)
    assert sweep(office) == 1


def test_without_the_reminder_rows_the_sweep_would_tell_again(office):
    """The control: the row is what keeps the second sweep silent."""
    contract(office.registered(), 5)
    sweep(office)
    ExpiryReminder.objects.all().delete()
    assert sweep(office) == 1 and len(told()) == 2


def test_operator_and_reviewer_read_what_ends_and_when(office):
    made = office.registered()
    document(made, 25)
    sweep(office)
    while tell_some():
        pass
    notes = Notification.objects.filter(event__verb="document.expiring")
    assert {note.person_id for note in notes} == {office.operator.person_id, office.reviewer.person_id}
    assert {note.subject for note in notes} == {"Dokumen Uji keamanan berlaku sampai 17 Desember 2026"}
    assert {note.path for note in notes} == {f"/aplikasi/{Application.objects.get().code}/dokumen/"}
