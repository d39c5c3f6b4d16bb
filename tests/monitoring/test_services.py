"""The acts of the quarter: what they do, in which state they are refused, who may not, and what the trail says."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.http import Http404

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.quarter import Quarter
from apps.inventory.models import Application, ConfirmedFacts, Standing, Suspension
from apps.monitoring import services
from apps.monitoring.models import Assessment, DueApplication, Finding, Period, UsageReport
from tests import factories
from tests.monitoring.world import SYSTEM, World

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
SAID = {"used": True, "active_users": 9, "transactions": 9}


@pytest.fixture
def world(government):
    return World(government)


def refused(code, verb, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        verb(*args, **kwargs)
    assert refusal.value.code == code, refusal.value.code


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def fresh(report):
    return UsageReport.objects.get(pk=report.pk)


def confirm(application, *, ownership="local", since=None, months=()):
    ConfirmedFacts.objects.create(
        application=application, ownership=ownership, operating_since=since, season_months=list(months),
        confirmed_at=clock.now(), confirmed_by_name="Peninjau",
    )  # fmt: skip


def test_a_period_opens_and_closes_once_in_order(world):
    period = services.schedule_period(world.government, Q1)
    assert services.schedule_period(world.government, Q1).pk == period.pk
    refused("too_early", services.open_period, period.pk, by=SYSTEM)
    for actor in (world.operator, world.head):
        with pytest.raises(PermissionDenied):
            services.open_period(period.pk, by=actor)
    world.open(Q1)
    refused("wrong_state", services.open_period, period.pk, by=SYSTEM)
    refused("too_early", services.close_period, period.pk, by=world.reviewer)
    following = world.open(Q1.next())
    clock.travel_to(following.closes_at)
    refused("earlier_open", services.close_period, following.pk, by=SYSTEM)
    assert services.close_period(period.pk, by=SYSTEM).status == "closed"
    before = Event.objects.count()
    services.close_period(period.pk, by=SYSTEM)
    assert Event.objects.count() == before
    assert {"period.opened", "period.closing", "period.closed"} <= set(verbs())


def test_the_window_is_moved_later_before_its_end_with_a_reason(world):
    period = world.open(Q1)
    later = {"closes_at": period.closes_at + timedelta(days=2), "reason": "Gangguan"}
    with pytest.raises(PermissionDenied):
        services.extend_closing(period.pk, by=world.operator, version=period.version, **later)
    with pytest.raises(StaleVersion):
        services.extend_closing(period.pk, by=world.reviewer, version=99, **later)
    for wrong in ({"closes_at": period.closes_at}, {"reason": " "}):
        with pytest.raises(ValidationError):
            services.extend_closing(period.pk, by=world.reviewer, version=period.version, **{**later, **wrong})
    moved = services.extend_closing(period.pk, by=world.reviewer, version=period.version, **later)
    clock.travel_to(period.closes_at + timedelta(hours=1))
    refused("too_early", services.close_period, period.pk, by=SYSTEM)
    clock.travel_to(moved.closes_at)
    again = {**later, "closes_at": moved.closes_at + timedelta(days=1)}
    refused("wrong_state", services.extend_closing, period.pk, by=world.reviewer, version=moved.version, **again)
    assert "period.extended" in verbs()


def test_only_facts_confirmed_before_the_window_exempt(world):
    names = ("Biasa", "Pusat", "Musiman", "Baru", "Ditangguhkan", "Menyusul")
    plain, central, seasonal, new, suspended, afterwards = [world.application(name) for name in names]
    clock.travel_to(clock.now() + timedelta(hours=1))
    confirm(central, ownership="central")
    confirm(seasonal, months=(6, 7))
    confirm(new, since=date(2025, 2, 1))
    Suspension.objects.create(
        application=suspended, reason="Pindah pusat data", starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 30),
        granted_by_name="Peninjau", granted_at=clock.now(),
    )  # fmt: skip
    period = world.open(Q1)
    confirm(afterwards, ownership="central")
    Application.objects.filter(pk=plain.pk).update(season_months=[6, 7])
    due = dict(DueApplication.objects.filter(period=period).values_list("application__name", "exemption"))
    assert due == dict(zip(names, ("", "central", "out_of_season", "not_operating", "suspended", ""), strict=True))
    world.close(period)
    second = world.open(Q1.next())
    due = dict(DueApplication.objects.filter(period=second).values_list("application__name", "exemption"))
    assert due == dict(zip(names, ("", "central", "", "", "suspended", "central"), strict=True))


def test_a_report_in_every_state(world):
    factories.confirm_year(2025)
    application = world.application()
    period = services.schedule_period(world.government, Q1)
    save = {"by": world.operator, "values": SAID}
    refused("not_open", services.save_report, period.pk, application.pk, **save)
    world.open(Q1)
    stranger = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    for actor, error in ((world.reviewer, PermissionDenied), (stranger, Http404)):
        with pytest.raises(error):
            services.save_report(period.pk, application.pk, by=actor, values=SAID)
    services.save_report(period.pk, application.pk, **save)
    send = {"by": world.operator, "applications": [application.pk]}
    with pytest.raises(ValidationError):
        services.submit_reports(period.pk, **send)
    services.save_report(period.pk, application.pk, by=world.operator, values={"attested": True})
    (report,) = services.submit_reports(period.pk, **send)
    refused("wrong_state", services.submit_reports, period.pk, **send)
    for actor in (world.operator, world.head):
        with pytest.raises(PermissionDenied):
            services.accept_report(report.pk, by=actor, version=report.version)
    with pytest.raises(ValidationError):
        services.return_report(report.pk, by=world.reviewer, version=report.version, note=" ")
    report = services.return_report(report.pk, by=world.reviewer, version=report.version, note="Lengkapi")
    refused("wrong_state", services.accept_report, report.pk, by=world.reviewer, version=report.version)
    (report,) = services.submit_reports(period.pk, **send)
    report = services.accept_report(report.pk, by=world.reviewer, version=report.version)
    refused("wrong_state", services.save_report, period.pk, application.pk, **save)
    said = [verb for verb in verbs() if verb.startswith("report.")]
    assert said == ["report.submitted", "report.returned", "report.submitted", "report.accepted"]


def test_nothing_is_returned_in_the_last_three_working_days_nor_drawn_back_after_the_end(world):
    factories.confirm_year(2025)
    application = world.application()
    period = world.open(Q1)
    report = world.report(period, application, **SAID)
    clock.travel_to(period.closes_at - timedelta(days=2))
    back = {"by": world.reviewer, "version": report.version, "note": "x"}
    refused("short_notice", services.return_report, report.pk, **back)
    clock.travel_to(period.closes_at)
    version = report.version
    refused("wrong_state", services.reopen_report, report.pk, by=world.operator, version=version)
    refused("wrong_state", services.save_report, period.pk, application.pk, by=world.operator, values={})
    assert fresh(report).status == "submitted"


def test_a_sent_report_is_reopened_by_its_own_act_and_counts_as_none(world):
    application = world.application()
    period = world.open(Q1)
    report = world.report(period, application, **SAID)
    save = {"by": world.operator, "values": {"active_users": 1}}
    refused("wrong_state", services.save_report, period.pk, application.pk, **save)
    with pytest.raises(PermissionDenied):
        services.reopen_report(report.pk, by=world.reviewer, version=report.version)
    with pytest.raises(StaleVersion):
        services.reopen_report(report.pk, by=world.operator, version=99)
    stranger = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    with pytest.raises(Http404):
        services.reopen_report(report.pk, by=stranger, version=report.version)
    draft = services.reopen_report(report.pk, by=world.operator, version=report.version)
    assert (draft.status, draft.attested) == ("draft", False), "stated again before it is sent again"
    refused("wrong_state", services.reopen_report, report.pk, by=world.operator, version=draft.version)
    assert "report.reopened" in verbs()
    world.close(period)
    assert Assessment.objects.published().get().duty == "missing"


def test_a_stale_version_is_said_before_the_state_of_the_quarter(world):
    application = world.application()
    period = world.open(Q1)
    services.save_report(period.pk, application.pk, by=world.operator, values=SAID)
    world.close(period)
    world.close(world.open(Q1.next()))
    with pytest.raises(StaleVersion):
        services.save_report(period.pk, application.pk, by=world.operator, values=SAID, version=99)
    refused("too_late", services.save_report, period.pk, application.pk, by=world.operator, values=SAID, version=1)
    with pytest.raises(PermissionDenied):
        services.save_report(period.pk, application.pk, by=world.reviewer, values=SAID, version=99)


def test_the_head_endorses_what_was_sent_and_not_returned(world):
    factories.confirm_year(2025)
    good, bad = world.application("Baik"), world.application("Kembali")
    period = world.open(Q1)
    kept, back = world.report(period, good, **SAID), world.report(period, bad, **SAID)
    services.return_report(back.pk, by=world.reviewer, version=back.version, note="Lengkapi")
    endorsement = services.endorse(period.pk, world.agency.pk, by=world.head)
    assert endorsement.versions == {good.code: kept.version}
    with pytest.raises(PermissionDenied):
        services.endorse(period.pk, world.agency.pk, by=world.operator)
    with pytest.raises(Http404):
        services.endorse(period.pk, factories.make_government("B").pk, by=world.head)


def test_a_returned_report_counts_as_none(world):
    factories.confirm_year(2025)
    application = world.application()
    period = world.open(Q1)
    report = world.report(period, application, **SAID)
    services.return_report(report.pk, by=world.reviewer, version=report.version, note="Lengkapi")
    world.close(period)
    assert list(Assessment.objects.published().values_list("verdict", "duty")) == [("unreported", "missing")]


def test_a_late_report_corrects_and_the_finding_falls_away(world):
    application = world.application()
    world.run(application, Q1, report={"used": False})
    period = world.open(Q1.next())
    world.close(period)
    world.run(application, Q1.plus(2), report={"used": False})
    assert not Finding.objects.exists(), "a quarter without data between two idle ones raises nothing"
    refused("too_late", world.report, period, application, **SAID)
    fourth = world.open(Q1.plus(3))
    world.report(fourth, application, used=False)
    world.close(fourth)
    finding = Finding.objects.get(kind="idle")
    assert finding.quarters == ["2025-Q3", "2025-Q4"]


def test_an_accepted_late_report_is_judged_by_its_own_quarter(world):
    application = world.application()
    world.close(world.open(Q1))
    period = world.open(Q1.next())
    world.close(period)
    assert Finding.objects.get().kind == "non_reporting"
    report = world.report(period, application, **SAID)
    assert report.late
    services.accept_report(report.pk, by=world.reviewer, version=report.version)
    finding = Finding.objects.get()
    assert (finding.status, bool(finding.ended_at)) == ("corrected", True)
    as_closed = Assessment.objects.published().get(period=period, corrects=None)
    as_corrected = Assessment.objects.published().in_force().get(period=period)
    assert (as_closed.verdict, as_corrected.verdict, as_corrected.duty) == ("unreported", "active", "late")
    assert as_corrected.corrects_id == as_closed.pk and as_corrected.checksum != as_closed.checksum
    standing = Standing.objects.get(application=application)
    assert (standing.last_verdict, standing.open_findings) == ("active", [])
    assert {"assessment.corrected", "finding.corrected"} <= set(verbs())


def test_a_dismissed_finding_lets_the_count_begin_anew(world):
    application = world.application()
    for quarter in (Q1, Q1.next()):
        world.run(application, quarter, report={"used": False})
    finding = Finding.objects.get()
    with pytest.raises(PermissionDenied):
        services.dismiss(finding.pk, by=world.operator, reason="x")
    with pytest.raises(ValidationError):
        services.dismiss(finding.pk, by=world.reviewer, reason=" ")
    with pytest.raises(Http404):
        services.dismiss(finding.pk, by=factories.make_actor("reviewer", factories.make_government("B")), reason="x")
    services.dismiss(finding.pk, by=world.reviewer, reason="Salah catat", version=finding.version)
    refused("wrong_state", services.dismiss, finding.pk, by=world.reviewer, reason="x")
    assert Standing.objects.get(application=application).open_findings == []
    world.run(application, Q1.plus(2), report={"used": False})
    assert not Finding.objects.standing().exists()
    world.run(application, Q1.plus(3), report={"used": False})
    assert Finding.objects.standing().get().quarters == ["2025-Q3", "2025-Q4"]


def test_commands_open_and_close_by_hand(world, capsys):
    world.application()
    period = services.schedule_period(world.government, Q1)
    name = world.government.code
    with pytest.raises(CommandError, match="belum mulai"):
        call_command("open_period", name, "2025-Q1")
    with pytest.raises(CommandError, match="belum dibuka"):
        call_command("close_period", name, "2025-Q1")
    with pytest.raises(CommandError, match="tidak ditemukan"):
        call_command("open_period", "Kota Entah", "2025-Q1")
    clock.travel_to(period.opens_at)
    for _turn in range(2):
        call_command("open_period", name, "2025-Q1")
    clock.travel_to(period.closes_at)
    for _turn in range(2):
        call_command("close_period", name, "2025-Q1")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[1] == "Triwulan I 2025: Dibuka, 1 aplikasi wajib lapor"
    assert said[2] == said[3] == "Triwulan I 2025: Ditutup; unreported 1"
    assert Period.objects.get().status == "closed"
