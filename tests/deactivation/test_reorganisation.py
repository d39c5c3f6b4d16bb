"""Cases of offices that change: letters start anew for the new owner alone, open steps are handed on, done ones stay."""

import html
import re

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import Event
from apps.core import clock
from apps.deactivation import services, tasks
from apps.deactivation.models import Case, Letter, LetterCase, Phase
from apps.inventory import services as inventory
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import page, signed_in

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


def rename(cast, office, name):
    administrator = factories.make_actor("administrator", cast.government)
    row = inventory.plan_reorganization(
        by=administrator, office=office, kind="rename", new_name=name, decree="Perwali 13/2026",
        effective_on=clock.today(cast.government.zone),
    )  # fmt: skip
    inventory.execute_reorganization(row.code, by=administrator, version=row.version)


def shown(cast, url):
    return html.unescape(page(signed_in(cast.reviewer), url))


@pytest.fixture
def sitting(cast):
    """A case on the desk with an opinion of Bappeda."""
    case = made.make_case("on_desk", cast=cast)
    session = case.agenda_items.get().session
    services.give_opinion(case.pk, by=cast.planner, session_id=session.pk, stance="agree", text="Sesuai rencana")
    return case, session


def ended(case, session, cast):
    services.postpone(
        case.pk, session_id=session.pk, by=cast.reviewer, version=fresh(case).version, reason="Kurang data"
    )
    services.issue_minutes(session.pk, by=cast.reviewer, version=None)
    return fresh(case)


def fresh(case):
    return Case.objects.get(pk=case.pk)


PLANNING = "Badan Perencanaan Pembangunan Daerah"


def test_a_session_that_is_over_names_offices_as_it_did(cast, sitting):
    case, session = sitting
    case = ended(case, session, cast)
    old = cast.owner.name
    rename(cast, cast.owner, "Dinas Nama Baru")
    rename(cast, factories.office(cast.government, "planning_office"), "Badan Riset")
    room = f"/desk/{session.code}/layar/?kasus={case.code}"
    for url in (f"/desk/{session.code}/", room):
        text = shown(cast, url)
        assert old in text and PLANNING in text, url
        assert "Dinas Nama Baru" not in text and "Badan Riset" not in text, url


def test_a_session_that_goes_on_names_them_as_they_are_now(cast, sitting):
    case, session = sitting
    rename(cast, cast.owner, "Dinas Nama Baru")
    for url in (f"/desk/{session.code}/", f"/desk/{session.code}/layar/?kasus={case.code}"):
        assert "Dinas Nama Baru" in shown(cast, url), url


def test_a_session_that_is_over_keeps_the_owner_whose_application_went_elsewhere(cast, sitting):
    case, session = sitting
    case = ended(case, session, cast)
    split(cast, case.application, factories.make_agency(cast.government, "Dinas Penerus"))
    text = shown(cast, f"/desk/{session.code}/")
    agenda = text[text.index('id="agenda"') : text.index('id="hadir"')]
    assert cast.owner.name in agenda and "Dinas Penerus" not in agenda
    assert "Dinas Penerus" in shown(cast, case.get_absolute_url())


def test_an_opinion_and_an_ended_case_keep_the_names_of_their_day(cast, sitting):
    case, session = sitting
    case = ended(case, session, cast)
    services.withdraw(case.pk, by=cast.reviewer, version=case.version, reason="Masih dipakai")
    old = cast.owner.name
    rename(cast, cast.owner, "Dinas Nama Baru")
    rename(cast, factories.office(cast.government, "planning_office"), "Badan Riset")
    text = shown(cast, case.get_absolute_url())
    assert old in text and PLANNING in text and "Badan Riset" not in text
    rows = re.findall(r"<tr.*?</tr>", shown(cast, "/kasus/?status="), re.DOTALL)
    assert any(old in row for row in rows) and not any("Dinas Nama Baru" in row for row in rows)
