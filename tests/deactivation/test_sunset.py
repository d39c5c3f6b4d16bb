"""What tells users and machines that an application stops: its pages and the headers of its API."""

from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import services
from apps.deactivation.models import Case
from apps.inventory.models import Sunset
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db
WORDS = "Unduh arsip Anda paling lambat seminggu sebelumnya."


@pytest.fixture
def retiring(db):
    """In Makassar, where the day begins seven hours before that of Greenwich would have it."""
    government = factories.make_government(zone="Asia/Makassar")
    cast = made.make_cast(government)
    target = made.make_registered(cast.owner, "Layanan Satu Pintu")
    case = made.make_case(at="executing", cast=cast, outcome="replace", target_id=target.pk)
    return cast, case, target


def first_second(day):
    return datetime.combine(day, time(), ZoneInfo("Asia/Makassar"))


def path(case):
    return f"/api/v1/applications/{case.application.code}/"


def test_machines_read_when_it_stops_and_what_comes_instead(retiring):
    cast, case, target = retiring
    for client in (api(cast.reviewer), Client()):
        answer = client.get(path(case))
        assert answer.status_code == 200
        begun = int(answer["Deprecation"].removeprefix("@"))
        assert datetime.fromtimestamp(begun, UTC) == first_second(clock.today(cast.government.zone))
        assert parsedate_to_datetime(answer["Sunset"]) == first_second(case.effective_on)
        assert answer["Sunset"].endswith(" GMT")
        assert f'<{settings.BASE_URL}/katalog/{case.application.code}/>; rel="sunset"' in answer["Link"]
        assert f'<{settings.BASE_URL}/api/v1/applications/{target.code}/>; rel="successor-version"' in answer["Link"]
    other = Client().get(f"/api/v1/applications/{target.code}/")
    assert not {"Deprecation", "Sunset"} & set(other.headers)


def test_before_execution_and_on_a_past_day_nothing_is_announced(retiring):
    cast, case, _target = retiring
    decided = made.make_case(at="decided", cast=cast)
    assert "Sunset" not in Client().get(path(decided))
    past = api(cast.reviewer).get(path(case), {"as_of": f"{clock.today(cast.government.zone):%Y-%m-%d}"})
    assert past.status_code == 200 and "Sunset" not in past


def test_pages_tell_people_and_the_owner_adds_words(retiring):
    cast, case, target = retiring
    inside, outside = f"/aplikasi/{case.application.code}/", f"/katalog/{case.application.code}/"
    for body in (page(signed_in(cast.operator), inside), page(Client(), outside)):
        assert "Layanan ini berhenti" in body and target.name in body and WORDS not in body
    case = services.write_notice(case.pk, by=cast.operator, version=case.version, notice=f"  {WORDS} ")
    for body in (page(signed_in(cast.operator), inside), page(Client(), outside)):
        assert WORDS in body
    assert Event.objects.get(verb="case.notice_written", subject_id=case.pk).reason == WORDS
    assert Event.objects.get(verb="application.sunset_worded").reason == WORDS


def test_who_may_write_it_and_when(retiring):
    cast, case, _target = retiring
    for person in (cast.approver, cast.planner):
        with pytest.raises(PermissionDenied):
            services.write_notice(case.pk, by=person, version=case.version, notice=WORDS)
    early = made.make_case(at="decided", cast=cast)
    with pytest.raises(RuleViolation) as refused:
        services.write_notice(early.pk, by=cast.head, version=early.version, notice=WORDS)
    assert refused.value.code == "wrong_state"


def test_page_and_endpoint_write_it(retiring):
    cast, case, _target = retiring
    client = signed_in(cast.head)
    assert "Pemberitahuan penghentian" in page(client, case.get_absolute_url())
    typed = {"version": case.version, "write_notice-notice": WORDS}
    assert client.post(f"/kasus/{case.code}/pemberitahuan/", typed).status_code == 302
    version = Case.objects.get(pk=case.pk).version
    headers = {"If-Match": f'"{version}"'}
    told = api(cast.reviewer).post(
        f"/api/v1/cases/{case.code}/write-notice/", {"notice": ""}, format="json", headers=headers
    )
    assert told.status_code == 200 and Sunset.objects.get(application=case.application).notice == ""


def test_annulled_it_goes_on_and_nothing_announces_its_end(retiring):
    cast, case, _target = retiring
    services.annul(case.pk, by=cast.approver, version=case.version, number="188/9", reason="Keliru")
    assert not Sunset.objects.exists()
    assert "Sunset" not in Client().get(path(case))
