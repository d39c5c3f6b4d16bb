"""The REST doors of the quarter: what they show, each act once, the order of refusals, counters pushed twice."""

import pytest
from rest_framework.test import APIClient

from apps.core.quarter import Quarter
from apps.monitoring import services
from apps.monitoring.models import Finding, UsageReport, UsageSample, UsageToken
from tests import factories
from tests.monitoring.browser import api
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
ROOT = "/api/v1/"


@pytest.fixture
def world(government):
    return World(government)


def post(client, path, body=None, version=None):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(ROOT + path, body or {}, format="json", headers=headers)


def refusal(response):
    assert response["Content-Type"].startswith("application/problem+json"), response.content
    return response.status_code


def test_lists_and_details_show_what_the_pages_show(world):
    application = world.application()
    for quarter in (Q1, Q1.next()):
        world.run(application, quarter, report={"used": False, "users": 0, "transactions": 0})
    client, code = api(world.operator), application.code
    periods = client.get(ROOT + "periods/?status=closed&count=true").json()
    assert periods["count"] == 2 and periods["results"][0]["code"] == "2025-Q2"
    assessments = client.get(f"{ROOT}assessments/?period=2025-Q2&application={code}").json()["results"]
    assert assessments[0]["verdict"] == "idle" and assessments[0]["evidence"]["report"]["used"] is False
    finding = client.get(f"{ROOT}findings/?status=standing").json()["results"][0]
    assert finding["quarters"] == ["2025-Q1", "2025-Q2"] and finding["application"] == code
    detail = client.get(f"{ROOT}reports/{code}/2025-Q2/")
    assert detail.json()["status"] == "submitted" and detail["ETag"] == f'"{detail.json()["version"]}"'
    assert client.get(f"{ROOT}findings/{finding['code']}/").status_code == 200
    assert refusal(client.get(ROOT + "findings/?warna=merah")) == 400
    assert refusal(APIClient().get(ROOT + "findings/")) == 401
    stranger = factories.make_actor("reviewer", factories.make_government("Kota Lain"))
    assert refusal(api(stranger).get(f"{ROOT}findings/{finding['code']}/")) == 404
    assert api(stranger).get(ROOT + "assessments/").json()["results"] == []


def test_a_report_is_kept_sent_returned_and_accepted(world):
    factories.confirm_year(2025)
    application = world.application()
    period = world.open(Q1)
    operator, reviewer = api(world.operator), api(world.reviewer)
    one = f"reports/{application.code}/{period.code}/"
    kept = post(operator, one + "save/", {"used": True, "active_users": 12, "attested": True})
    assert (kept.status_code, kept.json()["status"]) == (200, "draft"), kept.content
    assert refusal(post(operator, one + "save/", {"used": False})) == 428
    assert refusal(post(operator, one + "save/", {"used": False}, 9)) == 412
    assert refusal(post(operator, one + "save/", {"warna": 1}, 1)) == 400
    send = f"periods/{period.code}/submit-reports/"
    assert refusal(post(operator, send, {"reports": [{"application": "APL-1999-000001", "version": 1}]})) == 400
    assert refusal(post(operator, send, {"reports": [{"application": application.code}]})) == 428
    assert post(operator, send, in_version(1, application)).json()[0]["status"] == "submitted"
    version = UsageReport.objects.get().version
    assert refusal(post(operator, send, in_version(version, application))) == 409
    assert refusal(post(operator, one + "accept/", {}, version)) == 403
    assert post(reviewer, one + "return/", {"note": "Lengkapi"}, version).json()["status"] == "returned"
    post(operator, send, in_version(version + 1, application))
    version = UsageReport.objects.get().version
    assert post(api(world.head), f"periods/{period.code}/endorse/").status_code == 200
    assert refusal(post(reviewer, one + "accept/", {})) == 428
    assert post(reviewer, one + "accept/", {}, version).json()["status"] == "accepted"
    later = {"closes_at": "2025-04-20T00:00:00+07:00", "reason": "Gangguan"}
    extended = post(reviewer, f"periods/{period.code}/extend-closing/", later, period.version)
    assert extended.json()["closes_at"].startswith("2025-04-20") or extended.json()["closes_at"].startswith(
        "2025-04-19"
    )


def in_version(version, *applications):
    return {"reports": [{"application": application.code, "version": version} for application in applications]}


