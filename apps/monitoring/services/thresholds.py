"""Adopting other numbers for the rule; they count from a quarter whose window has not opened."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import queries, rules
from apps.monitoring.models import AdoptedThresholds, Period


@transaction.atomic
def adopt_thresholds(*, by: Any, thresholds: dict[str, int], starts_in: Quarter, reason: str) -> AdoptedThresholds:
    """Let `thresholds` count from `starts_in` on. Periods that were opened keep the copy they have.

    ValidationError names a number outside `rules.THRESHOLD_RANGES`; RuleViolation when the quarter has begun.
    """
    government = Organization.objects.select_for_update().get(pk=by.government_id)
    if not rules.may_adopt_thresholds(by):
        raise PermissionDenied
    _refuse_begun(government, starts_in)
    refuse_unfit_thresholds(thresholds)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan perubahan ketentuan.")]})
    before = queries.thresholds_in(government.pk, starts_in)
    if before == thresholds:
        raise RuleViolation(_("Angka ini sama dengan yang sudah berlaku."), code="unchanged")
    adopted = AdoptedThresholds.objects.create(
        government=government,
        year=starts_in.year,
        quarter=starts_in.number,
        thresholds=thresholds,
        reason=reason.strip(),
        adopted_by_id=by.person_id,
        adopted_by_name=by.name,
    )
    changes = {name: [before[name], value] for name, value in thresholds.items() if before[name] != value}
    record(
        by,
        "thresholds.adopted",
        government,
        organization=government,
        reason=reason,
        starts_in=str(starts_in),
        changes=changes,
    )
    return adopted


def refuse_unfit_thresholds(thresholds: dict[str, int]) -> None:
    """ValidationError per number that is missing, unknown, no whole number, or out of its range."""
    wrong = {}
    for name, (lowest, highest) in rules.THRESHOLD_RANGES.items():
        value = thresholds.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            wrong[name] = [_("Isi bilangan bulat %(low)s sampai %(high)s.") % {"low": lowest, "high": highest}]
    unknown = {name: [_("Ketentuan ini tidak dikenal.")] for name in set(thresholds) - set(rules.THRESHOLD_RANGES)}
    if wrong or unknown:
        raise ValidationError({**wrong, **unknown})


def _refuse_begun(government: Organization, starts_in: Quarter) -> None:
    begun = Period.objects.filter(government=government).exclude(status=Period.Status.SCHEDULED)
    last = begun.order_by("-year", "-quarter").first()
    if last and starts_in <= last.quarter_value:
        raise RuleViolation(
            _("Masa lapor %(quarter)s sudah dibuka; ketentuan baru berlaku paling cepat %(next)s.")
            % {"quarter": starts_in.label, "next": last.quarter_value.next().label},
            code="quarter_begun",
        )
