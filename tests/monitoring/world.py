"""A government whose quarters can be opened, filled and closed in a test."""

from datetime import UTC, datetime, time, timedelta

from apps.accounts.actor import Actor
from apps.core import clock
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.monitoring import services
from apps.monitoring.models import Probe, UsageSample
from tests.factories import make_actor, make_agency

SYSTEM = Actor.system()
STATED = {"attested": True, "explanation": "ada"}
COMPLETE = {"functions": "Mencatat layanan", "platforms": ["web"], "service_kind": "public_service"}


def at(text):
    """An instant written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class World:
    def __init__(self, government, *, start="2024-12-01T00:00"):
        self.government = government
        clock.travel_to(at(start))
        self.agency = make_agency(government, "Dinas Kesehatan")
        self.operator = make_actor("operator", government, self.agency)
        self.head = make_actor("agency_head", government, self.agency)
        self.reviewer = make_actor("reviewer", government)
        self.colleague = make_actor("reviewer", government)

    def application(self, name="Antrean Puskesmas", *, owner=None, operator=None, **values):
        """Registered by the services: drafted and submitted by the operator, registered by the reviewer."""
        draft = inventory.start_draft(by=operator or self.operator, owner=owner or self.agency, name=name)
        saved = inventory.save_draft(
            draft.reference, by=operator or self.operator, typed={}, values={**COMPLETE, **values}
        )
        sent = inventory.submit(saved.reference, by=operator or self.operator, version=saved.version)
        return inventory.register(sent.reference, by=self.reviewer, version=sent.version)

    def applications(self, count):
        """Registered ones in a single statement, where a test is about what a quarter makes of them."""
        now = clock.now()
        return Application.objects.bulk_create(
            Application(
                government=self.government, owner=self.agency, name=f"Aplikasi {number}", status="registered",
                code=f"APL-2020-{number:06d}", reference=f"DRF-{number:010d}", registered_at=now, version=1,
            )
            for number in range(count)
        )  # fmt: skip

    def open(self, quarter):
        """The quarter's period, with the clock just inside its window."""
        period = services.schedule_period(self.government, quarter)
        clock.travel_to(period.opens_at + timedelta(hours=1))
        return services.open_period(period.pk, by=SYSTEM)

    def close(self, period, **options):
        clock.travel_to(period.closes_at + timedelta(minutes=1))
        return services.close_period(period.pk, by=SYSTEM, **options)

    def report(self, period, application, **values):
        services.save_report(period.pk, application.pk, by=self.operator, values={**STATED, **values})
        return services.submit_reports(period.pk, by=self.operator, applications=[application.pk])[0]

    def run(self, application, quarter, **facts):
        """One whole quarter for one application; `facts` as in the oracle."""
        period = self.open(quarter)
        give_evidence(self, period, application, facts)
        return self.close(period)


def give_evidence(world, period, application, facts):
    """Samples, probes and a report as the facts say."""
    _witness(period, application, facts)
    give_reports(world, period, {application: facts})


def give_all_evidence(world, period, told):
    """The same for many applications at once, sent together; `told` maps each to its facts."""
    for application, facts in told.items():
        _witness(period, application, facts)
    give_reports(world, period, told)


def _witness(period, application, facts):
    """What counters and probes say."""
    quarter = period.quarter_value
    days = [quarter.starts_on + timedelta(days=n) for n in range(quarter.days)]
    UsageSample.objects.bulk_create(
        UsageSample(
            application=application, day=day,
            active_users=facts.get("counter_users", 0) if place == 0 else 0,
            transactions=facts.get("counter_transactions", 0) if place == 0 else 0,
        )
        for place, day in enumerate(days[: facts.get("counter_days", 0)])
    )  # fmt: skip
    Probe.objects.bulk_create(
        Probe(
            application=application, url="https://contoh.example/",
            outcome="reached" if place < facts.get("reached", 0) else "unreached",
            at=datetime.combine(days[place % max(facts.get("probe_days", 1), 1)], time(5), UTC),
        )
        for place in range(facts.get("probes", 0))
    )  # fmt: skip


def give_reports(world, period, told):
    """What the agency says, row by row, and sends with one button."""
    reported = {application: facts["report"] for application, facts in told.items() if facts.get("report")}
    for application, said in reported.items():
        values = {"used": said["used"], "active_users": said.get("users"), "transactions": said.get("transactions")}
        services.save_report(period.pk, application.pk, by=world.operator, values={**STATED, **values})
    if reported:
        services.submit_reports(period.pk, by=world.operator, applications=[row.pk for row in reported])
