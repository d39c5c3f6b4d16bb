"""Every situation × act × role of what hangs on a case: steps, data, conditions, savings, sessions, papers."""

import pytest
from django.db import transaction

from apps.deactivation import services
from tests.deactivation import doing, doing_parts, oracle_parts
from tests.deactivation.test_cells import Undo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stands(once):
    return once(doing_parts.make_situations)


@pytest.mark.parametrize("situation", oracle_parts.SITUATIONS)
def test_every_act_of_every_role_upon(situation, stands, own):
    rows, people = own(stands)
    acts, goes_through = oracle_parts.SITUATIONS[situation]
    row = rows[situation]
    stood = doing_parts.status_of(row)
    wrong = []
    for act in acts:
        for role in oracle_parts.PART_ROLES:
            wanted = oracle_parts.expected(situation, act, role)
            leads = goes_through[act] if wanted == "ok" else stood
            found = _try(act, row, people[role])
            if found != (wanted, leads):
                wrong.append((act, role, found, (wanted, leads)))
    assert wrong == []


def _try(act, row, by):
    try:
        with transaction.atomic():
            answer = doing_parts.attempt(act, row, by)
            left = doing_parts.status_of(row)
            raise Undo
    except Undo:
        row.refresh_from_db()
        return answer, left


def test_every_verb_of_a_case_is_in_a_table_or_of_the_clock():
    """What the tables of cells leave out: what the clock alone does, and what is no act upon a case that stands."""
    of_the_clock = {"deem_agreed", "restart_letter", "follow_owner", "chase_condition"}
    elsewhere = {"nominate", "schedule_session", "open_letter", "take_evidence_pack", "save_template",
                 "load_checklist_templates"}  # fmt: skip
    named = {"meet_condition": "settle_condition", "drop_condition": "settle_condition"}
    in_tables = {named.get(act, act) for act in (*doing.ACTS, *oracle_parts.MAY)}
    assert set(services.__all__) - {"Choice"} == in_tables | of_the_clock | elsewhere
