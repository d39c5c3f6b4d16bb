"""The verbs of deactivation, one function per act."""

from apps.deactivation.services.cases import (
    chase_condition,
    name_caretaker,
    nominate,
    settle_condition,
    sign_request,
    withdraw,
)
from apps.deactivation.services.checklist import (
    complete_item,
    follow_owner,
    load_checklist_templates,
    return_item,
    save_template,
    verify_item,
)
from apps.deactivation.services.datasets import (
    drop_dataset,
    list_dataset,
    return_dataset,
    settle_dataset,
    verify_dataset,
)
from apps.deactivation.services.decisions import Choice, annul, decide, send_back
from apps.deactivation.services.desk import (
    add_to_agenda,
    amend_minutes,
    cancel_session,
    give_opinion,
    invite,
    issue_minutes,
    postpone,
    recommend,
    record_attendance,
    schedule_session,
    start_session,
)
from apps.deactivation.services.drafting import draft_minutes, remark_on_minutes
from apps.deactivation.services.evidence import take_evidence_pack
from apps.deactivation.services.execution import begin_retiring, close, retire, write_notice
from apps.deactivation.services.letters import (
    answer,
    deem_agreed,
    extend_deadline,
    open_letter,
    record_delivery,
    restart_letter,
    send_letter,
)
from apps.deactivation.services.objections import dismiss_objection, raise_objection, uphold_objection
from apps.deactivation.services.savings import record_realised, verify_saving
from apps.deactivation.services.signing import attach_signed_decision, attach_signed_minutes

__all__ = [
    "Choice",
    "add_to_agenda",
    "amend_minutes",
    "annul",
    "answer",
    "attach_signed_decision",
    "attach_signed_minutes",
    "begin_retiring",
    "cancel_session",
    "chase_condition",
    "close",
    "complete_item",
    "decide",
    "deem_agreed",
    "dismiss_objection",
    "draft_minutes",
    "drop_dataset",
    "extend_deadline",
    "follow_owner",
    "give_opinion",
    "invite",
    "issue_minutes",
    "list_dataset",
    "load_checklist_templates",
    "name_caretaker",
    "nominate",
    "open_letter",
    "postpone",
    "raise_objection",
    "recommend",
    "record_attendance",
    "record_delivery",
    "record_realised",
    "remark_on_minutes",
    "restart_letter",
    "retire",
    "return_dataset",
    "return_item",
    "save_template",
    "schedule_session",
    "send_back",
    "send_letter",
    "settle_condition",
    "settle_dataset",
    "sign_request",
    "start_session",
    "take_evidence_pack",
    "uphold_objection",
    "verify_dataset",
    "verify_item",
    "verify_saving",
    "withdraw",
    "write_notice",
]
