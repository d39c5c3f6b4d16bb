"""Reads about the quarter."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum

from apps.accounts.models import GovernmentPolicy, Membership, Organization
from apps.accounts.queries import names_on
from apps.core import clock
from apps.core.quarter import Quarter
from apps.core.workdays import working_days_between
from apps.inventory.models import Application
from apps.monitoring import rules
from apps.monitoring.models import (
    AdoptedThresholds,
    Assessment,
    CountRestart,
    DueApplication,
    Endorsement,
    ExplanationRequest,
    Finding,
    GoneCheck,
    Period,
    Probe,
    ReportFile,
    Span,
    UsageReport,
    UsageSample,
    UsageTotal,
)
from apps.monitoring.rules import HEAD, OPERATOR, REVIEW_STOPS_WORKING_DAYS, Against, Judged, Restart

# SHA-256 of a period's verdicts and the checksums of their evidence, in the order of the applications' keys.
REGISTER_STATE = """encode(sha256(convert_to(coalesce(string_agg(application_id || ':' || verdict || ':' || checksum, E'\\n'
    ORDER BY application_id), ''), 'UTF8')), 'hex')"""
_UNREACHABLE = """SELECT p.application_id, extract(day FROM max(p.at) - min(p.at))::int FROM monitoring_probe p
WHERE p.application_id = ANY(%s) AND p.outcome = 'unreached' AND p.at > coalesce((SELECT max(r.at) FROM monitoring_probe r
  WHERE r.application_id = p.application_id AND r.outcome = 'reached'), '-infinity') GROUP BY p.application_id"""

COVERED = ("due", "exempt", "draft", "submitted", "accepted", "returned", "answered", "missing", "unendorsed")


def thresholds_in(government_id: int, quarter: Quarter) -> dict[str, int]:
    """The numbers of the rule that count in `quarter`: the last adopted ones, else the product's own."""
    adopted = AdoptedThresholds.objects.filter(government=government_id).in_force(quarter).first()
    return {**rules.THRESHOLDS, **(adopted.thresholds if adopted else {})}


def first_unopened(government_id: int, now: datetime) -> Quarter:
    """The earliest quarter other thresholds may count from: the one after the last opened, else the present one."""
    begun = Period.objects.filter(government=government_id).exclude(status=Period.Status.SCHEDULED)
    last = begun.select_related("government").order_by("-year", "-quarter").first()
    return last.quarter_value.next() if last else Quarter.of(now, Organization.objects.get(pk=government_id).zone)


def next_is_closed(period: Period) -> bool:
    """Whether a later period of the government is closed: late reports are over then."""
    later = Q(year=period.year, quarter__gt=period.quarter) | Q(year__gt=period.year)
    return Period.objects.filter(later, government=period.government_id, status=Period.Status.CLOSED).exists()


def last_ended(government_id: int, now: datetime) -> Period | None:
    """The last period whose window is over."""
    ended = Period.objects.filter(government=government_id, closes_at__lte=now)
    return ended.order_by("-year", "-quarter").first()


def may_still_return(period: Period, now: datetime) -> bool:
    """Whether more than three working days are left; RuleViolation when the year's holidays are not confirmed."""
    zone = period.government.zone
    policy = GovernmentPolicy.objects.get(pk=period.government_id)
    left = working_days_between(  # today counts, the day at whose start the window ends does not
        now.astimezone(zone).date() - timedelta(days=1),
        period.closes_at.astimezone(zone).date() - timedelta(days=1),
        joint_leave_counts=not policy.joint_leave_is_working,
    )
    return now < period.closes_at and left > REVIEW_STOPS_WORKING_DAYS


def sent_reports(period: Period) -> QuerySet[UsageReport]:
    """Reports that count: sent or accepted; a returned one counts as none."""
    return UsageReport.objects.filter(
        period=period, status__in=[UsageReport.Status.SUBMITTED, UsageReport.Status.ACCEPTED]
    )


def against_of(period: Period, application_id: int) -> Against:
    """What the counters and the last probes say of one application in the quarter."""
    return against_by_application(period, [application_id]).get(application_id, Against())


def against_by_application(period: Period, application_ids: Any) -> dict[int, Against]:
    """The same of many applications in two reads; applications about which nothing is known are absent."""
    counters, dead = counters_by_application(period, application_ids), unreachable_days(application_ids)
    return {pk: Against(counters.get(pk), dead.get(pk, 0)) for pk in {*counters, *dead}}


