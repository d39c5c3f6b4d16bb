"""What SQL as the application's own role cannot change, also with the trigger library's session variables."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from apps.deactivation import services
from apps.deactivation.models import Case, DecisionItem
from tests import factories
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db
IGNORE_ALL = "SET LOCAL pgtrigger.ignore = '{*}'"
# What the libraries of triggers and history read from the session.
VARIABLES = {
    "plain": (),
    "pgtrigger.ignore": (IGNORE_ALL,),
    "ignore by name": ("SET LOCAL pgtrigger.ignore = '{deactivation_case:deactivation_guard_case,core_no_change}'",),
    "pghistory context": (
        IGNORE_ALL,
        "SET LOCAL pghistory.context_id = '00000000-0000-0000-0000-000000000000'",
        "SET LOCAL pghistory.context_metadata = '{}'",
    ),
}

DECIDED = [
    "UPDATE deactivation_case SET outcome = 'retain' WHERE id = %s",
    "UPDATE deactivation_case SET decree_number = 'lain' WHERE id = %s",
    "UPDATE deactivation_case SET decided_on = '2020-01-01' WHERE id = %s",
    "UPDATE deactivation_case SET effective_on = effective_on - 5 WHERE id = %s",
    "UPDATE deactivation_case SET decision_id = NULL WHERE id = %s",
    "UPDATE deactivation_case SET status = 'recommended' WHERE id = %s",
    "UPDATE deactivation_case SET status = 'nominated' WHERE id = %s",
    "UPDATE deactivation_case SET application_id = application_id + 1 WHERE id = %s",
    "UPDATE deactivation_case SET nominated_at = nominated_at - interval '1 day' WHERE id = %s",
    "DELETE FROM deactivation_case WHERE id = %s",
    "UPDATE deactivation_decisionitem SET outcome = 'retain' WHERE case_id = %s",
    "DELETE FROM deactivation_decisionitem WHERE case_id = %s",
    "UPDATE deactivation_decision SET decree_number = 'x' WHERE id = "
    "(SELECT decision_id FROM deactivation_case WHERE id = %s)",
    "UPDATE deactivation_caseact SET person_id = 0 WHERE case_id = %s",
    "DELETE FROM deactivation_caseact WHERE case_id = %s",
    "UPDATE deactivation_recommendation SET outcome = 'retain' WHERE case_id = %s",
    "UPDATE deactivation_opinion SET stance = 'disagree', text = 'x' WHERE case_id = %s",
    "UPDATE deactivation_lettercase SET answer = 'objected', reason = 'x' WHERE case_id = %s",
    "UPDATE deactivation_letter SET note = 'x' WHERE id = "
    "(SELECT letter_id FROM deactivation_lettercase WHERE case_id = %s)",
    "UPDATE deactivation_agendaitem SET in_absentia = NOT in_absentia WHERE case_id = %s",
    "UPDATE deactivation_agendaitem SET result = 'pending' WHERE case_id = %s",
    "DELETE FROM deactivation_agendaitem WHERE case_id = %s",
    "UPDATE deactivation_attendance SET name = 'x' WHERE session_id IN "
    "(SELECT session_id FROM deactivation_agendaitem WHERE case_id = %s)",
    "DELETE FROM deactivation_attendance WHERE session_id IN "
    "(SELECT session_id FROM deactivation_agendaitem WHERE case_id = %s)",
    "UPDATE deactivation_invitation SET reference = 'x' WHERE %s > 0",
    "UPDATE deactivation_minutes SET text = 'x' WHERE %s > 0",
    "DELETE FROM deactivation_minutes WHERE %s > 0",
    "UPDATE deactivation_signedcopy SET sha256 = 'x' WHERE %s > 0",
    "UPDATE deactivation_annulment SET reason = 'x' WHERE %s > 0",
    "UPDATE deactivation_saving SET planned_yearly = 0 WHERE case_id = %s",
    "DELETE FROM deactivation_saving WHERE case_id = %s",
    "UPDATE deactivation_realised SET amount = 0 WHERE %s > 0",
    "UPDATE deactivation_caseevent SET outcome = 'retain' WHERE pgh_obj_id = %s",
    "DELETE FROM documents_document WHERE %s > 0",
    "UPDATE deactivation_issueddocument SET sha256 = 'x' WHERE %s > 0",
    "TRUNCATE deactivation_caseact /* %s */",
    "SET LOCAL session_replication_role = replica /* %s */",
]


def _refused(statement, pk, variables=()):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {factories.APPLICATION_ROLE}")
            for variable in variables:
                cursor.execute(variable)
            cursor.execute(statement, [pk])
    except DatabaseError as refusal:
        return (
            "permission denied" in str(refusal) or "refused" in str(refusal) or "cannot" in str(refusal) or str(refusal)
        )
    return False


@pytest.mark.parametrize("variables", VARIABLES.values(), ids=VARIABLES)
def test_nothing_of_a_decided_case_changes_by_sql(variables):
    cast = made.make_cast()
    case = made.make_case(at="recommended", cast=cast)
    case = made.decide(case, cast, planned_saving=Decimal(1_000_000))
    passed = [statement for statement in DECIDED if not _refused(statement, case.pk, variables)]
    assert passed == []


@pytest.mark.parametrize("at", ["closed", "withdrawn", "annulled"])
def test_an_ended_case_does_not_change_at_all(at):
    case = made.make_case(at=at)
    assert _refused("UPDATE deactivation_case SET end_reason = 'lain' WHERE id = %s", case.pk)


def test_control_without_the_guard_the_same_statement_goes_through():
    case = made.make_case(at="decided")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for guard in ("deactivation_guard_case", "deactivation_keep_waiting"):
            cursor.execute(f"ALTER TABLE deactivation_case DISABLE TRIGGER {guard}")
    assert not _refused(DECIDED[0], case.pk)
    assert Case.objects.get(pk=case.pk).outcome == "retain"
    assert DecisionItem.objects.get(case=case).outcome == "deactivate"


def test_a_verified_step_and_minuted_session_stay():
    case = made.make_case(at="executed")
    assert _refused(
        "UPDATE deactivation_checklistitem SET note = 'x' WHERE case_id = %s AND status = 'verified'", case.pk
    )


def test_what_is_settled_stays():
    """A late answer beside the deemed one, a condition that was met, a dataset that was verified."""
    cast = made.make_cast()
    letters = made.make_case(at="awaiting_answer", cast=cast)
    due = made.letter_of(letters).due_on
    made.travel_to_day(due + timedelta(days=3))
    services.deem_agreed(made.letter_of(letters).pk, by=cast.system)
    letters.refresh_from_db()
    services.answer(letters.pk, by=cast.head, version=letters.version, reply="objected", reason="Masih dipakai")
    terms = [{"text": "Pasang pencacah", "due_on": due + timedelta(days=90)}]
    optimised = made.make_case(at="decided", cast=cast, outcome="optimise", conditions=terms)
    condition = optimised.conditions.get()
    services.settle_condition(condition.pk, by=cast.reviewer, version=condition.version, status="met", text="Terpasang")
    executing = made.make_case(at="executing", cast=cast)
    dataset = services.list_dataset(
        executing.pk,
        by=cast.operator,
        version=executing.version,
        name="Arsip",
        fate="migrate",
        destination="Arsip daerah",
    )
    done = services.settle_dataset(
        dataset.pk, by=cast.operator, version=dataset.version, evidence=made.make_evidence(cast.operator)
    )
    services.verify_dataset(done.pk, by=cast.reviewer, version=done.version)
    for statement, key in (
        ("UPDATE deactivation_lettercase SET late_answer = 'agreed' WHERE case_id = %s", letters.pk),
        ("UPDATE deactivation_lettercase SET late_reason = 'x' WHERE case_id = %s", letters.pk),
        ("UPDATE deactivation_condition SET note = 'x' WHERE id = %s", condition.pk),
        ("DELETE FROM deactivation_condition WHERE id = %s", condition.pk),
        ("UPDATE deactivation_dataset SET fate = 'destroy' WHERE id = %s", dataset.pk),
        ("DELETE FROM deactivation_dataset WHERE id = %s", dataset.pk),
    ):
        for variables in VARIABLES.values():
            assert _refused(statement, key, variables), (statement, variables)


def test_control_without_its_guard_the_desk_of_a_decided_case_changes():
    case = made.make_case(at="decided")
    statement = "UPDATE deactivation_agendaitem SET in_absentia = NOT in_absentia WHERE case_id = %s"
    assert _refused(statement, case.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE deactivation_agendaitem DISABLE TRIGGER deactivation_guard_agenda")
    assert not _refused(statement, case.pk)
    assert case.agenda_items.get().in_absentia


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE deactivation_case SET status = 'decided' WHERE id = %s", "case_decided_has_decree_and_date"),
        ("UPDATE deactivation_case SET target_id = application_id WHERE id = %s", "case_target_is_another"),
        ("UPDATE deactivation_case SET outcome = 'replace' WHERE id = %s", "case_outcome_names_target"),
    ],
)
def test_named_constraints(statement, name):
    case = made.make_case(at="recommended")
    assert name in str(_message(statement, case.pk))


def _message(statement, pk):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [pk])
    except DatabaseError as refusal:
        return refusal
    return ""
