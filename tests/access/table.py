"""Who may ask what: every route and method, each role, one object of each noun. Written by hand from the product's roles.

Letters: `-` nobody signed in, `n` signed in without a role, `o` operator and `h` head of the owning agency, `s` operator of
another agency, `r` reviewer, `c` companion of Bappeda, `t` companion of BKAD, `a` approver, `e` executive, `u` auditor,
`m` administrator; `x` reviewer and `y` administrator of another government.

`open` are let in. To those in `hidden` the object does not exist (404). The others are refused: nobody signed in is sent
to sign in (401 on the API, and so is who has no role there), the rest hear 403. Words are objects of `world.py`, `=text`
stands for itself. Each denial has its twin in `open` of the same row.
"""

from typing import NamedTuple

HOME = "ohsrctaeum"  # everybody with a role in the government
EVERYBODY = HOME + "xy"
PUBLIC = "-n" + EVERYBODY
ABROAD = "xy"
# The register: the owner's people and the government's own roles; other agencies and governments do not see it.
SEES_RECORD, NO_RECORD = "ohrctaeum", "sxy"
# What was begun is the owner's until it is submitted.
NO_DRAFT = "srctaeumxy"
# A case on a desk's agenda: also the companions. The administrator looks after people and settings, not cases.
SEES_CASE, NO_CASE = "ohrctaeu", "smxy"
# Letters, and cases no desk has on its agenda: without the companions.
SEES_LETTER, NO_LETTER = "ohraeu", "sctmxy"
# Batches of reminders: the government's own roles.
NO_BATCH = "ohsxy"
# Who uploaded a list, alone; for the other writers it does not exist, for the rest the whole place is closed.
NO_JOB = "osx"


class Row(NamedTuple):
    """A route with its methods, the objects it names, who gets in, and from whom the object is hidden."""

    route: str
    methods: str
    open: str
    hidden: str = ""
    arguments: dict = {}
    body: dict = {}

    def expected(self, letter):
        """What this person must hear."""
        if letter in self.open:
            return "open"
        if letter == "-" or (letter == "n" and self.route.startswith("api-")):
            return "sign in"
        return "hidden" if letter in self.hidden else "forbidden"


def rows(namespace, *lines, hidden="", **arguments):
    """Rows about the same object, seen by the same people: (route, methods, open)."""
    return [Row(f"{namespace}{route}", methods, letters, hidden, arguments) for route, methods, letters in lines]