def unreachable_days(application_ids: Any) -> dict[int, int]:
    """Whole days since the first of the completed probes that all failed, up to the last one."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREACHABLE, [list(application_ids)])
        return dict(cursor.fetchall())


def current_period(government_id: int) -> Period | None:
    """The open period, else the one being closed, else the next scheduled, else the last closed."""
    periods = Period.objects.filter(government=government_id)
    for status in (Period.Status.OPEN, Period.Status.CLOSING, Period.Status.SCHEDULED):
        found = periods.filter(status=status).order_by("year", "quarter").first()
        if found:
            return found
    return periods.first()


def coverage(period: Period) -> list[dict[str, Any]]:
    """Per owner: due, exempt, drafted, submitted, accepted, returned, and those without any report."""
    due = DueApplication.objects.filter(period=period).values(
        "owner_id", "owner__code", "owner__name", "owner__short_name"
    )
    rows = due.annotate(due=Count("pk"), exempt=Count("pk", filter=~Q(exemption=""))).order_by("owner__name")
    reports: dict[int, dict[str, int]] = defaultdict(dict)
    asked = DueApplication.objects.filter(period=period, application=OuterRef("application")).values("owner")
    sent = UsageReport.objects.filter(period=period).annotate(asked=Subquery(asked))
    for owner_id, status, number in sent.values_list("asked", "status").annotate(Count("pk")):
        reports[owner_id][status] = number
    made = [_with_reports(dict(row), reports[row["owner_id"]]) for row in rows]
    if period.status == Period.Status.CLOSED:
        _as_called_then(period, made)
    return made


def coverage_seen(by: Any, period: Period) -> list[dict[str, Any]]:
    """The coverage of the offices a person sees, with who endorsed; sent reports without endorsement are counted."""
    rows = [row for row in coverage(period) if by.is_government_wide or row["owner_id"] in by.organization_ids]
    signed = endorsed(period)
    for row in rows:
        row["endorsed"] = signed.get(row["owner_id"])
        row["unendorsed"] = int(bool(row["answered"]) and not row["endorsed"])
    return rows


def coverage_total(rows: list[dict[str, Any]]) -> dict[str, int]:
    """The offices' numbers summed."""
    return {name: sum(row[name] for row in rows) for name in COVERED}


def _as_called_then(period: Period, rows: list[dict[str, Any]]) -> None:
    """A closed quarter names offices as they were called when it closed."""
    names = names_on(period.closed_at or period.closes_at, [row["owner_id"] for row in rows])
    for row in rows:
        former = names.get(row["owner_id"], row["owner__name"])
        if former != row["owner__name"]:
            row["owner__name"], row["owner__short_name"] = former, ""


def _with_reports(row: dict[str, Any], counts: dict[str, int]) -> dict[str, Any]:
    numbers = {status: counts.get(status, 0) for status in UsageReport.Status.values}
    answered = numbers["submitted"] + numbers["accepted"]
    due = row["due"] - row["exempt"]
    return {**row, **numbers, "due": due, "answered": answered, "missing": max(due - answered, 0)}


def due_applications(period: Period, owner_ids: Any) -> list[DueApplication]:
    """The due rows of these owners with their application, its last report and last assessment within reach."""
    rows = DueApplication.objects.filter(period=period, application__owner__in=owner_ids)
    return list(rows.select_related("application", "application__standing", "owner").order_by("application__name"))


def reports_of(period: Period, application_ids: Any) -> dict[int, UsageReport]:
    """The period's reports by application."""
    found = UsageReport.objects.filter(period=period, application__in=application_ids)
    return {report.application_id: report for report in found}


def history_of(application: Application | int) -> list[Judged]:
    """Every closed quarter of one application in force, oldest first."""
    pk = application if isinstance(application, int) else application.pk
    closed = Assessment.objects.published().in_force().filter(application=pk)
    rows = closed.values_list("period__year", "period__quarter", "verdict", "owner_id", "period__thresholds__look_back")
    return sorted((Judged(Quarter(y, q), *judged) for y, q, *judged in rows), key=lambda judged: judged.quarter)


def restarts_of(application_id: int) -> list[Restart]:
    """From which quarters the count began anew."""
    rows = CountRestart.objects.filter(application=application_id).values_list("year", "quarter", "kinds")
    return [Restart(Quarter(y, q), frozenset(kinds)) for y, q, kinds in rows]


def assessments_of(application: Application, by: Any, quarters: int = 8) -> list[Assessment]:
    """The last `quarters` assessments in force, newest first."""
    found = Assessment.objects.visible_to(by).in_force().filter(application=application).select_related("period")
    return list(found[:quarters])


def last_reports(period: Period, application_ids: Any) -> dict[int, UsageReport]:
    """The newest sent report before `period` of each application: what a new one starts from."""
    before = Q(period__year=period.year, period__quarter__lt=period.quarter) | Q(period__year__lt=period.year)
    found = UsageReport.objects.filter(before, application__in=application_ids).exclude(status=UsageReport.Status.DRAFT)
    newest = found.order_by("application_id", "-period__year", "-period__quarter").distinct("application_id")
    return {report.application_id: report for report in newest.select_related("period")}


