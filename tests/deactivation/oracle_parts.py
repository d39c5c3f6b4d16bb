"""What product.md §2 and §6 say about what hangs on a case, written by hand; imports nothing from the product."""

from tests.deactivation.oracle import NEVER_SEE, ROLES

# `doer` is a reviewer, and the person who did the steps and carried out the datasets as the owner's operator.
PART_ROLES = (*ROLES, "doer")
REVIEWERS = {"reviewer", "doer"}
OWNERS = {"operator", "head"}
AT_THE_TABLE = {"operator", "head", "reviewer", "doer", "planner", "treasurer", "approver"}

MAY = {
    "complete_item": OWNERS,
    "verify_item": REVIEWERS,
    "return_item": REVIEWERS,
    "drop_dataset": OWNERS,
    "settle_dataset": OWNERS,
    "verify_dataset": REVIEWERS,
    "return_dataset": REVIEWERS,
    "meet_condition": REVIEWERS,
    "drop_condition": REVIEWERS,
    "verify_saving": {"treasurer"},
    "record_realised": {"treasurer"},
    "start_session": REVIEWERS,
    "cancel_session": REVIEWERS,
    "add_to_agenda": REVIEWERS,
    "invite": REVIEWERS,
    "record_attendance": REVIEWERS,
    "draft_minutes": REVIEWERS,
    "remark_on_minutes": AT_THE_TABLE,
    "issue_minutes": REVIEWERS,
    "amend_minutes": REVIEWERS,
    "attach_signed_minutes": REVIEWERS | {"approver"},
    "attach_signed_decision": REVIEWERS | {"approver"},
    "record_delivery": REVIEWERS,
    "extend_deadline": REVIEWERS,
}
STEP_ACTS = ("complete_item", "verify_item", "return_item")
DATASET_ACTS = ("drop_dataset", "settle_dataset", "verify_dataset", "return_dataset")
CONDITION_ACTS = ("meet_condition", "drop_condition")
SAVING_ACTS = ("verify_saving", "record_realised")
SESSION_ACTS = (
    "start_session",
    "cancel_session",
    "add_to_agenda",
    "invite",
    "record_attendance",
    "draft_minutes",
    "remark_on_minutes",
    "issue_minutes",
    "amend_minutes",
    "attach_signed_minutes",
)
LETTER_ACTS = ("record_delivery", "extend_deadline")

# row in its situation: (the acts upon such a row, which of them go through and where the row then stands)
SITUATIONS = {
    "open step": (STEP_ACTS, {"complete_item": "done"}),
    "open step of the finance office": (STEP_ACTS, {"complete_item": "done"}),
    "open step of the ICT office": (STEP_ACTS, {"complete_item": "done"}),
    "done step": (STEP_ACTS, {"verify_item": "verified", "return_item": "open"}),
    "verified step": (STEP_ACTS, {}),
    "step of the switching off before its day": (STEP_ACTS, {}),
    "step of afterwards before its day": (STEP_ACTS, {}),
    "step of afterwards": (STEP_ACTS, {"complete_item": "done"}),
    "open step of an annulled case": (STEP_ACTS, {}),
    "done step of an annulled case": (STEP_ACTS, {}),
    "planned dataset": (DATASET_ACTS, {"drop_dataset": "dropped", "settle_dataset": "done"}),
    "settled dataset": (DATASET_ACTS, {"verify_dataset": "verified", "return_dataset": "planned"}),
    "verified dataset": (DATASET_ACTS, {}),
    "dropped dataset": (DATASET_ACTS, {}),
    "planned dataset after the switching off": (DATASET_ACTS, {}),
    "settled dataset of an annulled case": (DATASET_ACTS, {}),
    "running condition": (CONDITION_ACTS, {"meet_condition": "met", "drop_condition": "dropped"}),
    "met condition": (CONDITION_ACTS, {}),
    "dropped condition": (CONDITION_ACTS, {}),
    "planned saving": (SAVING_ACTS, {"verify_saving": "verified"}),
    "verified saving before the switching off": (SAVING_ACTS, {}),
    "verified saving": (SAVING_ACTS, {"record_realised": "verified"}),
    "void saving": (SAVING_ACTS, {}),
    "scheduled session": (
        SESSION_ACTS,
        {
            "start_session": "in_session",
            "cancel_session": "cancelled",
            "add_to_agenda": "scheduled",
            "invite": "scheduled",
            "record_attendance": "scheduled",
        },
    ),
    "running session": (
        SESSION_ACTS,
        {
            "add_to_agenda": "in_session",
            "invite": "in_session",
            "record_attendance": "in_session",
            "draft_minutes": "in_session",
        },
    ),
    "drafted session, all decided upon": (
        SESSION_ACTS,
        {
            "add_to_agenda": "in_session",
            "invite": "in_session",
            "record_attendance": "in_session",
            "draft_minutes": "in_session",
            "remark_on_minutes": "in_session",
            "issue_minutes": "minuted",
        },
    ),
    "minuted session": (SESSION_ACTS, {"amend_minutes": "minuted", "attach_signed_minutes": "minuted"}),
    "cancelled session": (SESSION_ACTS, {}),
    "sent letter": (LETTER_ACTS, {"record_delivery": "delivered"}),
    "delivered letter": (LETTER_ACTS, {"extend_deadline": "delivered"}),
    "extended letter": (LETTER_ACTS, {}),
    "settled letter": (LETTER_ACTS, {}),
    "decision": (("attach_signed_decision",), {"attach_signed_decision": ""}),
}
# Where another office than the owner is responsible, its people carry the step out.
RESPONSIBLE = {
    "open step of the finance office": {"treasurer"},
    "open step of the ICT office": REVIEWERS,
}
DONE_BY_DOER = {
    "done step",
    "verified step",
    "done step of an annulled case",
    "settled dataset",
    "verified dataset",
    "settled dataset of an annulled case",
}
CHECKING = {"verify_item", "return_item", "verify_dataset", "return_dataset"}
COMPANIONS = {"planner", "treasurer"}
# Letters are between the ICT office and the addressee, and a case on no agenda yet does not exist for a companion.
UNSEEN_BY_COMPANIONS = {*LETTER_ACTS, "add_to_agenda"}


def expected(situation, act, role):
    """ok, 404, 403 or 409."""
    _acts, goes_through = SITUATIONS[situation]
    if role in NEVER_SEE or (role in COMPANIONS and act in UNSEEN_BY_COMPANIONS):
        return 404
    who = RESPONSIBLE.get(situation, MAY[act]) if act == "complete_item" else MAY[act]
    if role not in who or (role == "doer" and act in CHECKING and situation in DONE_BY_DOER):
        return 403
    return "ok" if act in goes_through else 409
