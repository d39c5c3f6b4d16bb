"""What product.md §2 and §6 say about cases, written by hand; imports nothing from the product."""

STATES = (
    "nominated",
    "awaiting_answer",
    "answered",
    "on_desk",
    "recommended",
    "decided",
    "executing",
    "executed",
    "closed",
    "withdrawn",
    "annulled",
)
BEFORE_DECIDED = {"nominated", "awaiting_answer", "answered", "on_desk", "recommended"}
ON_AN_AGENDA = {"on_desk", "recommended", "decided", "executing", "executed", "closed", "annulled"}

ROLES = (
    "operator",
    "head",
    "foreign_head",
    "reviewer",
    "planner",
    "treasurer",
    "approver",
    "executive",
    "auditor",
    "administrator",
)
NEVER_SEE = {"foreign_head", "administrator"}
COMPANIONS = {"planner", "treasurer"}

# act: (who may, in which states it goes through, where it leads)
ACTS = {
    "sign_request": ({"head"}, set(), None),
    "withdraw": ({"reviewer"}, BEFORE_DECIDED, "withdrawn"),
    "name_caretaker": ({"reviewer"}, set(), None),
    "send_letter": ({"reviewer"}, {"nominated"}, "awaiting_answer"),
    "answer": ({"head", "reviewer"}, {"awaiting_answer"}, "answered"),
    "give_opinion": ({"planner", "treasurer"}, {"on_desk"}, "on_desk"),
    "recommend": ({"reviewer"}, {"on_desk"}, "recommended"),
    "postpone": ({"reviewer"}, {"on_desk"}, "on_desk"),
    "decide": ({"approver"}, {"recommended"}, "decided"),
    "send_back": ({"approver"}, {"recommended"}, "on_desk"),
    "raise_objection": ({"head", "reviewer"}, {"decided"}, "decided"),
    "uphold_objection": ({"approver"}, set(), None),
    "dismiss_objection": ({"approver"}, set(), None),
    "annul": ({"approver"}, {"decided", "executing"}, "annulled"),
    "close": ({"reviewer"}, set(), None),
    "write_notice": ({"operator", "head", "reviewer"}, {"executing"}, "executing"),
    "list_dataset": ({"operator", "head", "reviewer"}, {"executing"}, "executing"),
    "begin_retiring": (set(), set(), None),
    "retire": (set(), set(), None),
}


def expected(state, act, role):
    """ok, 404, 403 or 409 for a case that a reviewer nominated and that was walked to `state`."""
    who, states, _leads = ACTS[act]
    if role in NEVER_SEE or (role in COMPANIONS and state not in ON_AN_AGENDA):
        return 404
    if role not in who:
        return 403
    return "ok" if state in states else 409


def may_decide(nominate, answer, recommend, decide):
    """Whether the person `decide` may decide, given who did the other acts of the case."""
    return decide not in (nominate, answer, recommend)


def may_verify(done_by, verify):
    """Whether the person `verify` may check a step `done_by` did."""
    return verify != done_by