def counters_by_application(period: Period, application_ids: Any) -> dict[int, dict[str, Any]]:
    """The quarter's counters received so far, of many applications in two reads; sizes in GB where days told them."""
    quarter = period.quarter_value
    sizes = ArrayAgg("data_bytes", filter=Q(data_bytes__isnull=False), order_by="day", default=[])
    rows = UsageSample.objects.filter(
        application__in=application_ids, day__gte=quarter.starts_on, day__lte=quarter.ends_on
    ).values("application_id")
    sums = rows.annotate(days=Count("pk"), users=Max("active_users"), total=Sum("transactions"), sizes=sizes).order_by()
    former = UsageTotal.objects.filter(
        application__in=application_ids, span=Span.QUARTER, starts_on=quarter.previous().starts_on
    )
    before = dict(former.values_list("application_id", "data_bytes"))
    return {
        row["application_id"]: {
            "days": row["days"],
            "active_users": row["users"],
            "transactions": int(row["total"]),
            **rules.data_sizes(before.get(row["application_id"]), row["sizes"]),
        }
        for row in sums
    }


def files_by_application(period: Period, application_ids: Any) -> dict[int, int]:
    """How many files stand beside the period's report of each application."""
    rows = ReportFile.objects.filter(report__period=period, report__application__in=application_ids)
    return dict(rows.values_list("report__application").annotate(Count("pk")).order_by())


def explanations_by_report(reports: Iterable[UsageReport]) -> dict[int, list[ExplanationRequest]]:
    """What was asked about each report and explained, oldest first."""
    found: dict[int, list[ExplanationRequest]] = defaultdict(list)
    rows = ExplanationRequest.objects.filter(report__in=[report.pk for report in reports])
    for row in rows.select_related("report__period", "document").order_by("pk"):
        found[row.report_id or 0].append(row)
    return found


def explanations_of(finding: Finding) -> list[ExplanationRequest]:
    """What was asked about a finding, and about the reports of the quarters it rests on, oldest first."""
    quarters = [Quarter.parse(label) for label in finding.quarters]
    its = Q(finding=finding)
    for quarter in quarters:
        its |= Q(report__period__year=quarter.year, report__period__quarter=quarter.number)
    rows = ExplanationRequest.objects.filter(its, application=finding.application_id)
    return list(rows.select_related("report__period", "document").order_by("pk"))


def explanations_about(application_id: int, shown: int = 8) -> list[ExplanationRequest]:
    """The last things reviewers asked about an application and its agency explained, oldest first."""
    rows = ExplanationRequest.objects.filter(application=application_id)
    return list(rows.select_related("report__period", "finding", "document").order_by("-pk")[:shown])[::-1]


def unreported(period: Period) -> QuerySet[DueApplication]:
    """Due applications without a report that counts, by owner: what is chased."""
    sent = sent_reports(period).filter(application=OuterRef("application"))
    rows = DueApplication.objects.filter(~Exists(sent), period=period, exemption="")
    return rows.select_related("application__owner").order_by("application__owner__name", "application__name")


def endorsed(period: Period) -> dict[int, Endorsement]:
    """The last endorsement of the period by organization."""
    return {row.organization_id: row for row in period.endorsements.order_by("pk")}


def counted_days(application: Application, since: date, until: date) -> list[UsageSample]:
    """The days received between two dates, both included, newest first."""
    rows = UsageSample.objects.filter(application=application, day__gte=since, day__lte=until)
    return list(rows.order_by("-day"))


def last_counted_day(application: Application) -> date | None:
    """The newest day received."""
    return UsageSample.objects.filter(application=application).aggregate(last=Max("day"))["last"]


def quarter_totals(application: Application, quarters: int = 8) -> list[UsageTotal]:
    """The counters of the last closed quarters, newest first."""
    rows = UsageTotal.objects.filter(application=application, span=Span.QUARTER)
    return list(rows.order_by("-starts_on")[:quarters])


def standing_finding(application_id: int, kind: str) -> Finding | None:
    """The finding of this kind that has not ended, if there is one."""
    return Finding.objects.published().standing().filter(application=application_id, kind=kind).first()


def gone_checks(application: Application) -> list[GoneCheck]:
    """The looks at the addresses of the last retirement, by address and day."""
    rows = list(GoneCheck.objects.filter(application=application).order_by("url", "after_days"))
    last = max((row.retired_at for row in rows), default=None)
    return [row for row in rows if row.retired_at == last]


def probes_by_day(application: Application, today: date, days: int) -> dict[str, dict[date, Probe]]:
    """Per address the last probe of each of the last `days` days, on the wall calendar of the government."""
    zone = application.government.zone
    since = datetime.combine(today - timedelta(days=days - 1), time(), zone)
    found: dict[str, dict[date, Probe]] = defaultdict(dict)
    for row in Probe.objects.filter(application=application, at__gte=since).order_by("at"):
        found[row.url][row.at.astimezone(zone).date()] = row
    return found


