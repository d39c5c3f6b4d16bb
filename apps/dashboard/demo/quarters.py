"""The quarters of the demo: opened, reported, counted, probed and closed by the verbs of monitoring."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.core import clock
from apps.core.quarter import Quarter
from apps.dashboard.demo.fates import CONTRADICTED, SILENT, UNUSED, Fate
from apps.dashboard.demo.people import People
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.monitoring import rules
from apps.monitoring import services as monitoring
from apps.monitoring.models import Period
from apps.monitoring.services import bulk

SYSTEM = Actor.system()
ENDORSED = 0.7


def begin(government: Organization, quarter: Quarter) -> Period:
    """Open the quarter's window at its hour."""
    period = monitoring.schedule_period(government, quarter)
    clock.travel_to(period.opens_at + timedelta(hours=1))
    return monitoring.open_period(period.pk, by=SYSTEM)


def report(period: Period, fates: list[Fate], index: int, people: People, random: Random, *, share: float = 1) -> None:
    """Every office sends its reports and the analyst takes them; with `share` only some offices are done yet."""
    due = set(period.due.filter(exemption="").values_list("application_id", flat=True))
    by_owner: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for fate in fates:
        if fate.application.pk in due and fate.at(index) != SILENT:
            by_owner[fate.application.owner_id][fate.application.pk] = _answers(fate, index, random)
    sending = [(owner, rows) for owner, rows in by_owner.items() if random.random() < share]
    for owner, rows in sending:
        bulk.submit_many(period.pk, rows, by=people.operators[owner])
        if random.random() < ENDORSED:
            monitoring.endorse(period.pk, owner, by=people.heads[owner])
    taken = [key for _owner, rows in sending for key in rows]
    bulk.accept_many(period.pk, taken[: int(len(taken) * (0.9 if share == 1 else 0.5))], by=people.named["analis"])


def report_late(period: Period, fates: list[Fate], index: int, people: People, *, accepted: bool) -> None:
    """One silent office reports after the close; taken, it corrects the closed quarter."""
    fate = next((fate for fate in fates if fate.at(index) == SILENT), None)
    if fate is None:
        return
    by, key = people.operators[fate.application.owner_id], fate.application.pk
    values = {"used": True, "active_users": 12, "transactions": 85, "registered_users": 40, "attested": True}
    monitoring.save_report(period.pk, key, by=by, values=values)
    sent = monitoring.submit_reports(period.pk, by=by, applications=[key])[0]
    if accepted:
        monitoring.accept_report(sent.pk, by=people.named["analis"], version=sent.version)


def suspend(fates: list[Fate], quarter: Quarter, people: People) -> None:
    """The analyst exempts two systems under repair for the quarter."""
    for fate in [fate for fate in fates if fate.suspended]:
        application = Application.objects.get(pk=fate.application.pk)
        inventory.grant_suspension(
            application.pk, by=people.named["analis"], version=application.version, starts_on=quarter.starts_on,
            ends_on=quarter.ends_on, reason="Pemindahan ke pusat data; layanan dihentikan sementara.",
        )  # fmt: skip


def count_use(fates: list[Fate], index: int, quarter: Quarter, random: Random) -> None:
    """The daily counters of the systems that push them."""
    bulk.load_samples(_samples([f for f in fates if f.counted and f.at(index) != SILENT], index, quarter, random))


def probe(fates: list[Fate], index: int, quarter: Quarter, random: Random) -> None:
    """One check a day of every declared address."""
    bulk.load_probes(_probes(fates, index, quarter, random))


def evidence_so_far(fates: list[Fate], index: int, quarter: Quarter, today: date, random: Random) -> None:
    """Counters and checks of a quarter not closed yet, up to yesterday; one application has fallen behind."""
    days = min((today - quarter.starts_on).days, quarter.days)
    counting = [fate for fate in fates if fate.counted and fate.at(index) != SILENT]
    bulk.load_samples(_samples(counting[1:], index, quarter, random, days))
    bulk.load_samples(_samples(counting[:1], index, quarter, random, max(days - 5, 0)))
    bulk.load_probes(_probes(fates, index, quarter, random, days))


def close(period: Period) -> Period:
    """Close the quarter a minute after its window."""
    clock.travel_to(period.closes_at + timedelta(minutes=1))
    return monitoring.close_period(period.pk, by=SYSTEM)


def _answers(fate: Fate, index: int, random: Random) -> dict[str, Any]:
    used = fate.at(index) != UNUSED
    users = random.randint(max(1, fate.users // 2), fate.users) if used else 0
    size = random.randint(1, 60) + index
    return {
        "used": used,
        "registered_users": fate.users * 3,
        "active_users": users,
        "transactions": users * random.randint(4, 30),
        "database_gb": size,
        "growth_gb": random.randint(1, 9) / 10 if used else 0,
        "sla_percent": random.choice((97.5, 98.9, 99.2, 99.8)) if used else None,
        "satisfaction": random.choice((3.6, 3.9, 4.1, 4.4)) if used else None,
        "obstacles": "" if used else "Layanan sudah tidak dipakai sejak alur kerja berpindah.",
        "explanation": "Pencacah belum terpasang di semua halaman." if fate.at(index) == CONTRADICTED else "",
        "next_step": "continue" if used else "stop",
        "attested": True,
    }


def _samples(
    fates: list[Fate], index: int, quarter: Quarter, random: Random, days: int | None = None
) -> Iterator[tuple]:
    """Counters of the quarter's first `days` days, each received a quarter past midnight."""
    for fate in fates:
        silent = fate.at(index) in (CONTRADICTED, UNUSED)
        for step in range(quarter.days if days is None else days):
            users = 0 if silent else random.randint(fate.users // 3, fate.users)
            day = quarter.starts_on + timedelta(days=step)
            received = datetime.combine(day + timedelta(days=1), time(0, 15), fate.application.owner.zone)
            yield fate.application.pk, day, users, users * 3, 10**9 + users * 10**4, received


def _probes(
    fates: list[Fate], index: int, quarter: Quarter, random: Random, days: int | None = None
) -> Iterator[tuple]:
    for fate in fates:
        address = next(iter(fate.application.addresses.all()), None)
        if address is None:
            continue
        hour, certificate = _habits(fate, quarter)
        for step in range(quarter.days if days is None else days):
            at = datetime.combine(quarter.starts_on + timedelta(days=step), time(hour, step % 60), UTC)
            reached = fate.at(index) != UNUSED or random.random() < 0.1
            shown = ("reached", "", 200, random.randint(40, 900), certificate) if reached else (
                "unreached", "timeout", None, None, None)  # fmt: skip
            yield fate.application.pk, address.url, at, *shown


def _habits(fate: Fate, quarter: Quarter) -> tuple[int, datetime]:
    """The hour an address is asked at, and when its certificate ends."""
    ends = quarter.ends_on + timedelta(days=fate.application.pk % 300 - 30)
    return fate.application.pk % 24, datetime.combine(ends, time(23, 59), UTC)


def opening_instant(quarter: Quarter, zone: ZoneInfo) -> datetime:
    """When the quarter's window opens."""
    return rules.window(quarter, zone)[0]


def closing_instant(quarter: Quarter, zone: ZoneInfo) -> datetime:
    """When the quarter's window ends."""
    return rules.window(quarter, zone)[1]
