"""The Berita Acara as a draft that those at the table correct before it gets its number."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.deactivation import services
from apps.deactivation.models import DeskSession, MinutesRemark
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.test_guards import _refused
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(db):
    cast = made.make_cast()
    return cast, made.session_of(made.make_case(at="recommended", cast=cast))


def draft(cast, session, text="Disepakati dua hal.", by=None):
    version = DeskSession.objects.get(pk=session.pk).version
    return services.draft_minutes(session.pk, by=by or cast.reviewer, version=version, text=text)


def test_drafted_corrected_drafted_again_and_issued(sitting):
    cast, session = sitting
    draft(cast, session)
    for person in (cast.head, cast.planner, cast.approver):
        services.remark_on_minutes(session.pk, by=person, text="Tempatnya keliru")
    session = draft(cast, session, "Disepakati dua hal di Aula.")
    minutes = services.issue_minutes(session.pk, by=cast.reviewer, version=session.version, text=session.draft)
    assert minutes.text == "Disepakati dua hal di Aula."
    assert [row.organization_id for row in session.remarks.all()] == [
        cast.head.seat_id, cast.planner.seat_id, cast.approver.seat_id,
    ]  # fmt: skip
    verbs = Event.objects.filter(subject_type="deactivation.desksession", subject_id=session.pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True))[-6:] == [
        "session.minutes_drafted", *["session.minutes_remarked"] * 3, "session.minutes_drafted", "session.minuted",
    ]  # fmt: skip


def test_refusals(sitting):
    cast, session = sitting
    with pytest.raises(RuleViolation) as refused:
        services.remark_on_minutes(session.pk, by=cast.head, text="Terlalu dini")
    assert refused.value.code == "no_draft"
    with pytest.raises(PermissionDenied):
        draft(cast, session, by=cast.planner)
    with pytest.raises(StaleVersion):
        services.draft_minutes(session.pk, by=cast.reviewer, version=session.version + 1, text="Konsep")
    with pytest.raises(ValidationError):
        draft(cast, session, "  ")
    draft(cast, session)
    with pytest.raises(PermissionDenied):
        services.remark_on_minutes(session.pk, by=factories.make_actor("auditor", cast.government), text="Koreksi")
    with pytest.raises(ValidationError):
        services.remark_on_minutes(session.pk, by=cast.head, text=" ")
    session = DeskSession.objects.get(pk=session.pk)
    services.issue_minutes(session.pk, by=cast.reviewer, version=session.version)
    for late in (
        lambda: draft(cast, session),
        lambda: services.remark_on_minutes(session.pk, by=cast.head, text="Telat"),
    ):
        with pytest.raises(RuleViolation) as refused:
            late()
        assert refused.value.code == "wrong_state"


def test_a_remark_stays(sitting):
    cast, session = sitting
    draft(cast, session)
    remark = services.remark_on_minutes(session.pk, by=cast.head, text="Keliru")
    assert _refused("UPDATE deactivation_minutesremark SET text = 'x' WHERE id = %s", remark.pk)
    assert _refused("DELETE FROM deactivation_minutesremark WHERE id = %s", remark.pk)


def test_pages_and_endpoints(sitting):
    cast, session = sitting
    home = session.get_absolute_url()
    typed = {"version": session.version, "draft_minutes-text": "Disepakati."}
    assert signed_in(cast.reviewer).post(home + "berita-acara/konsep/", typed).status_code == 302
    head = signed_in(cast.head)
    assert "Beri koreksi atas konsep" in page(head, home) and "Disepakati." in page(head, home)
    empty = head.post(home + "berita-acara/koreksi/", typed | {"remark_on_minutes-text": ""})
    assert empty.status_code == 400
    assert (
        head.post(home + "berita-acara/koreksi/", typed | {"remark_on_minutes-text": "Salah nama"}).status_code == 302
    )
    path = f"/api/v1/desk-sessions/{session.code}/"
    told = api(cast.planner).post(path + "remark-on-minutes/", {"text": "Kurang satu"}, format="json")
    assert [row["text"] for row in told.json()["remarks"]] == ["Salah nama", "Kurang satu"]
    assert api(cast.reviewer).post(path + "draft-minutes/", {"text": "Baru"}, format="json").status_code == 428
    assert MinutesRemark.objects.count() == 2
