"""Every column of every table that hangs on a decided case, against a hand-written table of what SQL may still touch.

Each statement runs as the application's database role, once plainly and once with every session variable the trigger
and history libraries read. Each has its control: without the guards the same statement changes the row.
"""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests import factories
from tests.deactivation.decided_world import make_rows

pytestmark = pytest.mark.django_db
SESSIONS = {
    "plain": (),
    "all variables": (
        "SET LOCAL pgtrigger.ignore = '{*}'",
        "SET LOCAL pgtrigger.run = 'false'",
        "SET LOCAL pghistory.context_id = '00000000-0000-0000-0000-000000000000'",
        "SET LOCAL pghistory.context_metadata = '{}'",
    ),
}
PRIVILEGE = "42501"  # insufficient_privilege: what guards and missing privileges answer, and no constraint does

# Row: the columns that the acts still to come have to write. Everything else stays.
STEP = {"status", "responsible_id", "verified_by_id", "verified_by_name", "verified_at", "returned_reason", "version"}
DONE = {"note", "done_by_id", "done_by_name", "done_at"}
CHECKED = {"status", "note", "verified_by_id", "verified_by_name", "verified_at", "version"}
LATE = {"late_answer", "late_reason", "late_at", "late_by_name", "late_evidence_id"}
FREE = {
    "decided case": {"version"},
    "executing case": {"version", "blocked_by", "retired_at"},
    "executed case": {"version"},
    "closed case": set(),
    "annulled case": set(),
    "act": set(),
    "running condition": {"status", "note", "evidence_id", "chased_on", "version"},
    "met condition": set(),
    "letter still waiting": {"status", "version"},
    "settled letter": set(),
    "question answered in time": LATE,
    "question answered late": set(),
    "superseded question": set(),
    "session not minuted": {"status", "draft", "version"},
    "minuted session": set(),
    "agenda": set(),
    "invitation": set(),
    "attendance": set(),
    "opinion": set(),
    "recommendation": set(),
    "remark on the minutes": set(),
    "minutes": set(),
    "issued paper": set(),
    "signed copy": set(),
    "decision": set(),
    "decision on the case": set(),
    "raised objection": {"status", "answer", "answered_by_name", "version"},
    "answered objection": set(),
    "annulment": set(),
    "open step": STEP | DONE | {"evidence_id"},
    "done step": STEP,
    "verified step": set(),
    "planned dataset": CHECKED | DONE | {"certificate_id"},
    "settled dataset": CHECKED,
    "verified dataset": set(),
    "planned saving": {"verified_yearly", "verified_by_id", "verified_by_name", "verified_at", "is_void", "version"},
    "verified saving": {"is_void", "version"},
    "void saving": set(),
    "realised year": set(),
}
# A copy of the row beside it, with what would make it another: which of these SQL may not add to a decided case.
REFUSED_BESIDE = {
    "question answered late": {"letter_id": "NULL"},
    "agenda": {"session_id": "(SELECT max(id) FROM deactivation_desksession)"},
    "invitation": {},
    "attendance": {"identity": "'name:lain'"},
    "opinion": {},
    "recommendation": {},
    "remark on the minutes": {},
    "decision on the case": {"decision_id": "(SELECT min(id) FROM deactivation_decision)"},
    "answered objection": {},
    "annulment": {"case_id": "(SELECT min(id) FROM deactivation_case WHERE status = 'executing')"},
    "open step": {"case_id": "(SELECT min(id) FROM deactivation_case WHERE status = 'executed')", "key": "'lain'"},
    "verified dataset": {},
    "verified saving": {"contract": "'LAIN'"},
    "running condition": {"text": "'lain'"},
    "met condition": {"due_on": "due_on + 365"},
    "act": {"act": "'opinion'"},
}
# What stands beside a decided case without changing it: an amendment, another copy, a correction, a later act.
MAY_STAND_BESIDE = {"minutes", "issued paper", "signed copy", "realised year", "decision"}
REFERENCE = {"deactivation_checklisttemplate"}  # no case hangs on it: each case keeps its own steps

OTHER = {
    "character varying": "CASE WHEN {0} = 'x' THEN 'y' ELSE 'x' END",
    "text": "CASE WHEN {0} = 'x' THEN 'y' ELSE 'x' END",
    "boolean": "NOT coalesce({0}, false)",
    "date": "coalesce({0}, DATE '2020-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, TIMESTAMPTZ '2020-01-01') + interval '1 day'",
    "jsonb": "coalesce({0}, '{{}}') || '[{{\"x\": 1}}]'",
}
NUMBER = "coalesce({0}, 0) + 1"


