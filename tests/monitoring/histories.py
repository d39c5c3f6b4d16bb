"""Random histories of a register, and how they are lived through in the product."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from math import prod

from django.db import connection
from hypothesis import strategies as st

from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory.models import Application, ConfirmedFacts, Standing, Suspension
from apps.monitoring import services
from apps.monitoring.models import Assessment, Finding, UsageReport
from tests.factories import make_agency
from tests.monitoring import oracle
from tests.monitoring.world import SYSTEM, World

QUARTERS, APPLICATIONS = 4, 50
SAYS = [
    {"used": True, "users": None, "transactions": None},
    {"used": True, "users": 0, "transactions": 0},
    {"used": True, "users": 1, "transactions": None},
    {"used": True, "users": 4, "transactions": 0},
    {"used": True, "users": 40, "transactions": 7},
    {"used": True, "users": None, "transactions": 2},
    {"used": False, "users": 0, "transactions": 0},
    {"used": False, "users": None, "transactions": None},
    {"used": False, "users": 2, "transactions": 0},
]
# days, highest day of users, sum of transactions
COUNTERS = [(0, 0, 0)] * 4 + [
    (1, 0, 0),
    (44, 0, 0),
    (45, 0, 0),
    (46, 0, 0),
    (90, 0, 0),
    (1, 2, 0),
    (10, 0, 5),
    (46, 6, 1),
]
# completed, days, reached
PROBES = [(0, 0, 0)] * 4 + [(30, 30, 0), (29, 29, 0), (40, 20, 0), (30, 30, 1), (31, 31, 0)]
SENT = ["none", "none", "none", "draft", "returned", "in_time", "in_time", "in_time", "accepted", "late"]
SEASONS = [[], [], [1], [3, 4], [6, 7, 12], [2, 8], [5, 11]]
STARTS = [Quarter(2023, 4), Quarter(2024, 1), Quarter(2025, 3)]
NUMBERS = [
    {},
    {"active_users": 2, "look_back": 1},
    {"transactions": 3, "low_use_users": 1},
    {"low_use_users": 10, "probes": 31, "probe_days": 31, "look_back": 1},
    {"probe_days": 20, "look_back": 1},
    {"look_back": 2},
    {"active_users": 5, "transactions": 6, "look_back": 8},
]


def chosen(draw, *options):
    """One of each of the options by a single draw, which is many times faster than a draw for each."""
    number = draw(st.integers(0, prod(len(one) for one in options) - 1))
    for one in options:
        number, place = divmod(number, len(one))
        yield one[place]


@st.composite
def applications(draw, quarters=QUARTERS):
    """One application's history in the words of the oracle; places count quarters from 0."""
    places = range(quarters)
    rarely = [None] * 3 * quarters + [*places]
    registered, retiring, dismissed, owners, suspended, confirmed = chosen(
        draw, [0, 0, 0, *places], rarely, rarely, rarely, [None, *places], [(), *((at,) for at in places), (0, 2)]
    )
    return possible(
        {
            "registered": registered,
            "retiring": retiring,
            "dismissed_after": dismissed,
            "owners": {} if owners is None else {owners: 1},
            "confirmed": {at: _facts(draw, quarters) for at in confirmed},
            "suspension": None if suspended is None else _rest(draw, suspended, quarters),
            "quarters": [_quarter(draw, at) for at in places],
        }
    )


def possible(made):
    """Nothing happens to an application before it is registered, and nothing is corrected after a finding was set aside."""
    made["owners"] = {max(at, made["registered"]): 1 for at in made["owners"]}
    made["confirmed"] = {max(at, made["registered"]): said for at, said in made["confirmed"].items()}
    for name in ("retiring", "dismissed_after"):
        made[name] = made[name] if made[name] is None else max(made[name], made["registered"])
    if made["suspension"]:
        made["suspension"]["known"] = max(made["suspension"]["known"], made["registered"])
    for q in made["quarters"]:
        late = q["accepted"] is not None and made["dismissed_after"] is not None
        if late and q["accepted"] > made["dismissed_after"]:
            q["accepted"] = None
    return made


