"""The fate of each dataset: named, carried out with its certificate, verified by another person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import Act, Case, Dataset
from apps.deactivation.services.acts import (
    allow,
    case_for,
    demand,
    demand_reason,
    note,
    refuse_stale,
    today_of,
    trail,
)

S = Dataset.Status


@transaction.atomic
def list_dataset(case_id, *, by, version, name, fate, destination="", retained_until=None):
    """Name a set of data and what becomes of it."""
    case = case_for(case_id, by, rules.may_list_dataset, version)
    _demand_execution(case)
    name = demand(name, "name", _("Sebutkan himpunan datanya."))
    rules.check_fate(fate, destination, retained_until)
    dataset = Dataset(case=case, name=name, fate=fate, destination=destination.strip(), retained_until=retained_until)
    dataset.save()
    case.save()
    _tell(dataset, by, "case.dataset_listed")
    return dataset


@transaction.atomic
def drop_dataset(dataset_id, *, by, version, reason):
    """Take a dataset off the list that was named wrongly; it stays readable with the reason."""
    dataset = _dataset_for(dataset_id, by, rules.may_settle_dataset, version)
    dataset.move_to(S.DROPPED)
    dataset.note = demand_reason(reason)
    dataset.save()
    _tell(dataset, by, "case.dataset_dropped", reason=dataset.note)
    return dataset


@transaction.atomic
def settle_dataset(dataset_id, *, by, version, evidence, text=""):
    """Say that the fate was carried out, with the handover paper or the certificate of destruction."""
    dataset = _dataset_for(dataset_id, by, rules.may_settle_dataset, version)
    dataset.move_to(S.DONE)
    rules.check_retention(dataset, today_of(dataset.case))
    if evidence is None:
        raise ValidationError({"evidence": [_("Unggah berita acara pemindahan, penyerahan, atau pemusnahan.")]})
    dataset.certificate, dataset.note = evidence, text.strip()
    dataset.done_by_id, dataset.done_by_name, dataset.done_at = by.person_id, by.name, clock.now()
    dataset.save()
    said = {"dataset": dataset.pk, "title": dataset.name, "sha256": evidence.sha256}
    note(dataset.case, by, Act.COMPLETE_ITEM, "case.dataset_settled", **said)
    return dataset


@transaction.atomic
def verify_dataset(dataset_id, *, by, version):
    """Another person confirms the paper."""
    dataset = _dataset_for(dataset_id, by, rules.may_verify_dataset, version)
    dataset.move_to(S.VERIFIED)
    dataset.verified_by_id, dataset.verified_by_name, dataset.verified_at = by.person_id, by.name, clock.now()
    dataset.save()
    note(dataset.case, by, Act.VERIFY_ITEM, "case.dataset_verified", dataset=dataset.pk, title=dataset.name)
    return dataset


@transaction.atomic
def return_dataset(dataset_id, *, by, version, reason):
    """Send back a dataset whose paper does not hold."""
    dataset = _dataset_for(dataset_id, by, rules.may_verify_dataset, version)
    dataset.move_to(S.PLANNED)
    dataset.note = demand_reason(reason)
    dataset.save()
    _tell(dataset, by, "case.dataset_returned", reason=dataset.note)
    return dataset


def demand_datasets(item, wanted):
    """The step over all data waits until every dataset is at least `wanted`, and for one where the register names data."""
    if item.key != rules.DATASETS_STEP:
        return
    standing = item.case.datasets.exclude(status=S.DROPPED)
    behind = [row.name for row in standing if row.status not in wanted]
    if behind:
        raise RuleViolation(
            _("Himpunan data belum tuntas: %(names)s.") % {"names": ", ".join(behind)}, code="datasets_open"
        )
    if not standing and rules.holds_data(item.case.application):
        raise RuleViolation(
            _("Catatan aplikasi menyebut data. Daftarkan dahulu setiap himpunan datanya."), code="datasets_missing"
        )


def _demand_execution(case):
    if case.status != Case.Status.EXECUTING or case.retired_at:
        raise RuleViolation(
            _("Nasib data ditetapkan selagi pelaksanaan, sebelum aplikasi pensiun."), code="wrong_state"
        )


def _dataset_for(dataset_id, by, may, version):
    """The dataset with its case, both locked, the case first; 404, 403 and 412 in this order."""
    seen = Dataset.objects.filter(case__in=Case.objects.visible_to(by))
    case_id = seen.named(dataset_id).values_list("case_id", flat=True).first()
    case = Case.objects.locked(case_id or 0)
    dataset = seen.locked(dataset_id)
    dataset.case = case
    allow(may(by, dataset))
    refuse_stale(dataset, version)
    _demand_execution(case)
    return dataset


def _tell(dataset, by, verb, **said):
    trail(dataset.case, by, verb, dataset=dataset.pk, title=dataset.name, fate=dataset.fate, **said)
