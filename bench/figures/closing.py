"""The close of a quarter over the whole register: how many statements, how long beside the statements alone, and once more."""

import statistics
import time
from contextlib import contextmanager

from django.db import connection
from figure import MILLION, NATION, ROUNDS, Measured, figure

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring.models import Period
from apps.monitoring.services import closing, periods, totals
from apps.monitoring.services import closing_sql as sql

BEFORE, THIS = Quarter(2025, 2), Quarter(2025, 3)
FREEZE = """INSERT INTO monitoring_dueapplication (period_id, application_id, owner_id, exemption, facts)
SELECT %(period)s, id, owner_id, CASE WHEN ownership = 'central' THEN 'central' ELSE '' END, '{}' FROM inventory_application"""
REPORT = """INSERT INTO monitoring_usagereport (period_id, application_id, status, used, active_users, transactions, obstacles,
  explanation, next_step, attested, submitted_at, submitted_by_name, late, on_paper, review_note, version, created_at)
SELECT %(period)s, id, 'submitted', id %% 7 > 0, CASE WHEN id %% 7 > 0 THEN id %% 90 ELSE 0 END, id %% 7 * 10, '', '', 'continue',
  true, %(at)s, 'Operator', false, false, '', 1, %(at)s FROM inventory_application WHERE id %% 3 > 0"""
COUNT = """INSERT INTO monitoring_usagesample (application_id, day, active_users, transactions, received_at)
SELECT id, %(first)s + n, id %% 5, n, %(at)s FROM inventory_application, generate_series(0, 4) AS n WHERE id %% 10 = 0"""
PROBE = """INSERT INTO monitoring_probe (application_id, url, outcome, at, note)
SELECT id, 'https://contoh.go.id/', 'reached', %(at)s, '' FROM inventory_application WHERE id %% 10 = 1"""
# What a close leaves, so that it can be taken back; and rows written since a transaction.
LEFT = ("monitoring_assessment", "monitoring_finding", "monitoring_usagetotal", "monitoring_probetotal")
WRITTEN = (*LEFT, "inventory_standing", "monitoring_period", "audit_event")


def steps(period: Period, chunk: int) -> list[tuple[str, dict]]:
    """The statements of one close, as the product asks them, without locks, proof and audit."""
    asked = sql.parameters(period, chunk=chunk, prefix="TMN-2025-", first=1)
    once = (
        sql.JUDGE,
        sql.GATHER,
        sql.RESOLVE,
        sql.PROLONG,
        sql.COUNT_RAISED,
        sql.RAISE,
        sql.STANDING,
        sql.SUMMARY,
        sql.DROP,
    )
    counted = totals.parameters(period)
    return [(totals._USAGE, counted), (totals._PROBES, counted), *((one, asked) for one in once)]


def prepared(world, size: int) -> Period:
    """The quarter before closed, this one reported on and over; made once per register."""
    government = Organization.objects.get(kind="government")
    made = Period.objects.filter(government=government, year=THIS.year, quarter=THIS.number).first()
    if made:
        return made
    for quarter in (BEFORE, THIS):
        period = periods.schedule_period(government, quarter)
        at = {"period": period.pk, "first": quarter.starts_on, "at": period.opens_at}
        with admin(world, size) as cursor:
            for statement in (FREEZE, REPORT, COUNT, PROBE):
                cursor.execute(statement, at)
            cursor.execute("UPDATE monitoring_period SET status = 'open' WHERE id = %s", [period.pk])
            cursor.execute("VACUUM ANALYZE")
        clock.travel_to(period.closes_at)
        if quarter == BEFORE:
            closing.close_period(period.pk, by=Actor.system())
    return Period.objects.select_related("government").get(pk=period.pk)


@contextmanager
def admin(world, size: int):
    link = world.connect(size, "spbe_admin")
    with link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
    link.close()


