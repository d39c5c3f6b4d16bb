"""The whole walk: one queue of things to do, each at its instant, until the present."""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.db import transaction
from django.utils import translation

from apps.accounts import services as accounts
from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.accounts.services.demo import mark_demo
from apps.core import clock
from apps.core.calendar import propose
from apps.core.models import HolidayYear
from apps.core.quarter import Quarter
from apps.core.services import set_holidays
from apps.dashboard.demo import cases, fates, offices, people, quarters, register, rows
from apps.dashboard.demo.plans import plans_for
from apps.deactivation import services as deactivation
from apps.deactivation.models import Case, Ground
from apps.inventory.models import Application
from apps.monitoring.models import Finding, Period
from apps.monitoring.services import review_keeping

SEED = 20260101
SYSTEM = Actor.system()
QUARTERS, SMALL_QUARTERS = 8, 4
LETTERHEAD = {
    "letter_place": "Tirtaraya",
    "letter_address": "Jalan Balai Kota Nomor 1, Tirtaraya",
    "legal_basis": cases.LEGAL_BASIS,
}


class Town:
    """The invented government on its way through the quarters."""

    def __init__(self, *, small: bool, end: datetime) -> None:
        self.small, self.random, self.end = small, Random(SEED), end
        self.numbers, self.queue = count(1), []
        self.length = SMALL_QUARTERS if small else QUARTERS

    def found(self) -> None:
        """Offices, people and the register as they stood before the first quarter was judged."""
        listed = offices.read(small=self.small)
        self.offices = offices.found(listed, by=SYSTEM)
        self.government: Organization = self.offices[""]
        zone = self.government.zone
        self.last = Quarter.of(self.end, zone).previous()
        if self.end < quarters.closing_instant(self.last, zone):
            self.last = self.last.previous()
        self.first = self.last.plus(1 - self.length)
        clock.travel_to(self.first.first_instant(zone) + timedelta(days=30, hours=9))
        self.people = people.invite(self.offices, by=SYSTEM)
        accounts.edit_policy(self.government, by=SYSTEM, reason="Data awal", **LETTERHEAD)
        analyst = self.people.named["analis"]
        applications = register.fill(listed, self.offices, by=analyst, random=self.random)
        self.fates = fates.cast(applications, self.length, self.random, small=self.small)
        self.by_application = {fate.application.pk: fate for fate in self.fates}

    def note_rows(self) -> None:
        """Ties, costs and documents of the records as they stand at the end."""
        applications = Application.objects.filter(government=self.government).select_related("owner").order_by("code")
        today = clock.today(self.government.zone)
        rows.Notebook(applications, by=self.people.named["analis"], today=today).write()

    def walk(self) -> None:
        """Do what is due, earliest first, until the present."""
        self.plan(self.periods())
        while self.queue:
            instant, _order, way = heapq.heappop(self.queue)
            clock.travel_to(instant)
            self.plan(way)

    def watch(self) -> None:
        """What counters and checks have said since the last closed quarter, until yesterday."""
        today, random = self.end.astimezone(self.government.zone).date(), Random(SEED)
        quarter = self.last.next()
        while quarter.starts_on < today:
            quarters.evidence_so_far(self.fates, self.length, quarter, today, random)
            quarter = quarter.next()

    def plan(self, way: Iterator[datetime]) -> None:
        """Let a way do its next act; it comes back at the instant it asks for, unless that lies ahead of us."""
        instant = next(way, None)
        if instant is not None and instant <= self.end:
            heapq.heappush(self.queue, (instant, next(self.numbers), way))

    def periods(self) -> Iterator[datetime]:
        """Each quarter opened, filled, closed; the idle ones found become cases."""
        zone = self.government.zone
        for index in range(self.length + 1):
            quarter = self.first.plus(index)
            opens_at = quarters.opening_instant(quarter, zone)
            if index == self.length - 1:
                yield quarter.first_instant(zone) + timedelta(days=5, hours=9)
                quarters.suspend(self.fates, quarter, self.people)
            yield opens_at + timedelta(hours=1)
            period = quarters.begin(self.government, quarter)
            yield min(opens_at + timedelta(days=9), self.end)
            current = index == self.length
            quarters.report(period, self.fates, index, self.people, self.random, share=0.5 if current else 1)
            if current:
                return
            quarters.count_use(self.fates, index, quarter, self.random)
            if index >= self.length - 2:
                quarters.probe(self.fates, index, quarter, self.random)
            yield period.closes_at + timedelta(minutes=1)
            quarters.close(period)
            self.nominate(period, index)
            self.plan(self.afterwards(period, index))

    def afterwards(self, period: Period, index: int) -> Iterator[datetime]:
        """What arrives after the close: the last quarter's late report waits for the analyst."""
        if index >= self.length - 2:
            yield period.closes_at + timedelta(days=6, hours=9)
            quarters.report_late(period, self.fates, index, self.people, accepted=index < self.length - 1)

    def nominate(self, period: Period, index: int) -> None:
        """A case for each application found idle, and its way from there."""
        due = Finding.objects.filter(opened_in=period, kind="idle", status="open").order_by("application__code")
        opened = [
            deactivation.nominate(row.application_id, by=SYSTEM, ground=Ground.IDLE, finding_id=row.pk) for row in due
        ]
        opened.sort(key=lambda case: case.application.owner.short_name != people.HOME)
        back = self.length - 1 - index
        for group, plan in plans_for(opened, back, period.closes_at, self.end):
            self.restore(group, plan, index + 1)
            self.plan(cases.walk([case.pk for case in group], plan, self.people, f"{next(self.numbers):03d}"))

    def restore(self, group: list[Case], plan: cases.Plan, index: int) -> None:
        """What is kept is used again from the quarter of the decision on."""
        if plan.outcome == "deactivate" and not (plan.annuls or plan.withdraws):
            return
        for case in group:
            fate = self.by_application[case.application_id]
            fate.quarters[index:] = [fates.USED] * len(fate.quarters[index:])


@transaction.atomic
def build(*, small: bool, end: datetime | None = None) -> Town:
    """Make the town up to `end` (default: now) in one transaction.

    Killed or failed anywhere, neither a row nor a moved clock remains.
    """
    clock.reset()
    with translation.override("id"):
        town = Town(small=small, end=end or clock.now())
        _confirm_calendar(town.end.year)
        town.found()
        town.walk()
        clock.travel_to(town.end)
        town.watch()
        town.note_rows()
        register.submissions(town.people, town.offices, by=town.people.named["analis"])
        register.attestations(town.people)
        review_keeping(town.government.pk, by=SYSTEM)
        mark_demo(town.government, by=SYSTEM)
    clock.reset()
    return town


def _confirm_calendar(year: int) -> None:
    """Deadlines of the walk reach into the next year; the demo takes the proposed days off as decreed."""
    for wanted in range(year - 3, year + 2):
        row = HolidayYear.objects.filter(year=wanted).first()
        if row is None:
            set_holidays(wanted, propose(wanted), decree="Contoh", confirmed_by="Contoh")
        elif row.confirmed_at is None:
            accounts.confirm_holidays(wanted, by=SYSTEM, decree="Contoh (usulan, belum dicocokkan)")
