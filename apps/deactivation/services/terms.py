"""What an outcome comes with: target, quarter from which idleness counts again, conditions."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.deactivation import queries, rules
from apps.deactivation.models import Condition, Outcome


def read_terms(case, outcome, target_id, retain_from, conditions):
    """Target, quarter and conditions of an outcome, checked against each other; 400 or 409 when they contradict."""
    target = queries.possible_target(case, target_id)
    conditions = read_conditions(conditions) if outcome == Outcome.OPTIMISE else []
    quarter = queries.present_quarter(case)
    succession = queries.succession(target)
    rules.check_outcome(
        case,
        outcome,
        target=target,
        succession=succession,
        retain_from=retain_from,
        conditions=conditions,
        quarter=quarter,
    )
    starts = str(rules.check_retain_from(retain_from, quarter)) if outcome == Outcome.RETAIN else ""
    return {"target": target, "retain_from": starts, "conditions": conditions}


def read_conditions(conditions):
    """Conditions as [{"text", "due_on"}] with ISO dates; 400 when one lacks its text or date."""
    read = []
    for row in conditions:
        text, due_on = str(row.get("text", "")).strip(), row.get("due_on")
        try:
            due_on = due_on if isinstance(due_on, date) else date.fromisoformat(str(due_on))
        except ValueError:
            due_on = None
        if not text or due_on is None:
            raise ValidationError({"conditions": [_("Setiap syarat memuat uraian dan tanggal jatuh tempo.")]})
        read.append({"text": text, "due_on": due_on.isoformat()})
    return read


def open_conditions(case, conditions):
    """Write the decided conditions as rows that are followed to their end."""
    for row in conditions:
        Condition(case=case, text=row["text"], due_on=date.fromisoformat(row["due_on"])).save()