@dataclass(frozen=True)
class Owing:
    """A person who may still do something about a quarter's reports, and for how many applications."""

    person_id: int
    role: str
    organization_id: int
    missing: int


def owing_people(period: Period, role: str, within: Organization | None = None) -> list[Owing]:
    """People of the role, in force today, whose offices have reports to send; heads also where one is to endorse.

    A person with several offices is told of all of them at once. Four statements, however many offices.
    """
    government = period.government
    missing = dict(unreported(period).order_by().values_list("application__owner").annotate(Count("pk")))
    beneath = _offices_beneath(government.pk)
    members = Membership.objects.current(clock.today(government.zone)).filter(
        role=role, user__is_active=True, scope__in=beneath
    )
    offices: dict[int, set[int]] = defaultdict(set)
    seat: dict[int, int] = {}
    for person, scope in members.order_by("pk").values_list("user", "scope"):
        offices[person] |= beneath[scope] if within is None else beneath[scope] & beneath[within.pk]
        seat.setdefault(person, within.pk if within else scope)
    unsigned = _unendorsed(period) if role == HEAD else set()
    found = [
        Owing(person, role, seat[person], sum(missing.get(pk, 0) for pk in mine))
        for person, mine in offices.items()
        if any(pk in missing or pk in unsigned for pk in mine)
    ]
    return sorted(found, key=lambda one: one.person_id)


def executives_of(period: Period) -> list[Owing]:
    """The government's executives, with how many applications were not reported in time."""
    missing = unreported(period).count()
    today = clock.today(period.government.zone)
    members = Membership.objects.current(today).filter(role="executive", user__is_active=True, scope=period.government)
    people = sorted(set(members.values_list("user", flat=True)))
    return [Owing(person, "executive", period.government_id, missing) for person in people]


def _offices_beneath(government_id: int) -> dict[int, set[int]]:
    """Each office of the government with all beneath it, itself included."""
    parents = dict(Organization.objects.within(government_id).values_list("pk", "parent"))
    beneath: dict[int, set[int]] = {pk: {pk} for pk in parents}
    for pk in parents:
        above = parents[pk]
        while above in beneath:
            beneath[above].add(pk)
            above = parents[above]
    return beneath


def _unendorsed(period: Period) -> set[int]:
    """Offices with sent reports that nobody has endorsed, where the government asks for endorsement."""
    if not GovernmentPolicy.objects.filter(government=period.government_id, endorsement_required=True).exists():
        return set()
    sent = set(sent_reports(period).values_list("application__owner", flat=True))
    return sent - set(endorsed(period))


def last_reminders(period: Period) -> dict[int, datetime]:
    """When each office was last reminded of the quarter."""
    rows = period.reminders.filter(sent_at__isnull=False).values_list("organization")
    return dict(rows.annotate(Max("sent_at")).order_by())


def trend(by: Any, quarters: int = 8) -> list[dict[str, Any]]:
    """How the duty to report was met in the last closed quarters, oldest first; exempt ones are not counted."""
    rows = Assessment.objects.visible_to(by).in_force().exclude(verdict="exempt")
    sums = rows.values("period", "period__year", "period__quarter").annotate(
        due=Count("pk"),
        **{duty: Count("pk", filter=Q(duty=duty)) for duty in ("reported", "late", "missing")},
    )
    newest = list(sums.order_by("-period__year", "-period__quarter")[:quarters])
    return [{**row, "quarter": Quarter(row["period__year"], row["period__quarter"])} for row in reversed(newest)]


def people_of(period: Period, office_ids: list[int]) -> dict[int, list[Membership]]:
    """Operators and heads in force of each office, also those seated above it."""
    parents = dict(Organization.objects.within(period.government_id).values_list("pk", "parent"))
    today = clock.today(period.government.zone)
    members: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.current(today).filter(role__in=[OPERATOR, HEAD], user__is_active=True, scope__in=parents)
    for member in rows.select_related("user").order_by("role", "user__name"):
        members[member.scope_id].append(member)
    return {pk: [member for above in _upwards(pk, parents) for member in members[above]] for pk in office_ids}


def _upwards(pk: int | None, parents: dict[int, int | None]) -> Iterable[int]:
    while pk is not None:
        yield pk
        pk = parents.get(pk)


def register_state(period: Period) -> str:
    """The register as the close of the period saw it; late corrections leave it as it was."""
    said = f"SELECT {REGISTER_STATE} FROM monitoring_assessment WHERE period_id = %s AND corrects_id IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(said, [period.pk])
        return cursor.fetchone()[0]
