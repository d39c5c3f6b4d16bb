"""The steps of a case: done with evidence, verified by another person; and their templates."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import queries, rules
from apps.deactivation.models import Act, Case, ChecklistItem, ChecklistTemplate, Dataset, Phase, Responsible
from apps.deactivation.services.acts import allow, demand_reason, note, refuse_stale, trail
from apps.deactivation.services.datasets import demand_datasets
from apps.deactivation.services.execution import mark_executed

TEMPLATES = Path(__file__).resolve().parent.parent / "reference" / "checklist.json"


@transaction.atomic
def complete_item(item_id, *, by, version, evidence, text=""):
    """Report a step as done, with its evidence."""
    item = _item_for(item_id, by, rules.may_complete_item, version)
    _demand_phase(item)
    item.move_to(ChecklistItem.Status.DONE)
    demand_datasets(item, (Dataset.Status.DONE, Dataset.Status.VERIFIED))
    if evidence is None:
        raise ValidationError({"evidence": [_("Unggah bukti bahwa langkah ini sudah dikerjakan.")]})
    item.evidence, item.note, item.returned_reason = evidence, text.strip(), ""
    item.done_by_id, item.done_by_name, item.done_at = by.person_id, by.name, clock.now()
    item.save()
    note(
        item.case, by, Act.COMPLETE_ITEM, "case.item_completed", item=item.key, title=item.title, sha256=evidence.sha256
    )
    return item


@transaction.atomic
def verify_item(item_id, *, by, version):
    """Another person confirms the evidence of a step; the last of the switch-off executes the case."""
    item = _item_for(item_id, by, rules.may_verify_item, version)
    _demand_running(item.case)
    item.move_to(ChecklistItem.Status.VERIFIED)
    demand_datasets(item, (Dataset.Status.VERIFIED,))
    item.verified_by_id, item.verified_by_name, item.verified_at = by.person_id, by.name, clock.now()
    item.save()
    note(item.case, by, Act.VERIFY_ITEM, "case.item_verified", item=item.key, title=item.title)
    mark_executed(item.case, by)
    return item


@transaction.atomic
def return_item(item_id, *, by, version, reason):
    """Send a step back whose evidence does not hold."""
    item = _item_for(item_id, by, rules.may_return_item, version)
    _demand_running(item.case)
    item.move_to(ChecklistItem.Status.OPEN)
    item.returned_reason = demand_reason(reason)
    item.save()
    record(by, "case.item_returned", item.case, reason=reason, organization=item.responsible, item=item.key)
    return item


@transaction.atomic
def follow_owner(case_id, *, by):
    """Give the unverified steps to the offices that stand where the former ones stood; done work stays as it was done."""
    case = Case.objects.visible_to(by).locked(case_id)
    allow(by.is_system)
    offices = queries.offices_by_function(case)
    kinds = dict(ChecklistTemplate.objects.values_list("key", "responsible"))
    handed = []
    for item in case.checklist.exclude(status=ChecklistItem.Status.VERIFIED).select_related("responsible"):
        kind = kinds.get(item.key, Responsible.OWNER)
        if item.responsible == offices[kind] or (kind != Responsible.OWNER and not item.responsible.active_until):
            continue
        item.responsible = offices[kind]
        item.save()
        handed.append(item.key)
    if handed:
        trail(case, by, "case.steps_handed_on", items=handed)
    return handed


@transaction.atomic
def save_template(key, *, by, **values):
    """Change one step of the templates; running cases keep the steps they were given."""
    allow(rules.may_change_templates(by))
    if values.get("phase") not in Phase.values:
        raise ValidationError({"phase": [_("Pilih tahap.")]})
    template, _created = ChecklistTemplate.objects.update_or_create(key=key, defaults=values)
    record(by, "checklist_template.saved", template, key=key)
    return template


@transaction.atomic
def load_checklist_templates():
    """Load the product's own steps that are not there yet; what an administrator changed stays."""
    rows = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    fresh = [ChecklistTemplate(**row) for row in rows]
    before = ChecklistTemplate.objects.count()
    ChecklistTemplate.objects.bulk_create(fresh, ignore_conflicts=True)
    return ChecklistTemplate.objects.count() - before


def _item_for(item_id, by, may, version):
    """The step with its case, both locked, the case first."""
    found = ChecklistItem.objects.visible_to(by).named(item_id).values_list("case_id", flat=True).first()
    case = Case.objects.locked(found or 0)
    item = ChecklistItem.objects.visible_to(by).locked(item_id)
    item.case = case
    allow(may(by, item))
    refuse_stale(item, version)
    return item


def _demand_running(case):
    if case.status not in (Case.Status.EXECUTING, Case.Status.EXECUTED):
        raise RuleViolation(_("Kasus ini sudah berakhir; langkahnya tetap seperti adanya."), code="wrong_state")


def _demand_phase(item):
    case = item.case
    ready = {
        Phase.BEFORE: case.status == Case.Status.EXECUTING,
        Phase.SWITCH_OFF: case.status == Case.Status.EXECUTING and case.retired_at is not None,
        Phase.AFTER: case.status == Case.Status.EXECUTED,
    }
    if not ready[item.phase]:
        raise RuleViolation(
            _("Langkah ini belum atau tidak lagi dapat dikerjakan pada tahap sekarang."), code="wrong_state"
        )
