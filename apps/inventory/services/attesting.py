"""The owner stands for the record, each quarter anew."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.inventory import rules
from apps.inventory.models import Application, Attestation


@transaction.atomic
def attest(key: int | str, *, by: Any, version: int) -> Attestation:
    """Say that the record is right in this quarter; RuleViolation when it is not in the register or its seal is intact already."""
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_attest(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    if application.status not in rules.ATTESTED_IN:
        raise RuleViolation(_("Hanya aplikasi terdaftar yang dapat dinyatakan benar."), code="wrong_state")
    quarter = Quarter.of(clock.now(), application.government.zone)
    if application.attestations.filter(year=quarter.year, quarter=quarter.number, version=version).exists():
        raise RuleViolation(_("Keterangan ini sudah dinyatakan benar untuk triwulan ini."), code="already_attested")
    made = Attestation.objects.create(
        application=application,
        year=quarter.year,
        quarter=quarter.number,
        version=application.version,
        attested_by_id=by.person_id,
        attested_by_name=by.name,
    )
    record(by, "application.attested", application, organization=application.owner, quarter=str(quarter))
    return made


@transaction.atomic
def attest_many(application_ids: list[int], *, by: Any) -> int:
    """Stand for many records of the own office at once; those with an intact seal of this quarter are left as they are."""
    rows = Application.objects.visible_to(by).filter(pk__in=application_ids, status__in=rules.ATTESTED_IN)
    records = list(rows.select_related("owner", "government").order_by("pk").select_for_update(of=("self",)))
    if not all(rules.may_attest(by, one) for one in records):
        raise PermissionDenied
    if not records:
        return 0
    quarter = Quarter.of(clock.now(), records[0].government.zone)
    made = Attestation.objects.bulk_create(
        (
            Attestation(
                application=one, year=quarter.year, quarter=quarter.number, version=one.version,
                attested_by_id=by.person_id, attested_by_name=by.name,
            )
            for one in records
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    office = records[0].owner
    record(by, "applications.attested", office, organization=office, quarter=str(quarter), count=len(made))
    return len(made)