def _facts(draw, quarters):
    starts = [(place, days) for place in range(-2, quarters + 1) for days in (-1, 0, 1)]
    ownership, since, season = chosen(draw, ["local"] * 4 + ["central"], [None] * len(starts) + starts, SEASONS)
    return {"ownership": ownership, "since": since, "season": season}


def _rest(draw, first, quarters):
    """A suspension from and to days around the opening of quarters."""
    known, begins, longer, ends = chosen(draw, range(quarters), [-1, 0, 1], [0, 0, 1], [1, 2])
    return {"known": known, "starts_on": (first, begins), "ends_on": (first + longer, ends)}


def _quarter(draw, place):
    counters, probes, sent, answer, before, counted_late, after, turn = chosen(
        draw, COUNTERS, PROBES, SENT, SAYS, [True, False], [True, False, False], [0, 0, 1, 2, None], range(8)
    )
    late = sent == "late"
    return {
        "sent": sent,
        "answer": answer if sent != "none" else None,
        "before_the_close": late and before,
        # The place after whose close a late report is accepted, and its turn among those accepted there.
        "accepted": place + after if late and after is not None else None,
        "turn": turn,
        "counter_days": counters[0], "counter_users": counters[1], "counter_transactions": counters[2],
        "counted_late": counted_late,
        "probes": probes[0], "probe_days": probes[1], "reached": probes[2],
    }  # fmt: skip


@st.composite
def registers(draw, size=APPLICATIONS, quarters=QUARTERS, numbers=NUMBERS):
    """A register's first quarter, the numbers adopted before the opening of some quarters, and its applications."""
    adopted = draw(st.dictionaries(st.integers(0, quarters - 1), st.sampled_from(numbers), min_size=1, max_size=3))
    return {
        "start": draw(st.sampled_from(STARTS)),
        "adopted": adopted,
        "applications": [draw(applications(quarters)) for _number in range(size)],
    }


def calendar_of(register, quarters=QUARTERS):
    """Per place the quarter's days and numbers, as the oracle reads them."""
    made, numbers = [], dict(oracle.NUMBERS)
    for place in range(quarters):
        if place in register["adopted"]:
            numbers = {**oracle.NUMBERS, **register["adopted"][place]}
        quarter = register["start"].plus(place)
        opened_on = quarter.next().starts_on - timedelta(days=14)
        made.append({"first_day": quarter.starts_on, "opened_on": opened_on, "days": quarter.days, "numbers": numbers})
    return made


def dated(register, quarters=QUARTERS):
    """The register's applications with days instead of places where the product knows days."""
    first = [register["start"].plus(n).starts_on for n in range(-2, quarters + 3)]
    found = []
    for made in register["applications"]:
        confirmed = {
            at: {**said, "since": said["since"] and first[said["since"][0] + 2] + timedelta(days=said["since"][1])}
            for at, said in made["confirmed"].items()
        }
        rest = made["suspension"]
        if rest:
            # A window opens 14 days before the next quarter's first day.
            ends = {
                name: first[rest[name][0] + 3] + timedelta(days=rest[name][1] - 14) for name in ("starts_on", "ends_on")
            }
            rest = {**rest, **ends}
        found.append({**made, "confirmed": confirmed, "suspension": rest})
    return found


