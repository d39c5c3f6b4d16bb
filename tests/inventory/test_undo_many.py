"""Taking back what one act changed in many records: a bulk edit, an import, answers about security."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import ImportJob, SecurityAssessment
from tests.deactivation.web import api, page, signed_in
from tests.factories import make_actor, make_government
from tests.inventory.doing import fresh, last_event
from tests.inventory.lists import edited, exported, judged
from tests.inventory.test_security import answer

pytestmark = pytest.mark.django_db
WHY = "Keliru memilih"


@pytest.fixture
def moved(office):
    """Two records that one act moved into the cloud, and the act."""
    made = [office.registered("Satu", hosting="own"), office.registered("Dua", hosting="server_room")]
    services.edit_together(
        [(row.pk, row.version) for row in made], by=office.reviewer, attribute="hosting", value="cloud", reason="Awan"
    )
    return made, Event.objects.get(verb="applications.edited_together")


def back(made, act, by, reason=WHY, versions=None):
    rows = [(row.pk, versions or fresh(row).version) for row in made]
    return services.undo_together(act.pk, rows, by=by, reason=reason)


def hostings(made):
    return [fresh(row).hosting for row in made]


def test_every_record_goes_back_to_its_own_value_and_forth_again(office, moved):
    made, act = moved
    back(made, act, office.reviewer)
    assert hostings(made) == ["own", "server_room"]
    event = last_event(made[0])
    assert (event.verb, event.reason) == ("application.change_undone", WHY)
    again = Event.objects.get(verb="applications.changes_undone")
    assert (again.reason, again.details["undone"], again.details["count"]) == (WHY, act.pk, 2)
    back(made, again, office.reviewer, "Ternyata benar")
    assert hostings(made) == ["cloud", "cloud"]


def test_one_touched_since_keeps_all_as_they_were_and_the_others_go_back_without_it(office, moved):
    made, act = moved
    services.edit(
        made[0].key, by=office.operator, version=fresh(made[0]).version, values={"hosting": "own"}, reason="x"
    )
    with pytest.raises(RuleViolation):
        back(made, act, office.reviewer)
    assert hostings(made) == ["own", "cloud"]
    back(made[1:], act, office.reviewer)
    assert hostings(made) == ["own", "server_room"]


def test_refusals_of_a_bulk_undo(office, moved):
    made, act = moved
    outside = office.registered("Tiga")
    for by in (office.stranger, make_actor("reviewer", make_government("Kabupaten Lain"))):
        with pytest.raises(Http404):
            back(made, act, by)
    for role in ("agency_head", "companion", "approver", "executive", "auditor"):
        with pytest.raises(PermissionDenied):
            back(made, act, office.person(role))
    with pytest.raises(Http404):
        back([outside], act, office.reviewer)
    with pytest.raises(StaleVersion):
        back(made, act, office.reviewer, versions=1)
    with pytest.raises(ValidationError):
        back(made, act, office.reviewer, reason=" ")
    assert hostings(made) == ["cloud", "cloud"]


def test_the_page_shows_what_goes_back_and_what_cannot_any_more(office, moved):
    made, act = moved
    services.edit(
        made[0].key, by=office.operator, version=fresh(made[0]).version, values={"hosting": "own"}, reason="x"
    )
    client, url = signed_in(office.reviewer), f"/aplikasi/ubah-sekaligus/{act.pk}/batalkan/"
    assert url in page(client, f"/aplikasi/{made[1].key}/riwayat/")
    shown = client.get(url)
    assert shown.context["counts"] == {"refuses": 1, "changes": 1, "same": 0}
    assert "Sudah diubah lagi sesudahnya" in shown.content.decode()
    assert client.post(url, {"rows": shown.context["versions"], "reason": ""}).status_code == 400
    assert client.post(url, {"rows": shown.context["versions"], "reason": WHY}).url == "/aplikasi/"
    assert hostings(made) == ["own", "server_room"]


def test_the_api_takes_an_act_back(office, moved):
    made, act = moved
    rows = [{"key": row.key, "version": fresh(row).version} for row in made]
    asked = {"act": act.pk, "rows": rows, "reason": WHY}
    answered = api(office.reviewer).post("/api/v1/applications/undo-together/", asked, format="json")
    assert answered.status_code == 200 and hostings(made) == ["own", "server_room"]
    stale = api(office.reviewer).post("/api/v1/applications/undo-together/", asked, format="json")
    assert stale.status_code == 412


@pytest.fixture
def imported(office):
    """Two records one list changed: plain values, several values and addresses."""
    made = [
        office.registered("Satu", vendor="PT Lama", year_built=2019, addresses=[("https://lama.example", "public")]),
        office.registered("Dua", platforms=["web"], vendor=""),
    ]
    cells = {
        (0, "vendor"): "PT Baru", (0, "year_built"): "", (0, "addresses"): "https://baru.example",
        (1, "platforms"): "web; ponsel", (1, "vendor"): "PT Dua",
    }  # fmt: skip
    job = judged(edited(exported(), cells), by=office.reviewer, government=office.government)
    return made, services.commit_import(job.pk, by=office.reviewer, version=job.version, at_once=True)


def said(row):
    row = fresh(row)
    return row.vendor, row.year_built, row.platforms, sorted(row.addresses.values_list("url", flat=True))


def taken_back(job, by, reason=WHY):
    prepared = services.undo_import(job.pk, by=by, version=job.version, reason=reason)
    return services.commit_import(prepared.pk, by=by, version=prepared.version, at_once=True)


OLD = [("PT Lama", 2019, ["web"], ["https://lama.example"]), ("", None, ["web"], [])]
NEW = [("PT Baru", None, ["web"], ["https://baru.example"]), ("PT Dua", None, ["web", "mobile"], [])]


def test_what_a_list_changed_goes_back_and_forth_again(office, imported):
    made, job = imported
    assert [said(row) for row in made] == NEW
    undone = taken_back(job, office.reviewer)
    assert [said(row) for row in made] == OLD and undone.undoes == job
    assert Event.objects.filter(verb="import.committed", reason=WHY).count() == 1
    assert f": {WHY}" in page(signed_in(office.reviewer), f"/aplikasi/{made[0].key}/riwayat/")
    taken_back(undone, office.reviewer, "Ternyata benar")
    assert [said(row) for row in made] == NEW


def test_a_record_changed_since_the_list_stays_and_says_so(office, imported):
    made, job = imported
    services.edit(
        made[0].key, by=office.operator, version=fresh(made[0]).version, values={"vendor": "PT X"}, reason="x"
    )
    prepared = services.undo_import(job.pk, by=office.reviewer, version=job.version, reason=WHY)
    assert {name: prepared.summary[name] for name in ("rows", "changed", "refused")} == {
        "rows": 2, "changed": 1, "refused": 1,
    }  # fmt: skip
    shown = page(signed_in(office.reviewer), f"/impor/{prepared.pk}/")
    assert "Sudah diubah lagi sesudahnya" in shown and "PT Dua" in shown
    services.commit_import(prepared.pk, by=office.reviewer, version=prepared.version)
    assert said(made[0])[0] == "PT X" and said(made[1]) == OLD[1]


def test_what_changed_after_the_preview_stops_all_of_it(office, imported):
    made, job = imported
    prepared = services.undo_import(job.pk, by=office.reviewer, version=job.version, reason=WHY)
    services.edit(
        made[0].key, by=office.operator, version=fresh(made[0]).version, values={"hosting": "own"}, reason="x"
    )
    with pytest.raises(RuleViolation):
        services.commit_import(prepared.pk, by=office.reviewer, version=prepared.version)
    assert [said(row) for row in made] == NEW


def test_refusals_of_an_import_undo(office, imported):
    made, job = imported
    with pytest.raises(Http404):
        services.undo_import(job.pk, by=office.operator, version=job.version, reason=WHY)
    with pytest.raises(StaleVersion):
        services.undo_import(job.pk, by=office.reviewer, version=job.version - 1, reason=WHY)
    with pytest.raises(ValidationError):
        services.undo_import(job.pk, by=office.reviewer, version=job.version, reason=" ")
    prepared = services.undo_import(job.pk, by=office.reviewer, version=job.version, reason=WHY)
    with pytest.raises(RuleViolation):
        services.undo_import(prepared.pk, by=office.reviewer, version=prepared.version, reason=WHY)
    services.begin_retiring(made[0].pk, by=office.reviewer, reason="KSS-2026-0001")
    services.retire(made[0].pk, by=office.reviewer, reason="KSS-2026-0001")
    again = services.undo_import(job.pk, by=office.reviewer, version=job.version, reason=WHY)
    assert again.lines.get(application_id=made[0].pk).fate == "refused"


def test_the_way_over_the_pages(office, imported):
    made, job = imported
    client = signed_in(office.reviewer)
    url = f"/impor/{job.pk}/kembalikan/"
    assert url in page(client, f"/impor/{job.pk}/")
    assert "tetap ada" in page(client, url)
    assert client.post(url, {"version": job.version, "reason": ""}).status_code == 400
    preview = client.post(url, {"version": job.version, "reason": WHY}).url
    assert "Kembalikan 2 aplikasi" in page(client, preview)
    version = ImportJob.objects.latest("pk").version
    assert client.post(f"{preview}terapkan/", {"version": version}).status_code == 302
    assert [said(row) for row in made] == OLD


def test_answers_taken_back_give_way_to_those_before(office):
    services.load_security_form()
    made = office.registered(security_category="high")
    answer(made, office.operator, "CCCCCCCCCC")
    answer(made, office.operator, "AAAAAAAAAA")
    services.undo(
        made.key, by=office.operator, version=fresh(made).version, event=last_event(made).pk, reason=WHY
    )  # fmt: skip
    newest = SecurityAssessment.objects.first()
    assert (fresh(made).security_category, newest.category, newest.total) == ("low", "low", 10)
    first = Event.objects.filter(verb="application.categorised").earliest("pk")
    with pytest.raises(RuleViolation):
        services.undo(made.key, by=office.operator, version=fresh(made).version, event=first.pk, reason=WHY)


def test_the_first_answers_taken_back_leave_the_category_to_be_typed(office):
    services.load_security_form()
    made = office.registered(security_category="high")
    answer(made, office.operator, "CCCCCCCCCC")
    undo = last_event(made)
    services.undo(made.key, by=office.operator, version=fresh(made).version, event=undo.pk, reason=WHY)
    assert fresh(made).security_category == "high"
    services.edit(
        made.key, by=office.operator, version=fresh(made).version, values={"security_category": "strategic"}, reason="x"
    )
    assert "Jawaban sebelumnya" in page(signed_in(office.operator), f"/aplikasi/{made.key}/kategori-keamanan/")


def test_corrected_answers_keep_the_old_ones_on_the_page(office):
    services.load_security_form()
    made = office.registered()
    answer(made, office.operator, "CCCCCCCCCC")
    answer(made, office.reviewer, "AAAAAAAAAA")
    text = page(signed_in(office.operator), f"/aplikasi/{made.key}/kategori-keamanan/")
    assert "Perbaiki jawaban" in text and "jumlah nilai 10" in text and "Jumlah nilai 50" in text


def test_the_api_takes_an_import_back(office, imported):
    made, job = imported
    client = api(office.reviewer)
    asked = client.post(
        f"/api/v1/imports/{job.pk}/undo/", {"reason": WHY}, format="json", HTTP_IF_MATCH=f'"{job.version}"'
    )
    assert asked.status_code == 200 and asked.json()["counts"]["changed"] == 2
    path = f"/api/v1/imports/{asked.json()['id']}/commit/"
    assert client.post(path, {}, format="json", HTTP_IF_MATCH=asked["ETag"]).status_code == 200
    assert [said(row) for row in made] == OLD
