"""The daily round over declared addresses: planned, leased, asked, kept. Rows are the queue."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q

from apps.core import clock
from apps.core.outbound import Refused
from apps.core.outbound.targets import parse
from apps.inventory.models import Address, Application
from apps.monitoring.models import GoneCheck, Probe, ProbeTarget
from apps.monitoring.services.afterwards import plan_gone_checks, settle_gone
from apps.monitoring.services.asking import Result, ask

# A question takes ten seconds at most, and is put up to four times where HEAD or the certificate fails.
LEASE = timedelta(minutes=5)
HOST_PAUSE = timedelta(seconds=10)
FIRST_WITHIN = timedelta(hours=1)
RETRY_AFTER_OUTAGE = timedelta(minutes=30)
ABREAST = 8
REFERENCES_ASKED = 3
_DAY = 24 * 60 * 60

_FORGET = """
DELETE FROM monitoring_probetarget t WHERE NOT EXISTS (
  SELECT FROM inventory_address d JOIN inventory_application a ON a.id = d.application_id
  WHERE d.application_id = t.application_id AND d.url = t.url AND d.kind = t.kind AND a.status IN ('registered', 'retiring'))
AND NOT EXISTS (
  SELECT FROM monitoring_gonecheck g JOIN inventory_application a ON a.id = g.application_id
  WHERE g.application_id = t.application_id AND g.url = t.url AND g.kind = t.kind AND a.status = 'retired'
    AND g.status IN ('waiting', 'answers') AND g.due_at <= core_now())
"""


@transaction.atomic
def plan_probes() -> int:
    """Bring the round up to the register: new addresses in, spread over the next hour, those gone out; how many came.

    Addresses of retired applications are in the round only while a look at them is due.
    """
    plan_gone_checks()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
    known = ProbeTarget.objects.filter(application=OuterRef("application"), url=OuterRef("url"))
    current = Address.objects.filter(~Exists(known), application__in=Application.objects.current())
    retired = GoneCheck.objects.due().filter(~Exists(known)).order_by()
    columns = ("application_id", "url", "kind")
    fresh = current.order_by().values_list(*columns).union(retired.values_list(*columns))
    now = clock.now()
    targets = [
        ProbeTarget(application_id=pk, url=url, kind=kind, host=host_of(url), due_at=now + _share(url) * FIRST_WITHIN)
        for pk, url, kind in fresh
    ]
    return len(ProbeTarget.objects.bulk_create(targets, ignore_conflicts=True, batch_size=1000))


def probe_due(*, seconds: float) -> int:
    """Ask what is due, a few hosts abreast, until nothing is or the time is up; how many were asked."""
    started, asked = monotonic(), 0
    with ThreadPoolExecutor(ABREAST) as pool:
        while monotonic() - started < seconds:
            targets = list(_leased(ABREAST))
            if not targets:
                break
            results = list(pool.map(lambda target: ask(target.url, target.kind, target.etag), targets))
            if _own_outage(results):
                results = [_excused(result) for result in results]
            for target, result in zip(targets, results, strict=True):
                keep_probe(target, result)
            asked += len(targets)
    return asked


def lease_target() -> ProbeTarget | None:
    """Take the longest due address whose host nobody is asking; None when there is none."""
    try:
        with transaction.atomic():
            return _lease(clock.now())
    except IntegrityError:  # another worker took an address of this host in the same instant
        return None


@transaction.atomic
def keep_probe(target: ProbeTarget, result: Result) -> Probe | None:
    """Write what was learned, give the lease back and set the next hour; None when the lease was lost meanwhile.

    What our own outage hid is asked again soon.
    """
    now = clock.now()
    ours = result.why == Probe.Why.OWN_OUTAGE
    changes: dict[str, Any] = {"leased_until": None, "asked_at": now, "etag": result.etag}
    changes["due_at"] = now + RETRY_AFTER_OUTAGE if ours else next_due(target.url, now, target.application.owner.zone)
    if result.outcome == Probe.Outcome.REACHED:
        changes["reached_at"] = now
    if not ProbeTarget.objects.filter(pk=target.pk, leased_until=target.leased_until).update(**changes):
        return None
    probe = Probe.objects.create(
        application_id=target.application_id,
        url=target.url,
        at=now,
        outcome=result.outcome,
        why=result.why,
        status_code=result.status_code,
        latency_ms=result.latency_ms,
        redirected_to=result.redirected_to[:2000],
        certificate_ends=result.certificate_ends,
    )
    if GoneCheck.objects.due().filter(application=target.application_id, url=target.url).exists():
        settle_gone(probe)
    return probe


def next_due(url: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The address's own moment of the next day of the wall calendar: spread by its hash, no day left out."""
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    return tomorrow + timedelta(seconds=int(_share(url) * _DAY))


def host_of(url: str) -> str:
    """The machine an address names: hosts are asked one question at a time."""
    try:
        return parse(url).host
    except Refused:
        return (urlsplit(url).netloc if "[" not in url else url)[:255].lower()


def _lease(now: datetime) -> ProbeTarget | None:
    ProbeTarget.objects.filter(leased_until__lte=now).update(leased_until=None)
    same_host = ProbeTarget.objects.filter(host=OuterRef("host"))
    busy = same_host.filter(Q(leased_until__isnull=False) | Q(asked_at__gt=now - HOST_PAUSE))
    due = ProbeTarget.objects.filter(~Exists(busy), due_at__lte=now, leased_until__isnull=True)
    rows = due.select_related("application__owner__government").order_by("due_at")
    target = rows.select_for_update(of=("self",), skip_locked=True).first()
    if target:
        target.leased_until = now + LEASE
        target.save(update_fields=["leased_until"])
    return target


def _leased(number: int) -> Iterable[ProbeTarget]:
    for _turn in range(number):
        target = lease_target()
        if target is None:
            return
        yield target


def _own_outage(results: list[Result]) -> bool:
    """Whether nothing answered and nothing that should answer does: then it is our network that is gone."""
    if any(result.status_code for result in results) or not any(result.may_be_our_fault for result in results):
        return False
    return not any(ask(url, kind).status_code for url, kind in _references())


def _references() -> list[tuple[str, str]]:
    """The installation's own references, else the hosts that opened last."""
    if settings.PROBE_REFERENCES:
        return [(url, Address.Kind.PUBLIC) for url in settings.PROBE_REFERENCES]
    reached = ProbeTarget.objects.filter(reached_at__isnull=False).order_by("host", "-reached_at").distinct("host")
    latest = sorted(reached.values_list("reached_at", "url", "kind"), reverse=True)[:REFERENCES_ASKED]
    return [(url, kind) for _at, url, kind in latest]


def _excused(result: Result) -> Result:
    return Result(Probe.Outcome.SKIPPED, Probe.Why.OWN_OUTAGE) if result.may_be_our_fault else result


def _share(url: str) -> float:
    """A place in [0, 1) that depends on the address alone."""
    return int.from_bytes(hashlib.sha256(url.encode()).digest()[:6]) / 2**48
