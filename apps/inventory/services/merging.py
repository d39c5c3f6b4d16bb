"""Two records of one application become one: the survivor takes over what the other had, the old code leads to it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import fields, rules
from apps.inventory.models import Address, Application, ApplicationReference, Contract, Cost, RecordDocument, Relation
from apps.inventory.services.facts import continues_too_long
from apps.inventory.services.records import apply_values
from apps.inventory.services.rows import follow_rows
from apps.inventory.services.standing import note_completeness

Status = Application.Status
# Rows that follow to the survivor, with what makes two of them the same.
FOLLOWING = (
    (Address, ("url",)),
    (ApplicationReference, ("reference_code_id",)),
    (Contract, ("number",)),
    (Cost, ("year", "kind", "budget_reference", "contract__number")),
    (RecordDocument, ("kind", "title", "location", "document_id")),
)


@transaction.atomic
def merge(
    key: int | str,
    *,
    by: Any,
    version: int,
    survivor: str,
    survivor_version: int,
    reason: str,
    take: Iterable[str] = (),
) -> Application:
    """Merge the record `key` into `survivor` for good; `take` names the attributes whose value comes from `key`.

    Addresses, places in the architecture, contracts, costs, documents, relations and suspensions follow without duplicates. Reports and
    assessments stay where they were written and are read from the survivor. Refused while either is held by a case.
    """
    duplicate, kept = _both(key, survivor, by)
    Application.objects.locked(duplicate.pk, version)
    Application.objects.locked(kept.pk, survivor_version)
    _refuse_unfit(duplicate, kept)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa keduanya aplikasi yang sama.")]})
    changes = apply_values(kept, _taken(duplicate, kept, take))
    moved = _follow(duplicate, kept)
    changes |= follow_rows(kept)
    _end(duplicate, kept, by, reason.strip(), moved)
    kept.updated_at = clock.now()
    kept.save()
    note_completeness(kept)
    record(by, "application.absorbed", kept, organization=kept.owner, reason=reason.strip(), changes=changes,
           duplicate=duplicate.code, moved=moved)  # fmt: skip
    return kept


def _both(key: int | str, survivor: str, by: Any) -> tuple[Application, Application]:
    """The two records, locked in one order whichever goes into which, so that two merges never wait for each other."""
    seen = Application.objects.visible_to(by)
    first, second = (seen.named(name).values_list("pk", flat=True).first() or 0 for name in (key, survivor))
    locked = {pk: seen.locked(pk) for pk in sorted({first, second or first})}
    duplicate, kept = locked[first], locked.get(second)
    if not rules.may_merge(by, duplicate):
        raise PermissionDenied
    if kept is None or kept == duplicate:
        raise ValidationError({"survivor": [_("Pilih aplikasi terdaftar lain yang dipertahankan, dengan kodenya.")]})
    return duplicate, kept


def _refuse_unfit(duplicate: Application, kept: Application) -> None:
    for application in (duplicate, kept):
        if application.status != Status.REGISTERED:
            raise RuleViolation(
                _("Hanya aplikasi terdaftar yang dapat digabung; %(code)s sekarang “%(now)s”.")
                % {"code": application.key, "now": application.get_status_display()},
                code="wrong_state",
            )
        hold = application.holds.first()
        if hold:
            raise RuleViolation(
                _("%(code)s belum dapat digabung: %(reason)s.") % {"code": application.code, "reason": hold.reason},
                code="held",
            )
    if duplicate.government_id != kept.government_id:
        raise RuleViolation(_("Keduanya harus dari pemerintah daerah yang sama."), code="other_government")


def _taken(duplicate: Application, kept: Application, take: Iterable[str]) -> dict[str, Any]:
    choosable = {attribute.name for attribute in fields.choosable(kept.government_id)}
    unknown = set(take) - choosable
    if unknown:
        raise ValidationError({"take": [_("Isian tidak dikenal: %(names)s.") % {"names": ", ".join(sorted(unknown))}]})
    values = {name: duplicate.value(name) for name in take}
    return {name: None if value == kept else value for name, value in values.items()}


def _follow(duplicate: Application, kept: Application) -> dict[str, int]:
    """Hand over the rows, each once; how many of each went over."""
    moved = {str(model._meta.model_name): _hand_over(model, same, duplicate, kept) for model, same in FOLLOWING}
    _point_costs_to_contracts(duplicate, kept)
    moved["relation"] = _hand_over_relations(duplicate, kept)
    moved["suspension"] = _hand_over_suspensions(duplicate, kept)
    for pointer in ("successor", "super_application", "merged_into"):
        moved[pointer] = _point_to(pointer, duplicate, kept)
    return {name: count for name, count in moved.items() if count}


def _hand_over(model: type[Model], same: tuple[str, ...], duplicate: Application, kept: Application) -> int:
    rows = model._default_manager
    known = set(rows.filter(application=kept).values_list(*same))
    fresh = [row["pk"] for row in rows.filter(application=duplicate).values("pk", *same)
             if tuple(row[name] for name in same) not in known]  # fmt: skip
    return rows.filter(pk__in=fresh).update(application=kept)


def _point_costs_to_contracts(duplicate: Application, kept: Application) -> None:
    """A cost that went over under a contract both records had now rests on the survivor's own."""
    own = {contract.number: contract for contract in kept.contracts.all()}
    for cost in kept.costs.filter(contract__application=duplicate).select_related("contract"):
        if cost.contract is not None:
            cost.contract = own[cost.contract.number]
            cost.save()


