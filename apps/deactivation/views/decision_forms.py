"""The decision's forms: one for the numbered act, one for each case in it."""

from datetime import timedelta
from typing import Any

from apps.accounts.actor import Actor
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.workdays import add_working_days
from apps.deactivation import rules
from apps.deactivation.forms import DecideForm, DecideItemForm
from apps.deactivation.models import Case
from apps.deactivation.services import Choice


def decide_forms(case: Case, by: Actor, evidence: dict, bound: dict[str, Any]) -> tuple[Any, Any]:
    """The pair for the page of one case; nothing when this person may not decide it or it does not wait for that."""
    if "decide" in bound:
        return bound["decide"], bound["decide_item"]
    if case.status != Case.Status.RECOMMENDED or not rules.may_decide(by, case):
        return None, None
    return act_form(case), item_form(case, evidence)


def act_form(case: Case, data: Any = None) -> DecideForm:
    """The numbered act; the legal basis in force is filled in."""
    return DecideForm(data, initial={"legal_basis": rules.policy_of(case.government).legal_basis})


def item_form(case: Case, evidence: dict, data: Any = None, prefix: str = "item") -> DecideItemForm:
    """One case, filled in with what the desk recommends."""
    advised = case.recommendation
    initial = {"planned_saving": case.application.yearly_cost, "effective_on": earliest_effective(case)}
    if advised:
        initial |= {"outcome": advised.outcome, "target": advised.target, "retain_from": advised.retain_from}
        for place, condition in enumerate(advised.conditions, 1):
            initial |= {f"condition_{place}": condition["text"], f"condition_{place}_due": condition["due_on"]}
    return DecideItemForm(data, prefix=prefix, case=case, evidence_changed=bool(evidence["changed"]), initial=initial)


def earliest_effective(case: Case) -> Any:
    """The day after the objection window, were it decided today; none while the calendar is not confirmed."""
    policy = rules.policy_of(case.government)
    today = clock.today(case.government.zone)
    try:
        end = add_working_days(
            today, policy.objection_working_days, joint_leave_counts=not policy.joint_leave_is_working
        )
    except RuleViolation:
        return None
    return end + timedelta(days=1)


def choice_of(case: Case, fields: dict[str, Any], version: int) -> Choice:
    """What the form says about one case."""
    ends = fields["outcome"] in rules.ENDS_SERVICE
    return Choice(
        case=case.code,
        version=version,
        outcome=fields["outcome"],
        reason=fields["reason"],
        target_id=fields["target"].pk if fields["target"] else None,
        retain_from=fields["retain_from"],
        conditions=tuple(fields["conditions"]),
        acknowledged=fields.get("acknowledged", False),
        planned_saving=fields["planned_saving"] if ends else None,
        contract=fields["contract"] if ends else "",
        effective_on=fields["effective_on"] if ends else None,
    )
