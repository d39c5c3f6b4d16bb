"""Signed copies beside the issued paper, and the verification page asked with real files."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client

from apps.audit.models import Event
from apps.core.errors import RuleViolation
from apps.deactivation import services
from apps.deactivation.models import IssuedDocument, SignedCopy
from apps.documents import services as documents
from apps.documents.services import open_file
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.test_guards import IGNORE_ALL, _refused
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db
BSRE = "Tanda tangan elektronik ada; keabsahan sertifikat diperiksa di layanan BSrE."
SCANNED = b"%PDF-1.4 pindaian bertanda tangan"
SIGNED = b"%PDF-1.7 /Type /Sig /ByteRange [0 10 20 30]"


def upload(content, name="berkas.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def stored(by, content):
    return documents.store(upload(content), by=by, kind="scan")


@pytest.fixture
def minuted(db):
    cast = made.make_cast()
    session = made.session_of(made.make_case(at="recommended", cast=cast))
    minutes = services.issue_minutes(session.pk, by=cast.reviewer, version=session.version)
    return cast, session, minutes.issued


def attach(cast, session, issued, content=SCANNED, kind="scan", by=None):
    by = by or cast.reviewer
    return services.attach_signed_minutes(
        session.code, by=by, number=issued.number, kind=kind, evidence=stored(by, content)
    )


def original(issued):
    with open_file(issued.document) as file:
        return file.read()


def test_a_signed_copy_stands_beside_the_original(minuted):
    cast, session, issued = minuted
    before = (issued.sha256, original(issued))
    copy = attach(cast, session, issued)
    electronic = attach(cast, session, issued, SIGNED, "electronic", by=cast.approver)
    issued = IssuedDocument.objects.get(pk=issued.pk)
    assert (issued.sha256, original(issued)) == before
    assert {copy.sha256, electronic.sha256}.isdisjoint({issued.sha256})
    told = Event.objects.filter(verb="session.signed_copy_attached", subject_id=session.pk)
    assert [row.details["sha256"] for row in told.order_by("pk")] == [copy.sha256, electronic.sha256]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(None, "scan"), (SCANNED, "electronic"), (b"nama,jabatan\nA,B\n", "scan"), (SCANNED, "lain")],
    ids=["the original", "no signature in it", "a list", "no such kind"],
)
def test_what_is_no_signed_copy(minuted, content, kind):
    cast, session, issued = minuted
    with pytest.raises(ValidationError):
        attach(cast, session, issued, content or original(issued), kind)
    assert not SignedCopy.objects.exists()


def test_the_same_file_is_attached_once(minuted):
    cast, session, issued = minuted
    attach(cast, session, issued)
    with pytest.raises(RuleViolation) as refused:
        attach(cast, session, issued)
    assert refused.value.code == "attached_before"


def test_before_the_minutes_are_issued_there_is_nothing_to_sign():
    cast = made.make_cast()
    session = made.session_of(made.make_case(at="on_desk", cast=cast))
    with pytest.raises(RuleViolation):
        services.attach_signed_minutes(
            session.code, by=cast.reviewer, number="BA-2026-0001", kind="scan", evidence=stored(cast.reviewer, SCANNED)
        )


def test_only_reviewer_and_approver_of_the_government(minuted):
    cast, session, issued = minuted
    for person in (cast.head, cast.planner, factories.make_actor("auditor", cast.government)):
        with pytest.raises(PermissionDenied):
            attach(cast, session, issued, by=person)


def test_the_verification_page_tells_original_signed_and_changed_files_apart(minuted):
    cast, session, issued = minuted
    attach(cast, session, issued)
    address, genuine = issued.get_absolute_url(), original(issued)
    changed = genuine[:-20] + bytes([genuine[-20] ^ 1]) + genuine[-19:]
    other = SCANNED.replace(b"pindaian", b"Pindaian")
    said = {}
    for word, content in {"original": genuine, "signed": SCANNED, "changed": changed, "changed scan": other}.items():
        answer = Client().post(address, {"file": upload(content)})
        assert answer.status_code == 200
        said[word] = answer.context["result"]
    assert said == {"original": "match", "signed": "signed", "changed": "differ", "changed scan": "differ"}
    shown = page(Client(), address)
    assert SignedCopy.objects.get().sha256 in shown and issued.sha256 in shown and cast.reviewer.name not in shown


def test_a_copy_of_another_paper_is_not_this_papers(minuted):
    cast, session, issued = minuted
    attach(cast, session, issued)
    amended = services.amend_minutes(session.pk, by=cast.reviewer, text="Ralat tempat")
    answer = Client().post(amended.issued.get_absolute_url(), {"file": upload(SCANNED)})
    assert answer.context["result"] == "differ"


@pytest.mark.parametrize("variables", [(), (IGNORE_ALL,)], ids=["plain", "pgtrigger.ignore"])
def test_sql_changes_no_signed_copy(minuted, variables):
    cast, session, issued = minuted
    copy = attach(cast, session, issued)
    for statement in (
        "UPDATE deactivation_signedcopy SET sha256 = repeat('0', 64) WHERE id = %s",
        "DELETE FROM deactivation_signedcopy WHERE id = %s",
    ):
        assert _refused(statement, copy.pk, variables)


def test_pages_and_endpoints_attach_and_serve(minuted):
    cast, session, issued = minuted
    client = signed_in(cast.reviewer)
    minutes = session.minutes.get()
    assert "Lampirkan salinan bertanda tangan" in page(client, session.get_absolute_url())
    assert "Lampirkan salinan" not in page(signed_in(cast.head), session.get_absolute_url())
    address, prefix = f"/desk/{session.code}/berita-acara/{minutes.pk}/bertanda-tangan/", f"signed-{minutes.pk}"
    refused = client.post(address, {f"{prefix}-kind": "electronic", f"{prefix}-evidence": upload(SCANNED)})
    assert refused.status_code == 400 and "tidak memuat tanda tangan elektronik" in refused.content.decode()
    assert client.post(address, {f"{prefix}-kind": "scan", f"{prefix}-evidence": upload(SCANNED)}).status_code == 302
    copy = SignedCopy.objects.get()
    served = signed_in(cast.head).get(f"/desk/{session.code}/bertanda-tangan/{copy.pk}/")
    assert b"".join(served.streaming_content) == SCANNED
    told = api(cast.head).get(f"/api/v1/desk-sessions/{session.code}/").json()
    assert told["minutes"][0]["issued"]["signed_copies"][0]["sha256"] == copy.sha256


def test_a_decision_gets_its_signed_copy():
    cast = made.make_cast()
    case = made.make_case(at="decided", cast=cast)
    address = case.decision.get_absolute_url()
    client = signed_in(cast.approver)
    done = client.post(address + "bertanda-tangan/", {"signed-kind": "electronic", "signed-evidence": upload(SIGNED)})
    assert done.status_code == 302
    copy = SignedCopy.objects.get()
    body = page(client, address)
    assert copy.sha256[:16] in body and BSRE in body
    assert BSRE in page(Client(), case.decision.issued.get_absolute_url())
    assert client.get(f"{address}bertanda-tangan/{copy.pk}/").status_code == 200
    path = f"/api/v1/decisions/{case.decision.code}/attach-signed/"
    again = api(cast.approver).post(path, {"kind": "electronic", "evidence": upload(SIGNED)}, format="multipart")
    assert again.status_code == 409
    told = api(cast.approver).post(path, {"kind": "scan", "evidence": upload(SCANNED)}, format="multipart")
    said = {row["kind"]: row["checked"] for row in told.json()["issued"]["signed_copies"]}
    assert said == {
        "electronic": BSRE,
        "scan": "Berkasnya bukan naskah asli; tanda tangan basah tidak diperiksa oleh register.",
    }


def test_that_a_signature_is_there_is_all_that_is_checked(minuted):
    """A signature nobody issued is attached too, and page and API say what that means."""
    cast, session, issued = minuted
    forged = attach(cast, session, issued, SIGNED.replace(b"/ByteRange", b"/ByteRange [0 0 0 0]"), "electronic")
    assert str(forged.checked) == BSRE


def test_a_decision_of_another_government_is_not_there():
    decision = made.make_case(at="decided", cast=made.make_cast()).decision
    stranger = factories.make_actor("reviewer", factories.make_government("Kota Lain"))
    with pytest.raises(Http404):
        services.attach_signed_decision(decision.code, by=stranger, kind="scan", evidence=stored(stranger, SCANNED))
    assert not SignedCopy.objects.exists()
