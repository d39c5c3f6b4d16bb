"""Findings about the register itself: records nobody keeps, records nobody looked at for long. Raised and resolved by the clock."""

from typing import Any

from django.db import connection, transaction

from apps.accounts.models import GovernmentPolicy, Organization
from apps.audit.services import record
from apps.core import clock, codes
from apps.core.quarter import Quarter
from apps.inventory import services as inventory
from apps.monitoring.models import Finding, Period

KINDS = (Finding.Kind.OWNERLESS, Finding.Kind.STALE)

# Ownerless: the office ended, or nobody is its operator or head in force. Stale: neither edited nor attested since.
WANTING = """
WITH kept AS (
  SELECT o.id FROM accounts_organization o LEFT JOIN accounts_organization p ON p.id = o.parent_id
  WHERE (o.active_until IS NULL OR o.active_until > %(today)s) AND EXISTS (
    SELECT FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.role IN ('operator', 'agency_head') AND m.scope_id IN (o.id, o.parent_id, p.parent_id, o.government_id)
      AND u.is_active AND m.ended_at IS NULL AND m.starts_on <= %(today)s
      AND (m.ends_on IS NULL OR m.ends_on >= %(today)s))
)
SELECT a.id, 'ownerless' AS kind FROM inventory_application a
WHERE a.government_id = %(government)s AND a.status IN ('registered', 'retiring')
  AND a.owner_id NOT IN (SELECT id FROM kept)
UNION ALL
SELECT a.id, 'stale' FROM inventory_application a
WHERE a.government_id = %(government)s AND a.status = 'registered' AND a.registered_at < %(since)s
  AND a.updated_at < %(since)s AND NOT EXISTS (
    SELECT FROM inventory_attestation t WHERE t.application_id = a.id AND t.attested_at >= %(since)s)
"""


@transaction.atomic
def review_keeping(government_id: int, *, by: Any) -> dict[str, int]:
    """Raise and resolve `ownerless` and `stale` findings as things are now; run again it changes nothing.

    A finding a reviewer set aside stays so: a stale one as long as the silence that raised it, an ownerless one until
    the next quarter. Nothing is raised before the first quarter was closed.
    """
    government = Organization.objects.select_for_update().get(pk=government_id)
    closed = Period.objects.filter(government=government, status=Period.Status.CLOSED).first()
    if closed is None:
        return {"raised": 0, "resolved": 0}
    quarter = Quarter.of(clock.now(), government.zone)
    policy = GovernmentPolicy.objects.get(pk=government_id)
    since = quarter.plus(-policy.stale_quarters).first_instant(government.zone)
    wanting = _wanting(government, since)
    standing = Finding.objects.filter(application__government=government, kind__in=KINDS).standing()
    known = {(finding.application_id, finding.kind): finding for finding in standing.select_for_update(of=("self",))}
    aside = _set_aside(government, {"stale": since, "ownerless": quarter.first_instant(government.zone)})
    raised = _raise(sorted(wanting - set(known) - aside), closed)
    resolved = _resolve([finding for key, finding in known.items() if key not in wanting])
    if raised or resolved:
        _show([*raised, *resolved])
        record(by, "findings.reviewed", government, organization=government, raised=len(raised), resolved=len(resolved))
    return {"raised": len(raised), "resolved": len(resolved)}


def _wanting(government: Organization, since: Any) -> set[tuple[int, str]]:
    parameters = {"government": government.pk, "today": clock.today(government.zone), "since": since}
    with connection.cursor() as cursor:
        cursor.execute(WANTING, parameters)
        return set(cursor.fetchall())


def _set_aside(government: Organization, quiet_since: dict[str, Any]) -> set[tuple[int, str]]:
    dismissed = Finding.objects.filter(
        application__government=government, kind__in=KINDS, status=Finding.Status.DISMISSED
    ).values_list("application_id", "kind", "ended_at")
    return {(application, kind) for application, kind, ended_at in dismissed if ended_at >= quiet_since[kind]}


def _raise(wanting: list[tuple[int, str]], period: Period) -> list[Finding]:
    if not wanting:
        return []
    year = clock.today(period.government.zone).year
    numbers = codes.reserve(f"TMN-{year}", len(wanting))
    return Finding.objects.bulk_create(
        Finding(code=codes.code("TMN", year, number), application_id=pk, kind=kind, opened_in=period, version=1)
        for number, (pk, kind) in zip(numbers, wanting, strict=True)
    )


def _resolve(findings: list[Finding]) -> list[Finding]:
    """Those taken up in a case end with the case."""
    ended = [finding for finding in findings if finding.status == Finding.Status.OPEN]
    now = clock.now()
    for finding in ended:
        finding.move_to(Finding.Status.RESOLVED)
        finding.ended_at, finding.version = now, finding.version + 1
    Finding.objects.bulk_update(ended, ["status", "ended_at", "version"], batch_size=1000)
    return ended


def _show(findings: list[Finding]) -> None:
    touched = {finding.application_id for finding in findings}
    kinds: dict[int, list[str]] = {pk: [] for pk in touched}
    for pk, kind in Finding.objects.filter(application__in=touched).standing().values_list("application_id", "kind"):
        kinds[pk].append(kind)
    inventory.set_standing({"application_id": pk, "open_findings": sorted(found)} for pk, found in kinds.items())