class Lived:
    """A government that lives through a register's quarters; what the product says of it after each."""

    def __init__(self, government, register):
        self.world = World(government)
        self.offices = [self.world.agency, make_agency(government, "Dinas Pendidikan")]
        self.register, self.calendar = register, calendar_of(register)
        self.told = dated(register)
        self.rows, self.periods = {}, []

    def quarters(self):
        """Live on by one quarter at a time; yields the place just closed."""
        for place in range(len(self.calendar)):
            self._before(place)
            quarter = self.register["start"].plus(place)
            self.periods.append(self.world.open(quarter))
            self._say(place)
            clock.travel_to(self.periods[place].closes_at + timedelta(minutes=5))
            services.close_period(self.periods[place].pk, by=SYSTEM)
            self._report(
                place, [q for q in self._quarters(place) if q[1]["sent"] == "late" and not q[1]["before_the_close"]]
            )
            self._accept(place)
            self._dismiss(place)
            yield place

    def _before(self, place):
        """What becomes known after the opening of the quarter before counts at the next opening."""
        if place == 0:
            clock.travel_to(
                services.schedule_period(self.world.government, self.register["start"]).opens_at - timedelta(days=1)
            )
        new = [number for number, made in enumerate(self.told) if made["registered"] == place]
        self._register(new)
        self._adopt(place)
        for number, made in enumerate(self.told):
            if place in made["confirmed"]:
                said = made["confirmed"][place]
                ConfirmedFacts.objects.create(
                    application_id=self.rows[number], ownership=said["ownership"], operating_since=said["since"],
                    season_months=said["season"],
                )  # fmt: skip
            rest = made["suspension"]
            if rest and rest["known"] == place:
                Suspension.objects.create(
                    application_id=self.rows[number],
                    starts_on=rest["starts_on"],
                    ends_on=rest["ends_on"],
                    reason="Perbaikan",
                )
        self._changed(place)

    def _register(self, numbers):
        now = clock.now()
        made = Application.objects.bulk_create(
            Application(
                government=self.world.government, owner=self.offices[0], name=f"Aplikasi {number}", status="registered",
                code=f"APL-2020-{number:06d}", reference=f"DRF-{number:010d}", registered_at=now, version=1,
            )
            for number in numbers
        )  # fmt: skip
        self.rows.update(zip(numbers, [row.pk for row in made], strict=True))

    def _adopt(self, place):
        numbers = self.calendar[place]["numbers"]
        if numbers != (self.calendar[place - 1]["numbers"] if place else oracle.NUMBERS):
            services.adopt_thresholds(
                by=self.world.reviewer, starts_in=self.register["start"].plus(place), thresholds=numbers, reason="Uji"
            )

    def _changed(self, place):
        moved = [self.rows[n] for n, made in enumerate(self.told) if place in made["owners"]]
        retiring = [self.rows[n] for n, made in enumerate(self.told) if made["retiring"] == place]
        Application.objects.filter(pk__in=moved).update(owner=self.offices[1])
        Application.objects.filter(pk__in=retiring).update(status="retiring")

    def _quarters(self, place):
        """Number and quarter of the applications that are due at `place`."""
        return [(n, made["quarters"][place]) for n, made in enumerate(self.told) if made["registered"] <= place]

    def _say(self, place):
        due, period = self._quarters(place), self.periods[place]
        self._count(place, due)
        clock.travel_to(period.closes_at - timedelta(minutes=5))
        self._report(place, [q for q in due if q[1]["sent"] not in ("none", "late")])
        clock.travel_to(period.closes_at)
        self._report(place, [q for q in due if q[1]["sent"] == "late" and q[1]["before_the_close"]])

    def _report(self, place, due):
        now, status = clock.now(), {"in_time": "submitted", "late": "submitted"}
        UsageReport.objects.bulk_create(
            UsageReport(
                period=self.periods[place], application_id=self.rows[number], status=status.get(q["sent"], q["sent"]),
                used=q["answer"]["used"], active_users=q["answer"]["users"], transactions=q["answer"]["transactions"],
                submitted_at=None if q["sent"] == "draft" else now, late=q["sent"] == "late", version=1,
            )
            for number, q in due
        )  # fmt: skip

    def _count(self, place, due):
        """Counters received in time and too late, and probes; the users on the last day, the transactions on the first."""
        first, closes_at = self.calendar[place]["first_day"], self.periods[place].closes_at
        counted = [
            (self.rows[n], q["counter_days"], q["counter_users"], q["counter_transactions"])
            for n, q in due
            if q["counter_days"]
        ]
        late = [(self.rows[n], q["counter_days"]) for n, q in due if q["counted_late"] and q["counter_days"] <= 46]
        probed = [(self.rows[n], q["probes"], q["probe_days"], q["reached"]) for n, q in due if q["probes"]]
        with connection.cursor() as cursor:
            for table, rows, parameters in (
                (SAMPLES, counted, {"first": first, "at": closes_at - timedelta(microseconds=1)}),
                (LATE_SAMPLES, late, {"first": first, "at": closes_at}),
                (PROBED, probed, {"noon": datetime.combine(first, datetime.min.time(), UTC) + timedelta(hours=5)}),
            ):
                if rows:
                    columns = [list(column) for column in zip(*rows, strict=True)]
                    cursor.execute(table, {**parameters, **{f"c{n}": column for n, column in enumerate(columns)}})

    def _accept(self, place):
        """Late reports whose turn it is, of this quarter and earlier ones, in an order of their own."""
        waiting = [
            (q["turn"], number, of)
            for of in range(place + 1)
            for number, q in self._quarters(of)
            if q["accepted"] == place
        ]
        for _turn, number, of in sorted(waiting):
            report = UsageReport.objects.get(period=self.periods[of], application=self.rows[number])
            services.accept_report(report.pk, by=self.world.reviewer, version=report.version)

    def _dismiss(self, place):
        for number, made in enumerate(self.told):
            if made["dismissed_after"] == place and number in self.rows:
                standing = Finding.objects.standing().filter(application=self.rows[number]).order_by("kind").first()
                if standing:
                    services.dismiss(standing.pk, by=self.world.reviewer, reason="Uji", version=standing.version)

    def wrong(self, place):
        """The applications of which the product says something else than the oracle, with what either says."""
        said, expected = self._said(place), {}
        for number, made in enumerate(self.told):
            if made["registered"] <= place:
                expected[number] = self._expected(made, place)
        return {
            number: (said.get(number), expected[number]) for number in expected if said.get(number) != expected[number]
        }

    def _expected(self, made, place):
        places, found = range(made["registered"], place + 1), oracle.standing(made, self.calendar, place)
        return {
            "in_force": oracle.assessed(made, self.calendar, place),
            "as_closed": {at: self._as_closed(made, at) for at in places},
            "findings": found,
            "standing": sorted(found),
        }

    def _as_closed(self, made, place):
        """Verdict and duty when nothing late was accepted yet."""
        q = oracle.evidence(made, place, self.calendar, now=-1)
        return oracle.verdict(q, self.calendar[place]["numbers"]), oracle.duty(q)

    def _said(self, place):
        numbers = {pk: number for number, pk in self.rows.items()}
        places = {period.pk: place for place, period in enumerate(self.periods)}
        labels = {str(self.register["start"].plus(p)): p for p in range(len(self.calendar))}
        said = defaultdict(lambda: {"in_force": {}, "as_closed": {}, "findings": {}, "standing": []})
        rows = Assessment.objects.published().filter(period__in=places).order_by("pk").select_related("correction")
        for row in rows:
            one, at = said[numbers[row.application_id]], places[row.period_id]
            if row.corrects_id is None:
                one["as_closed"][at] = (row.verdict, row.duty)
            one["in_force"][at] = (row.verdict, row.reason, row.low_use)  # a later row corrects
        for finding in Finding.objects.published().standing():
            said[numbers[finding.application_id]]["findings"][finding.kind] = [labels[q] for q in finding.quarters]
        for standing in Standing.objects.filter(application__in=numbers):
            said[numbers[standing.application_id]]["standing"] = sorted(standing.open_findings)
        return said


SAMPLES = """INSERT INTO monitoring_usagesample (application_id, day, active_users, transactions, received_at)
SELECT a, %(first)s + n, CASE WHEN n = days - 1 THEN users ELSE 0 END, CASE WHEN n = 0 THEN transactions ELSE 0 END, %(at)s
FROM unnest(%(c0)s::bigint[], %(c1)s::int[], %(c2)s::int[], %(c3)s::int[]) AS r (a, days, users, transactions),
  generate_series(0, days - 1) AS n"""
LATE_SAMPLES = """INSERT INTO monitoring_usagesample (application_id, day, active_users, transactions, received_at)
SELECT a, %(first)s + days, 77, 77, %(at)s FROM unnest(%(c0)s::bigint[], %(c1)s::int[]) AS r (a, days)"""
PROBED = """INSERT INTO monitoring_probe (application_id, url, outcome, at, note)
SELECT a, 'https://contoh.example/', CASE WHEN n < reached THEN 'reached' ELSE 'unreached' END,
  %(noon)s + interval '1 day' * (n %% days), ''
FROM unnest(%(c0)s::bigint[], %(c1)s::int[], %(c2)s::int[], %(c3)s::int[]) AS r (a, completed, days, reached),
  generate_series(0, completed - 1) AS n"""
