"""The demo: every state by walking the services, once, and only where it belongs."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from apps.accounts.models import Organization, User
from apps.audit.models import Event
from apps.core import clock
from apps.dashboard.demo import town
from apps.dashboard.demo.people import ACCOUNTS, PASSWORD
from apps.deactivation.models import Case, Letter
from apps.inventory.models import Application
from apps.monitoring.models import Assessment, Finding, Period, Probe, UsageReport, UsageSample
from tests import factories


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small town, made once for all tests here and rolled back after them."""
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        call_command("load_reference", verbosity=0)
        call_command("seed_demo", small=True, verbosity=0)
        yield
        transaction.set_rollback(True)


def test_cases_stand_in_every_state(seeded):
    assert set(Case.objects.values_list("status", flat=True)) >= {
        "nominated", "awaiting_answer", "answered", "on_desk", "recommended", "decided", "executing", "executed",
        "closed",
    }  # fmt: skip


def test_all_verdicts_appear_in_closed_quarters(seeded):
    assert Period.objects.filter(status="closed").count() == 4
    assert set(Assessment.objects.published().values_list("verdict", flat=True)) == {
        "active", "idle", "unreported", "exempt", "conflict",
    }  # fmt: skip
    assert set(Finding.objects.values_list("kind", flat=True)) >= {"idle", "non_reporting", "conflict"}


def test_the_evidence_is_there(seeded):
    assert UsageReport.objects.filter(status="accepted").exists()
    assert UsageSample.objects.exists() and Probe.objects.filter(outcome="unreached", note="").exists()
    assert Letter.objects.filter(status="settled").exists()


def test_submissions_are_on_their_way(seeded):
    waiting = Application.objects.filter(code=None).values_list("status", flat=True)
    assert {"draft", "submitted", "returned"} <= set(waiting)


def test_nothing_happened_after_the_present_and_the_clock_is_back(seeded):
    assert clock.offset() == timedelta(0)
    assert not Event.objects.filter(at__gt=clock.now()).exists()


def test_every_office_and_person_is_marked_as_demo(seeded):
    assert not Organization.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()


def test_addresses_lead_nowhere(seeded):
    outside = Application.objects.exclude(addresses=None).exclude(addresses__url__contains=".tirtaraya.example/")
    assert not outside.exists()


def test_accounts_open_with_the_shared_password_and_are_printed(seeded, capsys):
    for username, *_rest in ACCOUNTS:
        assert User.objects.get(username=username).check_password(PASSWORD)
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    assert PASSWORD in printed and "kepala-diskominfo" in printed


def test_a_second_run_changes_nothing(seeded):
    before = Event.objects.count()
    call_command("seed_demo", verbosity=0)
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_refused_beside_a_real_organisation(settings, government):
    settings.DEMO = True
    with pytest.raises(CommandError, match="organisasi nyata"):
        call_command("seed_demo")


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["seed_demo", "demo_accounts"])
def test_refused_without_demo(settings, command):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command(command)
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_accounts_are_not_printed_before_the_demo_is_there(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="belum dimuat"):
        call_command("demo_accounts")


@pytest.mark.django_db
def test_a_failure_leaves_neither_rows_nor_a_moved_clock(settings, monkeypatch):
    settings.DEMO = True
    factories.confirm_year(clock.now().year)
    monkeypatch.setattr(town.Town, "walk", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("seed_demo", small=True)
    assert clock.offset() == timedelta(0)
    assert not Organization.objects.exists()