def taken_back(world, size: int, period: Period) -> None:
    """The register as it was before the close; the planner's knowledge with it."""
    day = {"period": period.pk, "day": THIS.starts_on, "next": THIS.next().starts_on}
    with admin(world, size) as cursor:
        cursor.execute("DELETE FROM monitoring_assessment WHERE period_id = %(period)s", day)
        cursor.execute("DELETE FROM monitoring_finding WHERE opened_in_id = %(period)s", day)
        for table in LEFT[2:]:
            cursor.execute(f"DELETE FROM {table} WHERE starts_on >= %(day)s AND starts_on < %(next)s", day)
        cursor.execute("UPDATE monitoring_period SET status = 'open' WHERE id = %(period)s", day)
        for table in (*LEFT, "inventory_standing"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def close(period: Period) -> list[tuple[float, str]]:
    """Close by the product; the seconds of each of its transactions, with the step it belongs to."""
    taken = []

    def timed(step):
        def run(*args):
            began = time.perf_counter()
            answer = step(*args)
            taken.append((time.perf_counter() - began, step.__name__))
            return answer

        return run

    names = ("_begin", "total_up", "_judge", "_gather", "_finish")
    kept = {name: getattr(closing, name) for name in names}
    for name, step in kept.items():
        setattr(closing, name, timed(step))
    try:
        closing.close_period(period.pk, by=Actor.system())
    finally:
        for name, step in kept.items():
            setattr(closing, name, step)
    return taken


def bare(world, size: int, period: Period) -> float:
    """The same statements by psycopg2 as the application's role, in one transaction."""
    link = world.connect(size)
    link.autocommit = False
    began = time.perf_counter()
    with link.cursor() as cursor:
        for statement, asked in steps(period, chunk=size):
            cursor.execute(statement, asked)
    link.commit()
    link.close()
    return time.perf_counter() - began


def closed(world, size: int) -> Measured:
    """Median seconds of the product over those of the statements alone; the note tells the longest transaction of each step."""
    with world.at(size):
        period = prepared(world, size)
        ours, theirs, longest = [], [], []
        for number in range(ROUNDS + 1):
            taken_back(world, size, period)
            theirs.append(bare(world, size, period))
            taken_back(world, size, period)
            spent = close(period)
            ours.append(sum(seconds for seconds, _step in spent))
            longest.append({step: max(s for s, name in spent if name == step) for _seconds, step in spent})
            if number == 0 and ROUNDS > 1:
                ours, theirs, longest = [], [], []
    mine, bare_ones = statistics.median(ours), statistics.median(theirs)
    steps = ", ".join(f"{step.strip('_')} {statistics.median(one[step] for one in longest):.2f}" for step in longest[0])
    return Measured(mine / bare_ones, f"{mine:.1f} d, SQL saja {bare_ones:.1f} d; transaksi terpanjang (d): {steps}")


def asked(act) -> int:
    """How many statements over application-sized sets an act asks."""
    texts: list[str] = []

    def noted(run, text, *rest):
        texts.append(text)
        return run(text, *rest)

    with connection.execute_wrapper(noted):
        act()
    sets = ("monitoring_assessment", "total", "closing_gathered")
    return sum(any(name in text for name in sets) for text in texts)


@figure("P11", "tutup triwulan: pernyataan SQL atas himpunan aplikasi, per potongan", floor=6, aim=2, unit="")
def statements(world) -> Measured:
    counted = []
    with world.at(NATION):
        period = prepared(world, NATION)
        for chunk in (NATION, NATION // 10 + 1):
            taken_back(world, NATION, period)
            counted.append(asked(lambda chunk=chunk: closing.close_period(period.pk, by=Actor.system(), chunk=chunk)))
    # The second close has nine judging statements more; the last of both finds nothing left.
    each = (counted[1] - counted[0]) / 9
    return Measured(each, f"dan {counted[0] - 2 * each:.0f} sekali untuk seluruh triwulan")


@figure("P12", "tutup triwulan 27.400 aplikasi dibanding pernyataan SQL-nya saja", floor=1.5, aim=1.2)
def nation(world) -> Measured:
    return closed(world, NATION)


@figure("P12B", "yang sama untuk 1.000.000 aplikasi", floor=1.5, aim=1.2, needs=(MILLION,))
def million(world) -> Measured:
    return closed(world, MILLION)


@figure("P13", "tutup triwulan sekali lagi: baris bertambah atau berubah", floor=0, aim=0, unit="")
def again(world) -> Measured:
    with world.at(NATION):
        period = prepared(world, NATION)
        closing.close_period(period.pk, by=Actor.system())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            since = cursor.fetchone()[0]
            closing.close_period(period.pk, by=Actor.system())
            written = 0
            for table in WRITTEN:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE xmin::text::bigint > %s", [since])
                written += cursor.fetchone()[0]
    return Measured(written, f"{len(WRITTEN)} tabel")
