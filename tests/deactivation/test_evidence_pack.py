"""The pack that proves a case: every hash holds, a changed file is told, the same case gives the same bytes."""

import hashlib
import io
import json
import zipfile

import pytest

from apps.audit.models import Event
from apps.audit.services import link_hash
from apps.deactivation import services
from apps.documents.services import path_of
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api, signed_in

pytestmark = pytest.mark.django_db
MANIFEST = "MANIFEST.sha256"


def opened(content):
    """Files of a ZIP by path, the manifest apart as (comments, {path: hash})."""
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert pack.testzip() is None
        files = {name: pack.read(name) for name in pack.namelist()}
    lines = files.pop(MANIFEST).decode().splitlines()
    comments = [line for line in lines if line.startswith("#")]
    hashes = {path: digest for digest, path in (line.split("  ") for line in lines if not line.startswith("#"))}
    return files, comments, hashes


def taken(case, by):
    return services.take_evidence_pack(case.code, by=by).read()


def broken(files, hashes):
    """Paths whose content is not what the manifest says; a hand-made `sha256sum -c`."""
    return {path for path, digest in hashes.items() if hashlib.sha256(files.get(path, b"")).hexdigest() != digest}


def closed_case():
    cast = made.make_cast()
    case = made.make_case(at="closed", cast=cast)
    session = made.session_of(case)
    services.issue_minutes(session.pk, by=cast.reviewer, version=session.version)
    services.amend_minutes(session.pk, by=cast.reviewer, text="Nama dibetulkan")
    return cast, case


@pytest.fixture(scope="module")
def stands(once):
    return once(closed_case)


@pytest.fixture
def closed(stands, own):
    return own(stands)


def test_every_hash_of_the_manifest_matches(closed):
    cast, case = closed
    files, comments, hashes = opened(taken(case, cast.reviewer))
    assert set(files) == set(hashes) and broken(files, hashes) == set()
    folders = {path.split("/")[0] for path in files}
    assert folders >= {"surat", "berita-acara", "keputusan", "langkah", "laporan-terminasi", "baris.json", "jejak.csv"}
    assert sum(path.startswith("berita-acara/") for path in files) == 2
    assert sum(path.startswith("langkah/") for path in files) == case.checklist.count()
    assert not any("TIDAK DISERTAKAN" in line or "BERUBAH" in line for line in comments)


def test_the_registers_checksum_is_that_of_the_rows_and_follows_them(closed):
    cast, case = closed
    files, comments, _hashes = opened(taken(case, cast.reviewer))
    assert comments[1].endswith(hashlib.sha256(files["baris.json"]).hexdigest())
    rows = json.loads(files["baris.json"])
    assert rows["case"][0]["code"] == case.code and len(rows["checklist"]) == case.checklist.count()
    assert json.loads(files["bukti-dibekukan.json"])[0]["evidence"] == case.decision_items.get().evidence


def test_the_trail_can_be_chained_by_whoever_holds_the_pack(closed):
    cast, case = closed
    trail = json.loads(opened(taken(case, cast.reviewer))[0]["jejak.json"])
    verbs = [row["verb"] for row in trail if row["subject_type"] == "deactivation.case"]
    assert verbs[0] == "case.nominated" and verbs[-1] == "case.closed"
    assert len(verbs) == Event.objects.filter(subject_type="deactivation.case", subject_id=case.pk).count()
    assert all(row["hash"] == link_hash(row["prev"], row["text"]) for row in trail if row["seq"])


def test_the_same_case_gives_the_same_bytes_and_another_act_others(closed):
    cast, case = closed
    first = taken(case, cast.reviewer)
    assert taken(case, cast.approver) == first
    session = made.session_of(case)
    services.amend_minutes(session.pk, by=cast.reviewer, text="Sekali lagi")
    assert taken(case, cast.reviewer) != first


def test_a_changed_stored_file_is_told(closed):
    cast, case = closed
    paper = made.letter_of(case).document
    path_of(paper.sha256).write_bytes(b"%PDF-1.4 lain")
    files, comments, hashes = opened(taken(case, cast.reviewer))
    name = f"surat/{paper.original_name}"
    assert broken(files, hashes) == {name} and hashes[name] == paper.sha256
    assert [line for line in comments if "BERKAS BERUBAH" in line] == [
        f"# BERKAS BERUBAH: {name}, kini {hashlib.sha256(b'%PDF-1.4 lain').hexdigest()}"
    ]
    as_it_lies = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    assert broken(files, as_it_lies) == set()  # control: a manifest of what lies there would tell nothing
    path_of(paper.sha256).unlink()
    files, comments, hashes = opened(taken(case, cast.reviewer))
    assert name not in files and f"# BERKAS HILANG: {name}" in comments and broken(files, hashes) == {name}


def test_what_the_reader_may_not_read_is_left_out_and_named(closed):
    cast, case = closed
    letter = made.letter_of(case)
    files, comments, hashes = opened(taken(case, cast.planner))
    assert f"# TIDAK DISERTAKAN, di luar hak baca penerima: surat/{letter.code}.pdf" in comments
    assert set(files) == set(hashes) and not any(path.startswith("surat/") for path in files)
    rows = json.loads(files["baris.json"])
    assert rows["letters"] == [] and letter.code not in {row["number"] for row in rows["issued"]}
    assert "letter.sent" not in {row["verb"] for row in json.loads(files["jejak.json"])}
    whole = opened(taken(case, cast.reviewer))
    assert whole[1][1] == comments[1]


@pytest.mark.parametrize("at", [*made.WAY, "withdrawn", "annulled"])
def test_every_state_has_a_pack(at):
    cast = made.make_cast()
    files, _comments, hashes = opened(taken(made.make_case(at=at, cast=cast), cast.reviewer))
    assert broken(files, hashes) == set() and files


def test_page_and_endpoint_serve_it_to_readers_of_the_case_only(closed):
    cast, case = closed
    page, endpoint = f"/kasus/{case.code}/berkas-bukti/", f"/api/v1/cases/{case.code}/evidence-pack/"
    served = signed_in(cast.head).get(page)
    assert served["Content-Type"] == "application/zip" and f"{case.code}.zip" in served["Content-Disposition"]
    again = api(cast.head).get(endpoint)
    assert b"".join(again.streaming_content) == b"".join(served.streaming_content)
    stranger = factories.make_actor("agency_head", cast.government, factories.make_agency(cast.government))
    assert signed_in(stranger).get(page).status_code == api(stranger).get(endpoint).status_code == 404
    assert page in signed_in(cast.head).get(case.get_absolute_url()).content.decode()
    events = Event.objects.filter(verb="case.evidence_taken")
    assert {event.details["case"] for event in events} == {case.code} and events.count() == 2


def test_the_addressee_who_takes_the_pack_has_opened_the_letter_in_it():
    cast = made.make_cast()
    case = made.make_case(at="nominated", cast=cast)
    letter = services.send_letter([case.pk], by=cast.reviewer)
    for reader, status in ((cast.reviewer, "sent"), (cast.operator, "delivered")):
        assert f"surat/{letter.code}.pdf" in opened(taken(case, reader))[0]
        letter.refresh_from_db()
        assert letter.status == status
