"""The numbers of the rule: tried on closed quarters, adopted for quarters to come, copied by each period at its opening."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from apps.audit.models import Event
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.inventory.models import Suspension
from apps.monitoring import rules, services
from apps.monitoring.models import AdoptedThresholds, Assessment, Finding
from apps.monitoring.what_if import preview
from tests import factories
from tests.monitoring.browser import api, signed_in
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db
Q1, Q2, Q3 = Quarter(2025, 1), Quarter(2025, 2), Quarter(2025, 3)
FEW = {"report": {"used": True, "users": 3, "transactions": 0}}
MANY = {"report": {"used": True, "users": 400, "transactions": 9000}}
PAGE = "/triwulan/ketentuan/"


@pytest.fixture
def world(government):
    return World(government)


def numbers(**other):
    return {**rules.THRESHOLDS, **other}


def adopt(world, starts_in=Q2, by=None, reason="Keputusan rapat", **other):
    return services.adopt_thresholds(
        by=by or world.reviewer, thresholds=numbers(**other), starts_in=starts_in, reason=reason
    )


def test_adopted_numbers_count_from_their_quarter_on(world):
    application = world.application()
    assert world.run(application, Q1, **FEW).thresholds == rules.THRESHOLDS
    adopt(world, active_users=5)
    second = world.run(application, Q2, **FEW)
    assert second.thresholds == numbers(active_users=5)
    verdicts = Assessment.objects.order_by("period_id").values_list("verdict", flat=True)
    assert list(verdicts) == ["active", "unreported"]
    event = Event.objects.get(verb="thresholds.adopted")
    assert (event.reason, event.details["changes"]) == ("Keputusan rapat", {"active_users": [1, 5]})


def test_a_period_scheduled_before_copies_what_counts_when_it_opens(world):
    services.schedule_period(world.government, Q1)
    adopt(world, starts_in=Q1, low_use_users=20)
    adopt(world, starts_in=Q3, low_use_users=50)
    assert world.open(Q1).thresholds["low_use_users"] == 20


def test_the_last_adopted_for_a_quarter_counts(world):
    adopt(world, active_users=5)
    adopt(world, active_users=7)
    assert world.open(Q2).thresholds["active_users"] == 7


def test_a_quarter_that_has_opened_keeps_its_copy(world):
    world.open(Q1)
    with pytest.raises(RuleViolation, match="paling cepat Triwulan II 2025"):
        adopt(world, starts_in=Q1, active_users=5)
    assert not AdoptedThresholds.objects.exists()


@pytest.mark.parametrize(
    "role", ["operator", "agency_head", "companion", "approver", "executive", "auditor", "administrator"]
)
def test_only_a_reviewer_adopts(world, role):
    known = {"operator": world.operator, "agency_head": world.head}
    person = known.get(role) or factories.make_actor(role, world.government)
    with pytest.raises(PermissionDenied):
        adopt(world, by=person, active_users=5)


@pytest.mark.parametrize(
    ("name", "value"),
    [("active_users", 0), ("probe_days", 93), ("look_back", 9), ("probes", 2.5), ("transactions", True), ("warna", 1)],
)
def test_numbers_out_of_range_are_refused_by_name(world, name, value):
    with pytest.raises(ValidationError) as refusal:
        adopt(world, **{name: value})
    assert set(refusal.value.message_dict) == {name}


def test_reason_and_difference_are_asked_for(world):
    with pytest.raises(ValidationError, match="alasan"):
        adopt(world, active_users=5, reason=" ")
    with pytest.raises(RuleViolation, match="sama dengan"):
        adopt(world)


def test_what_was_adopted_cannot_be_changed_by_sql(world):
    adopted = adopt(world, active_users=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        AdoptedThresholds.objects.filter(pk=adopted.pk).update(reason="lain")


def test_the_preview_judges_stored_evidence_and_writes_nothing(world):
    few, many = world.application("Kecil"), world.application("Besar")
    for quarter in (Q1, Q2):
        period = world.open(quarter)
        world.report(period, few, used=True, active_users=3, transactions=0)
        world.report(period, many, used=True, active_users=400, transactions=9000)
        world.close(period)
    before = Assessment.objects.count()
    shown = preview(world.government.pk, numbers(active_users=5))
    assert [quarter.period.code for quarter in shown.quarters] == ["2025-Q2", "2025-Q1"]
    for quarter in shown.quarters:
        assert [(change.application.name, change.before, change.after) for change in quarter.changes] == [
            ("Kecil", "active", "unreported")
        ]
        assert (quarter.before["active"], quarter.after["active"], quarter.after["unreported"]) == (2, 1, 1)
    assert (dict(shown.findings_gained), dict(shown.findings_lost)) == ({"non_reporting": 1}, {})
    assert Assessment.objects.count() == before
    assert preview(world.government.pk, numbers()).changed == 0


def test_the_preview_tells_of_findings_that_only_a_shorter_look_back_loses(world):
    application = world.application()
    idle = {"report": {"used": False, "users": 0, "transactions": 0}}
    world.run(application, Q1, **idle)
    pause = {"application": application, "reason": "Perbaikan", "starts_on": "2025-06-01", "ends_on": "2025-06-30"}
    Suspension.objects.create(**pause)
    world.run(application, Q2)
    world.run(application, Q3, **idle)
    assert Finding.objects.get().quarters == ["2025-Q1", "2025-Q3"]
    shown = preview(world.government.pk, numbers(look_back=1))
    assert (shown.changed, dict(shown.findings_lost), dict(shown.findings_gained)) == (0, {"idle": 1}, {})


def test_a_correction_looks_back_as_far_as_each_quarter_did_itself(world):
    """The last quarter looks back by one, the corrected one by four: what lies before an exempt quarter stays unseen."""
    application = world.application()
    idle = {"report": {"used": False, "users": 0, "transactions": 0}}
    first = world.run(application, Q1)
    pause = {"application": application, "reason": "Perbaikan", "starts_on": "2025-06-01", "ends_on": "2025-06-30"}
    Suspension.objects.create(**pause)
    late = world.report(first, application, used=False)
    adopt(world, starts_in=Q3, look_back=1)
    world.run(application, Q2)
    world.run(application, Q3, **idle)
    services.accept_report(late.pk, by=world.reviewer, version=late.version)
    assert not Finding.objects.exists()


def test_the_preview_reads_as_often_for_many_applications(world, django_assert_num_queries):
    few = [world.application(f"Aplikasi {n}") for n in range(6)]
    period = world.open(Q1)
    for application in few:
        world.report(period, application, used=True, active_users=3, transactions=0)
    world.close(period)
    with django_assert_num_queries(4):
        assert preview(world.government.pk, numbers(active_users=5)).changed == 6


def test_the_page_tries_and_then_adopts(world):
    world.run(world.application("Antrean"), Q1, **FEW)
    client = signed_in(world.reviewer)
    assert "Belum pernah diubah" in client.get(PAGE).content.decode()
    tried = client.get(PAGE, numbers(active_users=5))
    text = tried.content.decode()
    assert tried.status_code == 200 and "1 hasil akan berbeda" in text and "Antrean" in text
    assert "Berlakukan angka ini" in text
    wrong = client.get(PAGE, numbers(active_users=0)).content.decode()
    assert "Berlakukan angka ini" not in wrong and "lebih besar" in wrong
    said = {**numbers(active_users=5), "starts_in": "2025-Q1", "reason": "Rapat"}
    assert client.post(PAGE, said).status_code == 409
    assert client.post(PAGE, {**said, "starts_in": "besok"}).status_code == 400
    assert client.post(PAGE, {**said, "starts_in": "2025-Q2"}).status_code == 302
    assert "“Rapat”" in client.get(PAGE).content.decode()


def test_pages_and_doors_by_role(world):
    said = {**numbers(active_users=5), "starts_in": "2025-Q2", "reason": "Rapat"}
    auditor = factories.make_actor("auditor", world.government)
    assert signed_in(auditor).get(PAGE).status_code == 200
    assert signed_in(auditor).post(PAGE, said).status_code == 403
    assert signed_in(world.operator).get(PAGE).status_code == 403
    assert api(world.operator).get("/api/v1/thresholds/").status_code == 403


def test_the_api_tries_and_adopts(world):
    world.run(world.application("Antrean"), Q1, **FEW)
    client = api(world.reviewer)
    shown = client.get("/api/v1/thresholds/what-if/", numbers(active_users=5)).json()
    assert shown["changed"] == 1 and shown["quarters"][0]["changes"][0]["after"] == "unreported"
    assert client.get("/api/v1/thresholds/what-if/", {"active_users": 5}).status_code == 400
    body = {"starts_in": "2025-Q2", "thresholds": numbers(active_users=5), "reason": "Rapat"}
    assert client.post("/api/v1/thresholds/", {**body, "starts_in": "2025-Q1"}, format="json").status_code == 409
    assert client.post("/api/v1/thresholds/", body, format="json").status_code == 201
    told = client.get("/api/v1/thresholds/").json()
    assert (told["quarter"], told["thresholds"]["active_users"]) == ("2025-Q2", 5)
    assert told["adopted"][0]["starts_in"] == "2025-Q2"


SENTENCES = [
    (
        {"report": {"used": True, "users": 1250, "transactions": 0}},
        "Dipakai: 1.250 pengguna aktif dan 0 transaksi; cukup 1",
    ),
    ({"report": {"used": False, "users": 0, "transactions": 0}}, "Laporan OPD menyatakan tidak dipakai."),
    ({"counter_days": 60}, "Pencacah nol pada 60 dari 90 hari"),
    ({**MANY, "counter_days": 12}, "pencacah nol pada 12 hari."),
    ({**MANY, "probes": 40, "probe_days": 35}, "tidak pernah terbuka pada 40 pemeriksaan selama 35 hari"),
    ({}, "bukan tanda tidak dipakai"),
]


@pytest.mark.parametrize(("facts", "words"), SENTENCES)
def test_the_sentence_follows_from_the_evidence(world, facts, words):
    world.run(world.application(), Q1, **facts)
    assert words in rules.sentence(Assessment.objects.get())
