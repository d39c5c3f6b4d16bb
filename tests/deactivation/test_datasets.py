"""The fate of each dataset before an application is switched off."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.deactivation import services
from apps.deactivation.models import Case, Dataset, IssuedDocument
from apps.documents.services import open_file
from tests import factories_deactivation as made
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def executing(db):
    """The register names a database, so at least one dataset has to be listed."""
    cast = made.make_cast()
    application = made.make_registered(cast.owner, databases=["PostgreSQL"])
    return cast, made.make_case(at="executing", cast=cast, application=application)


def day(cast, days):
    return clock.today(cast.government.zone) + timedelta(days=days)


def listed(cast, case, fate="archive", days=30, **said):
    said = {"name": "Riwayat antrean", "destination": "Lembaga Kearsipan", "retained_until": day(cast, days), **said}
    version = Case.objects.get(pk=case.pk).version
    return services.list_dataset(case.pk, by=cast.operator, version=version, fate=fate, **said)


def settle(cast, row, by=None):
    by = by or cast.operator
    return services.settle_dataset(row.pk, by=by, version=row.version, evidence=made.make_evidence(by, "acara"))


def the_step(case):
    return case.checklist.get(key="data-disposition")


def finish_step(cast, case):
    step = the_step(case)
    step = services.complete_item(
        step.pk, by=cast.operator, version=step.version, evidence=made.make_evidence(cast.operator)
    )
    return services.verify_item(step.pk, by=cast.reviewer, version=step.version)


def refusal(act):
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.code


def test_from_listed_to_verified_and_the_trail_tells_it(executing):
    cast, case = executing
    row = settle(cast, listed(cast, case))
    row = services.verify_dataset(row.pk, by=cast.reviewer, version=row.version)
    assert (row.status, row.done_by_name, row.verified_by_name) == (
        "verified", cast.operator.name, cast.reviewer.name,
    )  # fmt: skip
    told = Event.objects.filter(subject_type="deactivation.case", subject_id=case.pk, verb__startswith="case.dataset")
    assert [event.verb for event in told.order_by("pk")] == [
        "case.dataset_listed", "case.dataset_settled", "case.dataset_verified",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fate", "said", "fields"),
    [
        ("migrate", {"destination": " "}, {"destination"}),
        ("archive", {"destination": "", "retained_until": None}, {"destination", "retained_until"}),
        ("destroy", {"destination": "", "retained_until": None}, {"retained_until"}),
        ("hilang", {}, {"fate"}),
        ("migrate", {"name": ""}, {"name"}),
    ],
)
def test_each_fate_names_what_it_needs(executing, fate, said, fields):
    cast, case = executing
    with pytest.raises(ValidationError) as refused:
        listed(cast, case, fate, **said)
    assert set(refused.value.message_dict) == fields


def test_nothing_is_destroyed_while_it_must_be_kept(executing):
    cast, case = executing
    row = listed(cast, case, "destroy", days=2)
    assert refusal(lambda: settle(cast, row)) == "retention_running"
    made.travel_to_day(day(cast, 2))
    assert refusal(lambda: settle(cast, row)) == "retention_running"
    made.travel_to_day(day(cast, 1))
    assert settle(cast, row).status == "done"


def test_the_step_waits_for_every_dataset(executing):
    cast, case = executing
    assert refusal(lambda: finish_step(cast, case)) == "datasets_missing"
    first, second = listed(cast, case), listed(cast, case, name="Log")
    settle(cast, first)
    assert refusal(lambda: finish_step(cast, case)) == "datasets_open"
    services.drop_dataset(second.pk, by=cast.operator, version=second.version, reason="Salah catat")
    assert refusal(lambda: finish_step(cast, case)) == "datasets_open"  # settled, not yet verified
    first.refresh_from_db()
    services.verify_dataset(first.pk, by=cast.reviewer, version=first.version)
    step = the_step(case)
    if step.status == "open":
        finish_step(cast, case)
    else:
        services.verify_item(step.pk, by=cast.reviewer, version=step.version)
    assert the_step(case).status == "verified"


def test_without_data_in_the_register_the_step_needs_no_dataset():
    cast = made.make_cast()
    case = made.make_case(at="executing", cast=cast)
    assert finish_step(cast, case).status == "verified"


def test_who_may_and_in_which_state(executing):
    cast, case = executing
    row = listed(cast, case)
    for person in (cast.approver, cast.planner, cast.treasurer):
        with pytest.raises(PermissionDenied):
            services.list_dataset(case.pk, by=person, version=None, name="X", fate="migrate", destination="Y")
    with pytest.raises(PermissionDenied):
        settle(cast, row, by=cast.reviewer)
    with pytest.raises(StaleVersion):
        services.settle_dataset(
            row.pk, by=cast.operator, version=row.version + 1, evidence=made.make_evidence(cast.operator)
        )
    with pytest.raises(ValidationError):
        services.settle_dataset(row.pk, by=cast.operator, version=row.version, evidence=None)
    row.refresh_from_db()
    assert refusal(lambda: services.verify_dataset(row.pk, by=cast.reviewer, version=row.version)) == "wrong_state"
    decided = made.make_case(at="decided", cast=cast)
    assert refusal(lambda: listed(cast, decided)) == "wrong_state"


def test_who_carried_it_out_may_not_verify_it(executing):
    cast, case = executing
    same = Actor(**{**vars(cast.operator), "person_id": cast.reviewer.person_id})
    row = settle(cast, listed(cast, case), by=same)
    with pytest.raises(PermissionDenied):
        services.verify_dataset(row.pk, by=cast.reviewer, version=row.version)
    assert services.verify_dataset(row.pk, by=cast.second_reviewer, version=row.version).status == "verified"


def test_returned_it_is_settled_anew(executing):
    cast, case = executing
    row = settle(cast, listed(cast, case))
    row = services.return_dataset(row.pk, by=cast.reviewer, version=row.version, reason="Tidak terbaca")
    assert (row.status, row.note) == ("planned", "Tidak terbaca")
    assert settle(cast, row).status == "done"


def test_the_report_lists_the_steps_as_they_follow_one_another(executing):
    _cast, case = executing
    phases = [item.phase for item in case.checklist.in_order()]
    before, there = phases.count("before"), phases.count("switch_off")
    after = len(phases) - before - there
    assert min(before, there, after) > 0
    assert phases == ["before"] * before + ["switch_off"] * there + ["after"] * after


def test_the_termination_report_and_the_pack_carry_it(executing):
    cast, case = executing
    row = settle(cast, listed(cast, case))
    services.verify_dataset(row.pk, by=cast.reviewer, version=row.version)
    for state in ("executed", "closed"):
        case = made._STEPS[state](Case.objects.get(pk=case.pk), cast, None, None)
    with open_file(IssuedDocument.objects.terminating(case).document) as file:
        assert file.read(5) == b"%PDF-"
    pack = services.take_evidence_pack(case.code, by=cast.reviewer)
    assert b"data/01.pdf" in pack.read()


def test_pages_and_endpoints(executing):
    cast, case = executing
    steps = f"/kasus/{case.code}/langkah/"
    client, reviewer = signed_in(cast.operator), signed_in(cast.reviewer)
    body = page(client, steps)
    assert "Catatan aplikasi menyebut: PostgreSQL" in body and "Catat himpunan data" in body
    typed = {"dataset-name": "Riwayat", "dataset-fate": "archive", "dataset-destination": "", "version": case.version}
    refused = client.post(f"/kasus/{case.code}/data/", typed)
    assert refused.status_code == 400 and "Riwayat" in refused.content.decode()
    typed |= {"dataset-destination": "Arsip daerah", "dataset-retained_until": f"{day(cast, 900):%Y-%m-%d}"}
    assert client.post(f"/kasus/{case.code}/data/", typed).status_code == 302
    row = Dataset.objects.get()
    paper = SimpleUploadedFile("ba.pdf", b"%PDF-1.4 acara", content_type="application/pdf")
    address = f"/kasus/{case.code}/data/{row.pk}/"
    done = client.post(address + "laksanakan/", {f"settle-{row.pk}-evidence": paper, "version": row.version})
    assert done.status_code == 302 and "Berita acara sesuai, sahkan" in page(reviewer, steps)
    row.refresh_from_db()
    served = client.get(f"/kasus/{case.code}/dokumen/{row.certificate_id}/")
    assert served.status_code == 200
    answer = api(cast.reviewer).post(
        f"/api/v1/cases/{case.code}/datasets/{row.pk}/verify/", {}, format="json",
        headers={"If-Match": f'"{row.version}"'},
    )  # fmt: skip
    assert [one["status"] for one in answer.json()["datasets"]] == ["verified"]