@pytest.fixture(scope="module")
def stands(once):
    return once(make_rows)


@pytest.fixture
def rows(stands, own):
    return own(stands)


def columns_of(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table])
        return dict(cursor.fetchall())


def as_application(statement, variables=()):
    """How the application's role was answered: refused, constraint, or how many rows it changed; nothing remains."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {factories.APPLICATION_ROLE}")
            for variable in variables:
                cursor.execute(variable)
            cursor.execute(statement)
            changed = cursor.rowcount
            transaction.set_rollback(True)
            return changed
    except DatabaseError as refusal:
        return "refused" if refusal.__cause__.pgcode == PRIVILEGE else "constraint"


def changes(row):
    """One statement per column that gives it another value."""
    table = row._meta.db_table
    for column, kind in columns_of(table).items():
        other = OTHER.get(kind, NUMBER).format(column)
        yield column, f"UPDATE {table} SET {column} = {other} WHERE id = {row.pk}"


def copy_of(row, said):
    table = row._meta.db_table
    columns = [column for column in columns_of(table) if column != "id"]
    values = [said.get(column, column) for column in columns]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE id = {row.pk}"


def without_guards(rows):
    """Every guard of these tables off, and the privileges the role lacks given to it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in {row._meta.db_table for row in rows}:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"GRANT UPDATE, DELETE ON {table} TO {factories.APPLICATION_ROLE}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_table_names_every_table_of_the_app(rows):
    tables = {model._meta.db_table for model in apps.get_app_config("deactivation").get_models()}
    history = {model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert {row._meta.db_table for row in rows.values()} == tables - history - REFERENCE
    assert set(FREE) == set(rows)
    beside = {rows[name]._meta.db_table for name in MAY_STAND_BESIDE | set(REFUSED_BESIDE)}
    assert tables - history - REFERENCE - beside == {
        "deactivation_case", "deactivation_letter", "deactivation_desksession",
    }  # fmt: skip


@pytest.mark.parametrize("session", SESSIONS)
def test_sql_changes_only_the_columns_of_acts_still_to_come(rows, session):
    free = {
        name: {
            column for column, statement in changes(row) if as_application(statement, SESSIONS[session]) != "refused"
        }
        for name, row in rows.items()
    }
    assert {name: left for name, left in free.items() if left != FREE[name]} == {}


def test_control_without_the_guards_every_column_can_be_written(rows):
    without_guards(rows.values())
    for name, row in rows.items():
        answers = {column: as_application(statement) for column, statement in changes(row)}
        assert "refused" not in answers.values(), name
        kept = {column for column, answer in answers.items() if answer != 1}
        assert len(kept) < len(answers) / 2, (name, kept)


@pytest.mark.parametrize("session", SESSIONS)
def test_sql_deletes_none_of_it(rows, session):
    answers = {
        name: as_application(f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}", SESSIONS[session])
        for name, row in rows.items()
    }
    assert set(answers.values()) == {"refused"}, answers
    emptied = {
        name: as_application(f"TRUNCATE {row._meta.db_table} CASCADE", SESSIONS[session]) for name, row in rows.items()
    }
    assert set(emptied.values()) == {"refused"}, emptied


def test_control_without_the_guards_each_row_can_be_deleted(rows):
    without_guards(rows.values())
    answers = {
        name: as_application(f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}") for name, row in rows.items()
    }
    assert set(answers.values()) == {1}, answers


@pytest.mark.parametrize("session", SESSIONS)
def test_sql_adds_nothing_the_state_of_the_case_does_not_ask_for(rows, session):
    answers = {
        name: as_application(copy_of(rows[name], said), SESSIONS[session]) for name, said in REFUSED_BESIDE.items()
    }
    assert set(answers.values()) == {"refused"}, answers


def test_control_without_the_guards_each_row_can_be_added(rows):
    without_guards(rows[name] for name in REFUSED_BESIDE)
    answers = {name: as_application(copy_of(rows[name], said)) for name, said in REFUSED_BESIDE.items()}
    assert set(answers.values()) == {1}, answers


def test_the_role_cannot_put_its_session_past_the_guards():
    """Neither a replica's session, nor the owner's role, nor the guard itself is its to set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, pg_has_role(%s, current_user, 'member') FROM pg_roles WHERE rolname = %s",
            [factories.APPLICATION_ROLE] * 2,
        )
        assert cursor.fetchone() == (False, False, False)
    for statement in (
        "SET LOCAL session_replication_role = replica",
        "ALTER TABLE deactivation_case DISABLE TRIGGER deactivation_guard_case",
        "DROP FUNCTION deactivation_keep() CASCADE",
    ):
        assert as_application(statement) == "refused", statement
