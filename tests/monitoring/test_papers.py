"""Papers entered for an agency, and files beside a report."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.quarter import Quarter
from apps.documents import services as documents
from apps.monitoring import services
from apps.monitoring.models import ReportFile, UsageReport
from tests import factories
from tests.monitoring.browser import api, signed_in
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
SAID = {"used": True, "active_users": 9, "transactions": 9}


@pytest.fixture
def world(government):
    return World(government)


def paper(by, kind="scan"):
    return documents.store_generated(b"%PDF-1.4 surat", by=by, kind=kind, name="surat.pdf")


def upload(name="surat.pdf", content=b"%PDF-1.4 surat"):
    return SimpleUploadedFile(name, content)


def refused(code, verb, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        verb(*args, **kwargs)
    assert refusal.value.code == code


def test_who_enters_a_paper_may_not_accept_it(world):
    application = world.application()
    period = world.open(Q1)
    services.save_report(period.pk, application.pk, by=world.operator, values={"used": False})
    enter = {"values": SAID, "scan": paper(world.reviewer)}
    for actor in (world.operator, world.head):
        with pytest.raises(PermissionDenied):
            services.enter_report_for(period.pk, application.pk, by=actor, **enter)
    with pytest.raises(Http404):
        abroad = factories.make_actor("reviewer", factories.make_government("B"))
        services.enter_report_for(period.pk, application.pk, by=abroad, **enter)
    with pytest.raises(StaleVersion):
        services.enter_report_for(period.pk, application.pk, by=world.reviewer, version=99, **enter)
    report = services.enter_report_for(period.pk, application.pk, by=world.reviewer, **enter)
    assert (report.status, report.on_paper, report.used) == ("submitted", True, True)
    assert [file.document.kind for file in report.files.all()] == ["scan"]
    refused("wrong_state", services.enter_report_for, period.pk, application.pk, by=world.reviewer, **enter)
    with pytest.raises(PermissionDenied):
        services.accept_report(report.pk, by=world.reviewer, version=report.version)
    assert services.accept_report(report.pk, by=world.colleague, version=report.version).status == "accepted"
    assert Event.objects.filter(verb="report.submitted", actor_id=world.reviewer.person_id).count() == 1


def test_the_page_enters_a_paper_and_loses_nothing_when_refused(world):
    application = world.application()
    period = world.open(Q1)
    address = reverse("monitoring:enter_report_for", args=[period.code, application.code])
    client = signed_in(world.reviewer)
    typed = {"used": "1", "active_users": "500", "transactions": "1.204"}
    page = client.post(address, typed)
    assert page.status_code == 400 and 'value="1.204"' in page.content.decode()
    assert b"Pindaian surat bertanda tangan" in page.content
    contradicted = client.post(address, {**typed, "active_users": "0", "transactions": "0", "scan": upload()})
    assert contradicted.status_code == 400 and b"Jelaskan dahulu" in contradicted.content
    done = client.post(address, {**typed, "scan": upload()}, follow=True)
    assert b"dimasukkan dari surat" in done.content
    report = UsageReport.objects.get()
    assert (report.transactions, report.on_paper, report.files.count()) == (1204, True, 1)
    assert b"OPD sudah mengirim laporan ini" in client.get(address).content
    assert signed_in(world.operator).get(address).status_code == 403
    assert b"pemeriksa lain yang menerimanya" in client.get(reverse("monitoring:review", args=[period.code])).content


def test_the_api_enters_a_paper(world):
    factories.confirm_year(2025)
    application = world.application()
    period = world.open(Q1)
    path = f"/api/v1/reports/{application.code}/{period.code}/enter-for/"
    client = api(world.reviewer)
    assert api(world.operator).post(path, {}, format="multipart").status_code == 403
    assert client.post(path, {"used": "true"}, format="multipart").status_code == 400
    body = {"used": "true", "active_users": "5", "transactions": "5", "scan": upload()}
    done = client.post(path, body, format="multipart")
    assert done.status_code == 200 and done.json()["on_paper"], done.content
    assert client.post(path, {**body, "scan": upload()}, format="multipart").status_code == 428
    version = UsageReport.objects.get().version
    again = {"format": "multipart", "headers": {"If-Match": f'"{version}"'}}
    assert client.post(path, {**body, "scan": upload()}, **again).status_code == 409


def test_files_stand_beside_a_draft_and_begin_it_as_the_grid_would(world):
    application = world.application()
    period = world.open(Q1)
    world.report(period, application, **SAID)
    world.close(period)
    period = world.open(Q1.next())
    proof = paper(world.operator, "evidence")
    with pytest.raises(PermissionDenied):
        services.attach_file(period.pk, application.pk, by=world.reviewer, document=proof)
    file = services.attach_file(period.pk, application.pk, by=world.operator, document=proof)
    report = UsageReport.objects.get(period=period)
    assert (report.status, report.active_users) == ("draft", 9), "last quarter's answers are not lost"
    with pytest.raises(PermissionDenied):
        services.remove_file(file.pk, by=world.reviewer)
    services.save_report(period.pk, application.pk, by=world.operator, values={"attested": True})
    services.submit_reports(period.pk, by=world.operator, applications=[application.pk])
    refused("wrong_state", services.remove_file, file.pk, by=world.operator)
    refused("wrong_state", services.attach_file, period.pk, application.pk, by=world.operator, document=proof)
    report = UsageReport.objects.get(period=period)
    services.reopen_report(report.pk, by=world.operator, version=report.version)
    services.remove_file(file.pk, by=world.operator)
    assert not ReportFile.objects.exists()


def test_the_page_of_files_takes_shows_and_lets_go(world):
    application = world.application()
    period = world.open(Q1)
    address = reverse("monitoring:files", args=[period.code, application.code])
    client = signed_in(world.operator)
    assert b"Belum ada berkas bukti" in client.get(address).content
    assert signed_in(world.reviewer).get(address).status_code == 404, "a draft is the agency's alone"
    wrong = client.post(address, {"file": upload("racun.html", b"<html>")})
    assert wrong.status_code == 400 and b"tidak diterima" in wrong.content
    page = client.post(address, {"file": upload("rekap.pdf")}, follow=True)
    assert b"rekap.pdf" in page.content
    file = ReportFile.objects.get()
    download = reverse("monitoring:file", args=[period.code, application.code, file.pk])
    assert b"".join(client.get(download).streaming_content) == b"%PDF-1.4 surat"
    assert signed_in(world.reviewer).get(download).status_code == 404
    world.report(period, application, **SAID)
    assert signed_in(world.reviewer).get(download).status_code == 200
    assert signed_in(world.reviewer).post(address, {}).status_code == 403
    assert b"Lepas" not in client.get(address).content
