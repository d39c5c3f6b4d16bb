"""The agenda built from filters, and what other screens are told of the outcome."""

import pytest

from apps.deactivation import services
from apps.deactivation.models import Case
from tests import factories_deactivation as made
from tests.deactivation.web import page, signed_in

pytestmark = pytest.mark.django_db


def test_the_agenda_is_built_from_filters():
    cast = made.make_cast()
    other = made.factories.make_agency(cast.government, "Dinas Lain")
    head = made.factories.make_actor("agency_head", cast.government, other)
    mine = made.make_case(at="answered", cast=cast)
    theirs = services.nominate(
        made.make_registered(other, "Layanan Lain").pk, by=head, ground="owner_request", reason="Usang"
    )
    session = made.make_session(cast, present=False)
    client, home = signed_in(cast.reviewer), session.get_absolute_url()

    def offered(**asked):
        answer = client.get(home, asked)
        assert answer.status_code == 200
        return {code for code in (mine.code, theirs.code) if f'value="{code}"' in answer.content.decode()}

    assert offered() == {mine.code, theirs.code}
    assert offered(owner=other.code) == {theirs.code}
    assert offered(ground="need_ended") == {mine.code}
    assert offered(answer="objected") == set()
    assert offered(q="layanan lain") == {theirs.code}
    assert offered(ground="nonsense") == {mine.code, theirs.code}
    version = type(session).objects.get(pk=session.pk).version
    typed = {"add_to_agenda-cases": [theirs.code], "version": version}
    assert client.post(f"/desk/{session.code}/agenda/", typed).status_code == 302
    assert Case.objects.get(pk=theirs.pk).status == "on_desk"


def test_other_screens_hear_the_outcome_and_the_postponement():
    cast = made.make_cast()
    case = made.make_case(at="on_desk", cast=cast)
    session = made.session_of(case)
    live = f"/desk/{session.code}/layar/kini/?kasus={case.code}&bagian=hasil"
    watching = signed_in(cast.planner)
    assert page(watching, live).strip() == ""
    services.recommend(
        case.pk, by=cast.reviewer, version=case.version, session_id=session.pk, outcome="deactivate", reason="Usang"
    )
    assert "Nonaktifkan" in page(watching, live) and "Usang" in page(watching, live)
    second = made.make_case(at="on_desk", cast=cast)
    again = made.session_of(second)
    services.postpone(second.pk, by=cast.reviewer, version=second.version, session_id=again.pk, reason="Menunggu data")
    told = page(watching, f"/desk/{again.code}/layar/kini/?kasus={second.code}&bagian=hasil")
    assert "Menunggu data" in told
