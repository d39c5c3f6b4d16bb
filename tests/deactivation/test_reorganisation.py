"""Cases of offices that change: letters start anew for the new owner alone, open steps are handed on, done ones stay."""

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import Event
from apps.core import clock
from apps.deactivation import services, tasks
from apps.deactivation.models import Case, Letter, LetterCase, Phase
from apps.inventory import services as inventory
from tests import factories
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return made.make_cast()


def split(cast, application, heir):
    administrator = factories.make_actor("administrator", cast.government)
    row = inventory.plan_reorganization(
        by=administrator, office=cast.owner, kind="split", decree="Perwali 12/2026",
        effective_on=clock.today(cast.government.zone), placements=[("application", application.pk, heir)],
    )  # fmt: skip
    inventory.execute_reorganization(row.code, by=administrator, version=row.version)


def test_of_a_letter_about_two_cases_only_the_one_that_moved_starts_anew(cast):
    heir = factories.make_agency(cast.government, "Dinas Penerus")
    applications = [made.make_registered(cast.owner) for _ in range(2)]
    cases = [services.nominate(row.pk, by=cast.reviewer, ground="need_ended", reason="Usang") for row in applications]
    former = services.send_letter([case.pk for case in cases], by=cast.reviewer)
    split(cast, applications[0], heir)
    for _tick in range(2):
        tasks.deem_silent_letters()
    fresh = Letter.objects.exclude(pk=former.pk).get()
    assert (fresh.addressee, fresh.replaces, former.addressee_name) == (heir, former, cast.owner.name)
    assert [item.case for item in fresh.items.all()] == [cases[0]]
    assert LetterCase.objects.get(letter=former, is_superseded=False).case == cases[1]
    assert Case.objects.get(pk=cases[0].pk).status == "awaiting_answer"


def test_open_steps_are_handed_to_the_new_owner_and_verified_ones_stay(cast):
    heir = factories.make_agency(cast.government, "Dinas Penerus")
    case = made.make_case("executing", cast=cast)
    item = case.checklist.filter(phase=Phase.BEFORE, responsible=cast.owner).first()
    item = services.complete_item(
        item.pk, by=cast.operator, version=item.version, evidence=made.make_evidence(cast.operator)
    )
    services.verify_item(item.pk, by=cast.second_reviewer, version=item.version)
    others = set(case.checklist.exclude(responsible=cast.owner).values_list("pk", "responsible"))
    split(cast, case.application, heir)
    for _tick in range(2):
        tasks.follow_owners()
    left = case.checklist.exclude(pk=item.pk).exclude(pk__in=[pk for pk, _office in others])
    assert set(left.values_list("responsible", flat=True)) == {heir.pk}
    assert case.checklist.get(pk=item.pk).responsible == cast.owner
    assert others <= set(case.checklist.values_list("pk", "responsible"))
    told = Event.objects.get(verb="case.steps_handed_on")
    assert told.organization_id == heir.pk and len(told.details["items"]) == left.count()


def test_only_the_clock_hands_steps_on(cast):
    case = made.make_case("nominated", cast=cast)
    with pytest.raises(PermissionDenied):
        services.follow_owner(case.pk, by=cast.reviewer)