def test_a_draft_changed_since_it_was_read_is_named_and_nothing_is_sent(world):
    first, second = world.application("Antrean"), world.application("Arsip")
    period, client = world.open(Q1), api(world.operator)
    for application in (first, second):
        post(
            client,
            f"reports/{application.code}/{period.code}/save/",
            {"used": True, "active_users": 12, "attested": True},
        )
    post(client, f"reports/{second.code}/{period.code}/save/", {"active_users": 13}, 1)
    send = f"periods/{period.code}/submit-reports/"
    stale = post(client, send, in_version(1, first, second))
    assert refusal(stale) == 412 and [row["field"] for row in stale.json()["errors"]] == [second.code]
    assert set(UsageReport.objects.values_list("status", flat=True)) == {"draft"}
    assert refusal(post(client, send, {"reports": in_version(1, first)["reports"] * 2})) == 400
    both = {"reports": in_version(1, first)["reports"] + in_version(2, second)["reports"]}
    assert [row["status"] for row in post(client, send, both).json()] == ["submitted"] * 2


def test_the_coverage_by_office_is_partial_until_the_close_and_then_a_trend(world):
    agency = factories.make_agency(world.government, "Dinas Arsip")
    other = factories.make_actor("operator", world.government, agency)
    application = world.application("Antrean")
    world.application("Surat", owner=agency, operator=other)
    period = world.open(Q1)
    world.report(period, application, used=True, active_users=9, transactions=9)
    path = f"{ROOT}periods/{period.code}/coverage/"
    said = api(world.reviewer).get(path).json()
    assert (said["partial"], said["covered_percent"], said["total"]["missing"]) == (True, 50, 1)
    assert [(row["organization"], row["answered"], row["endorsed"]) for row in said["offices"]] == [
        (agency.code, 0, False),
        (world.agency.code, 1, False),
    ]
    mine = api(world.operator).get(path).json()
    assert [row["organization"] for row in mine["offices"]] == [world.agency.code] and mine["covered_percent"] == 100
    assert refusal(api(factories.make_actor("reviewer", factories.make_government("B"))).get(path)) == 404
    assert api(world.reviewer).get(ROOT + "periods/trend/").json() == []
    world.close(period)
    assert api(world.reviewer).get(path).json()["partial"] is False
    (quarter,) = api(world.reviewer).get(ROOT + "periods/trend/").json()
    assert quarter == {"period": "2025-Q1", "due": 2, "reported": 1, "late": 0, "missing": 1}


def test_a_finding_is_dismissed_in_its_version(world):
    application = world.application()
    for quarter in (Q1, Q1.next()):
        world.run(application, quarter)
    finding, client = Finding.objects.get(), api(world.reviewer)
    path = f"findings/{finding.code}/dismiss/"
    assert refusal(post(api(world.operator), path, {"reason": "x"}, finding.version)) == 403
    assert refusal(post(client, path, {"reason": "x"})) == 428
    assert post(client, path, {"reason": "Surat menyusul"}, finding.version).json()["status"] == "dismissed"
    assert refusal(post(client, path, {"reason": "x"}, finding.version)) == 412
    assert refusal(post(client, path, {"reason": "x"}, finding.version + 1)) == 409


def test_counters_pushed_twice_count_once(world):
    application = world.application()
    token, plain = services.create_usage_token(application.pk, by=world.operator)
    client = APIClient()
    batch = {"samples": [{"day": "2024-11-01", "active_users": 4}, {"day": "2024-11-02", "transactions": 9}]}
    assert refusal(post(client, "usage/", batch)) == 401
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    for _turn in range(2):
        assert post(client, "usage/", batch).json() == {"application": application.code, "kept": 2, "too_late": []}
    assert UsageSample.objects.filter(application=application).count() == 2
    assert post(client, "usage/", {"samples": [{"day": "2024-11-01", "active_users": 6}]}).status_code == 200
    assert UsageSample.objects.get(day="2024-11-01").active_users == 6
    assert refusal(post(client, "usage/", {"samples": [{"day": "2031-01-01"}]})) == 400
    assert refusal(post(client, "usage/", {"samples": [{"day": "2024-11-01"}] * 2})) == 400
    assert refusal(post(client, "usage/", {"samples": []})) == 400
    assert UsageToken.objects.get().last_used_at
    services.revoke_usage_token(token.pk, by=world.operator)
    assert refusal(post(client, "usage/", batch)) == 401
