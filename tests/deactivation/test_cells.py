"""Every state × act × role against the hand-written table."""

import pytest
from django.db import transaction

from apps.deactivation.models import Case
from tests import factories_deactivation as made
from tests.deactivation import doing, oracle

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Rolls a cell back."""


@pytest.mark.parametrize("state", oracle.STATES)
def test_every_act_of_every_role_in(state):
    cast = made.make_cast()
    case = made.make_case(at=state, cast=cast)
    people, evidence = doing.people(cast), made.make_evidence(cast.system)
    wrong = []
    for act in oracle.ACTS:
        for role in oracle.ROLES:
            answer, left = _try(act, case.pk, people[role], evidence)
            wanted = oracle.expected(state, act, role)
            leads = oracle.ACTS[act][2] if wanted == "ok" else state
            if (answer, left) != (wanted, leads):
                wrong.append((act, role, answer, left, wanted, leads))
    assert wrong == []


def _try(act, pk, by, evidence):
    try:
        with transaction.atomic():
            answer = doing.attempt(act, Case.objects.get(pk=pk), by, evidence)
            left = Case.objects.get(pk=pk).status
            raise Undo
    except Undo:
        return answer, left


def test_the_table_names_every_state():
    assert set(oracle.STATES) == set(Case.Status.values)