def _hand_over_relations(duplicate: Application, kept: Application) -> int:
    """Ties with others follow in both directions, each once; one between the two records has lost its meaning."""
    Relation.objects.filter(Q(source=duplicate, target=kept) | Q(source=kept, target=duplicate)).delete()
    moved = 0
    for end, other in (("source", "target"), ("target", "source")):
        same = (f"{other}_id", "kind", "direction", "description")
        known = set(Relation.objects.filter(**{end: kept}).values_list(*same))
        rows = Relation.objects.filter(**{end: duplicate}).values("pk", *same)
        fresh = [row["pk"] for row in rows if tuple(row[name] for name in same) not in known]
        moved += Relation.objects.filter(pk__in=fresh).update(**{end: kept})
    return moved


def _hand_over_suspensions(duplicate: Application, kept: Application) -> int:
    """A suspension follows unless the survivor has one on those days or would be suspended for too long."""
    moved = 0
    for row in duplicate.suspensions.order_by("starts_on"):
        beside = kept.suspensions.filter(starts_on__lte=row.ends_on, ends_on__gte=row.starts_on)
        if not beside.exists() and not continues_too_long(kept, row.starts_on, row.ends_on):
            row.application = kept
            row.save()
            moved += 1
    return moved


def _point_to(pointer: str, duplicate: Application, kept: Application) -> int:
    """Other records that named the duplicate name the survivor now; the survivor does not name itself."""
    if getattr(kept, f"{pointer}_id") == duplicate.pk:
        setattr(kept, pointer, None)
    others = Application.objects.filter(**{pointer: duplicate}).exclude(pk=kept.pk).order_by("pk")
    named = list(others.select_for_update(of=("self",)))
    for other in named:
        setattr(other, pointer, kept)
        other.save()
    return len(named)


def _end(duplicate: Application, kept: Application, by: Any, reason: str, moved: dict[str, int]) -> None:
    duplicate.move_to(Status.MERGED)
    duplicate.merged_into, duplicate.status_reason, duplicate.updated_at = kept, reason, clock.now()
    former, duplicate.owner = duplicate.owner, kept.owner  # who reads the survivor reads what went into it
    duplicate.save()
    record(by, "application.merged", duplicate, organization=former, reason=reason, survivor=kept.code, moved=moved)