SIGNING_IN = [
    Row("healthz", "GET", PUBLIC),
    Row("readyz", "GET", PUBLIC),
    Row("dashboard:home", "GET", "-" + EVERYBODY),
    Row("dashboard:reports", "GET", "ohsrctaeux"),
    Row("dashboard:quarter_reports", "GET", "rctaeux"),
    Row("dashboard:quarter_report", "GET", "rctaeu", "x", {"number": "quarter_report", "kind": "=pdf"}),
    Row("accounts:sign_in", "GET POST", PUBLIC),
    Row("accounts:sign_out", "POST", PUBLIC),
    Row("accounts:switch_role", "POST", "o", NO_DRAFT + "h", body={"membership": "membership"}),
    Row("accounts:password_change", "GET POST", "n" + EVERYBODY),
    Row("accounts:invitation", "GET POST", PUBLIC, arguments={"token": "invitation"}),
    Row("accounts:theme", "POST", PUBLIC),
    Row("accounts:language", "GET POST", PUBLIC),
    Row("accounts:accessibility", "GET", PUBLIC),
    Row("accounts:style", "GET", PUBLIC),
    Row("notifications:list", "GET", EVERYBODY),
    Row("notifications:mark_read", "POST", EVERYBODY),
    Row("notifications:calendar", "GET", EVERYBODY),
    Row("notifications:renew_calendar", "POST", EVERYBODY),
    Row("notifications:revoke_calendar", "POST", EVERYBODY),
    Row("notifications:calendar_feed", "GET", PUBLIC, arguments={"token": "calendar"}),
]
ADMINISTRATION = [
    *rows(
        "accounts:",
        ("administration", "GET", "my"),
        ("people", "GET", "my"),
        ("invite", "GET POST", "my"),
        ("organizations", "GET", "my"),
        ("create_organization", "GET POST", "my"),
        ("policy", "GET POST", "my"),
        ("holidays", "GET POST", "my"),
        ("tokens", "GET", "my"),
        ("create_token", "GET POST", "my"),
    ),
    *rows(
        "accounts:",
        ("person", "GET", "m"),
        ("edit_person", "GET POST", "m"),
        ("grant", "GET POST", "m"),
        ("renew_invitation", "GET POST", "m"),
        ("deactivate_person", "GET POST", "m"),
        hidden="y",
        pk="person",
    ),
    *rows("accounts:", ("end_membership", "GET POST", "m"), hidden="y", pk="person", membership="membership"),
    *rows(
        "accounts:",
        ("edit_organization", "GET POST", "m"),
        ("deactivate_organization", "GET POST", "m"),
        hidden="y",
        code="office",
    ),
    *rows("accounts:", ("holiday_year", "GET POST", "my"), year="year"),
    *rows("accounts:", ("revoke_token", "GET POST", "m"), hidden="y", pk="token"),
    *rows("inventory:", ("attributes", "GET", "my"), ("add_attribute", "GET POST", "my")),
    *rows(
        "inventory:",
        ("edit_attribute", "GET POST", "m"),
        ("end_attribute", "GET POST", "m"),
        ("restore_attribute", "GET POST", "m"),
        hidden="y",
        key="attribute",
    ),
    *rows("notifications:", ("dead", "GET", "my")),
    *rows("notifications:", ("requeue", "POST", "m"), hidden="y", pk="mail"),
]
REGISTER = [
    *rows(
        "inventory:",
        ("list", "GET", EVERYBODY),
        ("start", "GET POST", "osrx"),
        ("similar", "GET", EVERYBODY),
        ("imports", "GET POST", "osrx"),
        ("import_template", "GET", "osrx"),
    ),
    *rows("inventory:", ("export", "GET", EVERYBODY), form="=csv"),
    *rows("inventory:", ("saved_views", "GET", EVERYBODY), ("save_view", "GET POST", EVERYBODY)),
    *rows("inventory:", ("edit_together", "GET POST", "osrx")),
    *rows(
        "inventory:",
        ("open_view", "GET", HOME),
        ("edit_view", "GET POST", "r"),
        ("drop_view", "GET POST", "r"),
        hidden=ABROAD,
        slug="shared_view",
    ),
    *rows(
        "inventory:",
        ("open_view", "GET", "o"),
        ("edit_view", "GET POST", "o"),
        ("drop_view", "GET POST", "o"),
        hidden="hsrctaeumxy",
        slug="own_view",
    ),
    *rows(
        "inventory:",
        ("detail", "GET", SEES_RECORD),
        ("architecture", "GET", SEES_RECORD),
        ("history", "GET", SEES_RECORD),
        ("completeness", "GET", SEES_RECORD),
        ("edit", "GET POST", "or"),
        ("attest", "GET POST", "oh"),
        ("confirm_facts", "GET POST", "r"),
        ("merge", "GET POST", "r"),
        ("suspend", "GET POST", "r"),
        hidden=NO_RECORD,
        key="registered",
    ),
    *rows("inventory:", ("undo", "GET POST", "or"), hidden=NO_RECORD, key="changed", pk="change"),
    *rows(
        "inventory:",
        ("detail", "GET", SEES_RECORD),
        ("examine", "GET POST", "r"),
        ("submit", "GET POST", "or"),
        ("withdraw", "GET POST", "o"),
        hidden=NO_RECORD,
        key="submitted",
    ),
    *rows(
        "inventory:",
        ("detail", "GET", "oh"),
        ("edit", "GET POST", "o"),
        ("submit", "GET POST", "o"),
        ("delete", "GET POST", "o"),
        hidden=NO_DRAFT,
        key="draft",
    ),
    *rows("inventory:", ("fill", "GET POST", "o"), hidden=NO_DRAFT, key="draft", step="=1"),
    *rows("inventory:", ("fill", "GET POST", "or"), hidden=NO_RECORD, key="submitted", step="=1"),
    *rows(
        "inventory:",
        ("import_job", "GET", "r"),
        ("import_commit", "POST", "r"),
        ("import_drop", "POST", "r"),
        ("import_refused", "GET", "r"),
        hidden=NO_JOB,
        pk="job",
    ),
    *rows("catalogue:", ("list", "GET", PUBLIC)),
    *rows("catalogue:", ("detail", "GET", PUBLIC), code="registered"),
]
QUARTER = [
    *rows("monitoring:", ("board", "GET", EVERYBODY), ("findings", "GET", EVERYBODY)),
    *rows("monitoring:", ("thresholds", "GET", "rctaeumxy"), ("thresholds", "POST", "rx")),
    *rows(
        "monitoring:",
        ("grid", "GET POST", "ohs"),
        ("endorse", "GET POST", "h"),
        ("review", "GET POST", "r"),
        ("extend", "GET POST", "r"),
        ("chase", "GET", "raeu"),
        ("coverage_csv", "GET", HOME),
        ("coverage_xlsx", "GET", HOME),
        hidden=ABROAD,
        code="period",
    ),
    *rows("monitoring:", ("remind", "POST", "r"), hidden=ABROAD, code="period", office="office"),
    *rows(
        "monitoring:",
        ("confirm_batch", "POST", "r"),
        ("discard_batch", "POST", "r"),
        hidden=NO_BATCH,
        pk="batch",
    ),
    *rows(
        "monitoring:",
        ("enter_report_for", "GET POST", "r"),
        ("files", "GET", SEES_RECORD),
        ("files", "POST", "oh"),
        hidden=NO_RECORD,
        code="period",
        key="registered",
    ),
    *rows("monitoring:", ("file", "GET", SEES_RECORD), hidden=NO_RECORD, code="period", key="registered", pk="file"),
    *rows("monitoring:", ("explanations", "GET", EVERYBODY)),
    *rows(
        "monitoring:",
        ("explanation", "GET", SEES_RECORD),
        ("explanation", "POST", "oh"),
        hidden=NO_RECORD,
        code="explanation",
    ),
    *rows("monitoring:", ("explanation_document", "GET", SEES_RECORD), hidden=NO_RECORD, code="explained"),
    *rows("monitoring:", ("finding", "GET", SEES_RECORD), ("finding", "POST", "r"), hidden=NO_RECORD, code="finding"),
    *rows(
        "monitoring:",
        ("application", "GET", SEES_RECORD),
        ("counters", "GET", SEES_RECORD),
        ("counters", "POST", "or"),
        ("counters_upload", "POST", "or"),
        hidden=NO_RECORD,
        key="registered",
    ),
    *rows(
        "monitoring:",
        ("counters_snippet", "GET", SEES_RECORD),
        hidden=NO_RECORD,
        key="registered",
        name="=kirim_pencacah.py",
    ),
]
CASES = [
    *rows(
        "deactivation:",
        ("case_list", "GET", EVERYBODY),
        ("nominate", "GET POST", "ohsrx"),
        ("letter_list", "GET", EVERYBODY),
        ("send_letter", "GET POST", "rx"),
        ("session_list", "GET", EVERYBODY),
        ("schedule_session", "GET POST", "rx"),
        ("decision_list", "GET", EVERYBODY),
        ("decide", "GET POST", "a"),
    ),
    *rows(
        "deactivation:",
        ("case_detail", "GET", SEES_CASE),
        ("checklist", "GET", SEES_CASE),
        ("sign_request", "POST", "h"),
        ("raise_objection", "POST", "hr"),
        ("close_case", "POST", "r"),
        ("name_caretaker", "POST", "r"),
        ("withdraw", "POST", "r"),
        ("decide_case", "POST", "a"),
        ("uphold_objection", "POST", "a"),
        ("dismiss_objection", "POST", "a"),
        ("annul", "POST", "a"),
        hidden=NO_CASE,
        code="case",
    ),
    *rows(
        "deactivation:",
        ("case_detail", "GET", SEES_LETTER),
        ("withdraw", "POST", "r"),
        hidden=NO_LETTER,
        code="waiting",
    ),
    *rows(
        "deactivation:",
        ("complete_item", "POST", "oh"),
        ("verify_item", "POST", "r"),
        ("return_item", "POST", "r"),
        ("item_evidence", "GET", SEES_CASE),
        hidden=NO_CASE,
        code="case",
        pk="item",
    ),
    *rows("deactivation:", ("complete_item", "POST", "t"), hidden=NO_CASE, code="case", pk="bkad_item"),
    *rows("deactivation:", ("verify_saving", "POST", "t"), hidden=NO_CASE, code="decided", pk="saving"),
    *rows("deactivation:", ("settle_condition", "POST", "r"), hidden=NO_CASE, code="optimised", pk="condition"),
    *rows("deactivation:", ("termination_document", "GET", SEES_CASE), hidden=NO_CASE, code="closed"),
    *rows("deactivation:", ("case_document", "GET", SEES_CASE), hidden=NO_CASE, code="decided", pk="document"),
    *rows("deactivation:", ("application_cases", "GET", SEES_RECORD), hidden=NO_RECORD, code="registered"),
    *rows(
        "deactivation:",
        ("letter_detail", "GET", SEES_LETTER),
        ("letter_document", "GET", SEES_LETTER),
        ("answer", "GET POST", "hr"),
        ("record_delivery", "POST", "r"),
        ("extend_deadline", "POST", "r"),
        hidden=NO_LETTER,
        code="letter",
    ),
    *rows("deactivation:", ("delivery_evidence", "GET", SEES_LETTER), hidden=NO_LETTER, code="received_letter"),
    *rows(
        "deactivation:",
        ("session_detail", "GET", SEES_CASE),
        ("room", "GET", SEES_CASE),
        ("room_live", "GET", SEES_CASE),
        ("start_session", "POST", "r"),
        ("add_to_agenda", "POST", "r"),
        ("record_attendance", "POST", "r"),
        ("invite", "POST", "r"),
        ("issue_minutes", "POST", "r"),
        ("amend_minutes", "POST", "r"),
        ("cancel_session", "POST", "r"),
        hidden=NO_CASE,
        code="session",
    ),
    *rows("deactivation:", ("minutes_document", "GET", SEES_CASE), hidden=NO_CASE, code="minuted", pk="minutes"),
    *rows(
        "deactivation:",
        ("give_opinion", "POST", "ct"),
        ("recommend", "POST", "r"),
        ("postpone", "POST", "r"),
        hidden=NO_CASE,
        code="session",
        case_code="case",
    ),
    *rows(
        "deactivation:",
        ("decision_detail", "GET", SEES_CASE),
        ("decision_document", "GET", SEES_CASE),
        hidden=NO_CASE,
        code="decision",
    ),
    *rows("deactivation:", ("verify_document", "GET POST", PUBLIC), address="paper"),
]
API_REGISTER = [
    *rows("api-saved-view-", ("list", "GET POST", EVERYBODY)),
    *rows(
        "api-saved-view-", ("detail", "GET", HOME), ("detail", "PATCH DELETE", "r"), hidden=ABROAD, slug="shared_view"
    ),
    *rows("api-application-", ("edit-together", "POST", "osrx")),
    *rows(
        "api-",
        ("schema", "GET", PUBLIC),
        ("docs", "GET", PUBLIC),
        ("export-csv", "GET", PUBLIC),
        ("export-xlsx", "GET", PUBLIC),
        ("export-json", "GET", PUBLIC),
        ("export-ndjson", "GET", PUBLIC),
        ("organizations", "GET", PUBLIC),
        ("application-list", "GET", PUBLIC),
        ("application-list", "POST", "osrx"),
        ("application-similar", "GET", EVERYBODY),
    ),
    *rows("api-", ("organization", "GET", "-n" + HOME), hidden=ABROAD, code="office"),
    *rows(
        "api-application-",
        ("detail", "GET", "-n" + SEES_RECORD),
        ("detail", "PATCH DELETE", "or"),
        ("history", "GET", SEES_RECORD),
        ("undo", "POST", "or"),
        ("attest", "POST", "oh"),
        ("confirm-facts", "POST", "r"),
        ("grant-suspension", "POST", "r"),
        ("merge", "POST", "r"),
        hidden=NO_RECORD,
        key="registered",
    ),
    *rows(
        "api-application-",
        ("submit", "POST", "or"),
        ("register", "POST", "r"),
        ("refuse", "POST", "r"),
        ("return-submission", "POST", "r"),
        ("withdraw", "POST", "o"),
        hidden=NO_RECORD,
        key="submitted",
    ),
    *rows("api-application-", ("detail", "PATCH DELETE", "o"), ("submit", "POST", "o"), hidden=NO_DRAFT, key="draft"),
]
API_QUARTER = [
    *rows(
        "api-",
        ("period-list", "GET", EVERYBODY),
        ("assessment-list", "GET", EVERYBODY),
        ("finding-list", "GET", EVERYBODY),
        ("report-list", "GET", EVERYBODY),
        ("usage-day-list", "GET", EVERYBODY),
        ("usage-total-list", "GET", EVERYBODY),
        ("usage-token-list", "GET", EVERYBODY),
        ("usage-token-list", "POST", "osrx"),
        ("probe-list", "GET", EVERYBODY),
        ("probe-total-list", "GET", EVERYBODY),
    ),
    *rows("api-", ("usage-day-detail", "GET", SEES_RECORD), hidden=NO_RECORD, pk="usage_day"),
    *rows("api-", ("usage-total-detail", "GET", SEES_RECORD), hidden=NO_RECORD, pk="usage_total"),
    *rows("api-", ("probe-detail", "GET", SEES_RECORD), hidden=NO_RECORD, pk="probe"),
    *rows("api-", ("probe-total-detail", "GET", SEES_RECORD), hidden=NO_RECORD, pk="probe_total"),
    *rows(
        "api-usage-token-",
        ("detail", "GET", SEES_RECORD),
        ("revoke", "POST", "or"),
        hidden=NO_RECORD,
        pk="usage_token",
    ),
    *rows(
        "api-period-",
        ("detail", "GET", HOME),
        ("endorse", "POST", "h"),
        ("extend-closing", "POST", "r"),
        ("remind", "POST", "r"),
        ("submit-reports", "POST", "ohs"),
        hidden=ABROAD,
        code="period",
    ),
    *rows(
        "api-",
        ("thresholds", "GET", "rctaeumxy"),
        ("thresholds", "POST", "rx"),
        ("thresholds-what-if", "GET", "rctaeumxy"),
    ),
    *rows("api-quarter-report-", ("list", "GET", EVERYBODY)),
    *rows("api-quarter-report-", ("detail", "GET", "rctaeu"), hidden="ohsmxy", number="quarter_report"),
    *rows("api-", ("assessment-detail", "GET", SEES_RECORD), hidden=NO_RECORD, pk="assessment"),
    *rows(
        "api-finding-",
        ("detail", "GET", SEES_RECORD),
        ("dismiss", "POST", "r"),
        ("ask", "POST", "r"),
        hidden=NO_RECORD,
        code="finding",
    ),
    *rows("api-", ("explanation-list", "GET", EVERYBODY), ("reminder-batch-list", "GET", EVERYBODY)),
    *rows(
        "api-explanation-",
        ("detail", "GET", SEES_RECORD),
        ("explain", "POST", "oh"),
        hidden=NO_RECORD,
        code="explanation",
    ),
    *rows(
        "api-reminder-batch-",
        ("detail", "GET", "rctaeum"),
        ("confirm", "POST", "r"),
        ("discard", "POST", "r"),
        hidden=NO_BATCH,
        pk="batch",
    ),
    *rows(
        "api-report-",
        ("detail", "GET", SEES_RECORD),
        ("save", "POST", "oh"),
        ("reopen", "POST", "oh"),
        ("attach", "POST", "oh"),
        ("enter-for", "POST", "r"),
        ("ask", "POST", "r"),
        ("accept", "POST", "r"),
        ("return", "POST", "r"),
        hidden=NO_RECORD,
        application="registered",
        quarter="period",
    ),
]
API_CASES = [
    *rows(
        "api-",
        ("case-list", "GET", EVERYBODY),
        ("case-list", "POST", "ohsrx"),
        ("letter-list", "GET", EVERYBODY),
        ("letter-list", "POST", "rx"),
        ("desk-session-list", "GET", EVERYBODY),
        ("desk-session-list", "POST", "rx"),
        ("decision-list", "GET", EVERYBODY),
        ("decision-list", "POST", "a"),
    ),
    *rows(
        "api-case-",
        ("detail", "GET", SEES_CASE),
        ("sign-request", "POST", "h"),
        ("answer", "POST", "hr"),
        ("raise-objection", "POST", "hr"),
        ("give-opinion", "POST", "ct"),
        ("close", "POST", "r"),
        ("name-caretaker", "POST", "r"),
        ("postpone", "POST", "r"),
        ("recommend", "POST", "r"),
        ("withdraw", "POST", "r"),
        ("annul", "POST", "a"),
        ("send-back", "POST", "a"),
        ("uphold-objection", "POST", "a"),
        ("dismiss-objection", "POST", "a"),
        hidden=NO_CASE,
        code="case",
    ),
    *rows(
        "api-case-",
        ("complete-item", "POST", "oh"),
        ("verify-item", "POST", "r"),
        ("return-item", "POST", "r"),
        hidden=NO_CASE,
        code="case",
        item="item",
    ),
    *rows("api-case-", ("complete-item", "POST", "t"), hidden=NO_CASE, code="case", item="bkad_item"),
    *rows("api-case-", ("settle-condition", "POST", "r"), hidden=NO_CASE, code="optimised", condition="condition"),
    *rows("api-case-", ("verify-saving", "POST", "t"), hidden=NO_CASE, code="decided", saving="saving"),
    *rows(
        "api-letter-",
        ("detail", "GET", SEES_LETTER),
        ("open", "POST", "oh"),
        ("record-delivery", "POST", "r"),
        ("extend-deadline", "POST", "r"),
        hidden=NO_LETTER,
        code="letter",
    ),
    *rows(
        "api-desk-session-",
        ("detail", "GET", SEES_CASE),
        ("start", "POST", "r"),
        ("cancel", "POST", "r"),
        ("add-to-agenda", "POST", "r"),
        ("invite", "POST", "r"),
        ("record-attendance", "POST", "r"),
        ("issue-minutes", "POST", "r"),
        ("amend-minutes", "POST", "r"),
        hidden=NO_CASE,
        code="session",
    ),
    *rows("api-", ("decision-detail", "GET", SEES_CASE), hidden=NO_CASE, code="decision"),
]
TABLE = [*SIGNING_IN, *ADMINISTRATION, *REGISTER, *QUARTER, *CASES, *API_REGISTER, *API_QUARTER, *API_CASES]
# Asked with the key of one application, which no person's session has; see test_keys.py.
BY_KEY = {"api-usage": "POST"}
