"""What SQL as the application's own role cannot change, also with the trigger library's session variables."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.deactivation.models import Case, DecisionItem
from tests import factories
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db
IGNORE_ALL = "SET LOCAL pgtrigger.ignore = '{*}'"

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


@pytest.mark.parametrize("variables", [(), (IGNORE_ALL,)], ids=["plain", "pgtrigger.ignore"])
def test_nothing_of_a_decided_case_changes_by_sql(variables):
    case = made.make_case(at="decided")
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
        cursor.execute("ALTER TABLE deactivation_case DISABLE TRIGGER deactivation_guard_case")
    assert not _refused(DECIDED[0], case.pk)
    assert Case.objects.get(pk=case.pk).outcome == "retain"
    assert DecisionItem.objects.get(case=case).outcome == "deactivate"


def test_a_verified_step_and_minuted_session_stay():
    case = made.make_case(at="executed")
    assert _refused(
        "UPDATE deactivation_checklistitem SET note = 'x' WHERE case_id = %s AND status = 'verified'", case.pk
    )


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
