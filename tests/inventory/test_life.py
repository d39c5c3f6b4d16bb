"""The end of an application's life: which state each act starts from, and what holds it back."""

import pytest

from apps.core.errors import RuleViolation
from apps.inventory import services
from tests.inventory.doing import fresh, last_event

pytestmark = pytest.mark.django_db
STATES = ("draft", "submitted", "returned", "withdrawn", "refused", "registered", "retiring", "retired")
ACTS = {
    "begin_retiring": ({"registered"}, "application.retiring", "retiring"),
    "cancel_retiring": ({"retiring"}, "application.retiring_cancelled", "registered"),
    "retire": ({"retiring"}, "application.retired", "retired"),
    "reactivate": ({"retired"}, "application.reactivated", "registered"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_in_each_state(office, act, state):
    starts, verb, after = ACTS[act]
    made = getattr(office, state)()
    before = fresh(made)
    if state in starts:
        getattr(services, act)(made.pk, by=office.reviewer, reason="KSS-2026-0001")
        assert (fresh(made).status, last_event(made).verb, last_event(made).reason) == (after, verb, "KSS-2026-0001")
        return
    with pytest.raises(RuleViolation):
        getattr(services, act)(made.pk, by=office.reviewer, reason="KSS-2026-0001")
    assert (fresh(made).status, fresh(made).version) == (before.status, before.version)


def test_a_code_comes_back_with_its_application(office):
    made = office.retired()
    assert services.reactivate(made.pk, by=office.reviewer, reason="KSS-2026-0002").code == made.code
    assert fresh(made).retired_at is None


def test_a_held_record_is_not_retired(office):
    made = office.retiring()
    services.place_hold(made.pk, by=office.reviewer, kind="migration", reason="Data belum dipindahkan")
    with pytest.raises(RuleViolation) as refused:
        services.retire(made.pk, by=office.reviewer, reason="KSS-2026-0001")
    assert refused.value.code == "held" and "Data belum dipindahkan" in refused.value.message
    services.release_hold(made.pk, by=office.reviewer, kind="migration")
    assert services.retire(made.pk, by=office.reviewer, reason="KSS-2026-0001").status == "retired"
