"""Each act by its page: the way that works, what a refusal looks like, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.core import clock
from apps.deactivation import services
from apps.deactivation.models import Case, DeskSession, Letter, Phase
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import PASSWORD, page, signed_in

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"deactivation:{name}", args=args)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def pdf(name="bukti.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 bukti", content_type="application/pdf")


def test_a_reviewer_nominates(cast):
    application = made.make_registered(cast.owner, name="Antrean Puskesmas Lama")
    client = signed_in(cast.reviewer)
    response = client.post(
        url("nominate"), {"application": "APL-1999-000001", "ground": "technical", "reason": "Usang"}
    )
    assert response.status_code == 400 and "tidak ada di register" in response.content.decode()
    assert "Usang" in response.content.decode()
    response = client.post(url("nominate"), {"application": application.code, "ground": "technical", "reason": "Usang"})
    case = Case.objects.get(application=application)
    assert response.status_code == 302 and response["Location"] == case.get_absolute_url()
    again = client.post(url("nominate") + f"?aplikasi={application.code}", {"ground": "technical", "reason": "Lagi"})
    assert (
        again.status_code == 409
        and "sudah mempunyai kasus" in again.content.decode()
        and "Lagi" in again.content.decode()
    )


def test_the_head_requests_and_thereby_signs(cast):
    application = made.make_registered(cast.owner)
    response = signed_in(cast.head).post(url("nominate") + f"?aplikasi={application.code}", {"reason": "Pindah sistem"})
    assert response.status_code == 302
    assert Case.objects.get(application=application).status == "answered"


def test_the_head_signs_what_the_operator_requested(cast):
    application = made.make_registered(cast.owner)
    signed_in(cast.operator).post(url("nominate") + f"?aplikasi={application.code}", {"reason": "Pindah sistem"})
    case = Case.objects.get(application=application)
    assert "Tanda tangani" not in page(signed_in(cast.operator), case.get_absolute_url())
    client = signed_in(cast.head)
    assert "Tanda tangani" in page(client, case.get_absolute_url())
    assert client.post(url("sign_request", case.code), {"version": case.version}).status_code == 302
    assert fresh(case).status == "answered"


def test_withdrawing_needs_its_reason_and_the_present_version(cast):
    case = made.make_case(at="nominated", cast=cast)
    client = signed_in(cast.reviewer)
    assert client.post(url("withdraw", case.code), {"version": case.version, "withdraw-reason": ""}).status_code == 400
    stale = client.post(url("withdraw", case.code), {"version": 0, "withdraw-reason": "Masih dipakai"})
    assert stale.status_code == 412 and "Masih dipakai" in stale.content.decode()
    missing = client.post(url("withdraw", case.code), {"withdraw-reason": "Masih dipakai"})
    assert missing.status_code == 412
    assert (
        client.post(
            url("withdraw", case.code), {"version": case.version, "withdraw-reason": "Masih dipakai"}
        ).status_code
        == 302
    )
    assert fresh(case).status == "withdrawn"
    assert (
        signed_in(cast.head).post(url("withdraw", case.code), {"version": 1, "withdraw-reason": "x"}).status_code == 403
    )


def test_a_letter_goes_out_is_opened_and_answered(cast):
    case = made.make_case(at="nominated", cast=cast)
    reviewer, head = signed_in(cast.reviewer), signed_in(cast.head)
    code = cast.owner.code
    nothing = reviewer.post(url("send_letter"), {"office": code, f"{code}-note": "Mohon segera"})
    assert nothing.status_code == 400 and "Mohon segera" in nothing.content.decode()
    sent = reviewer.post(
        url("send_letter"), {"office": code, f"{code}-cases": [case.code], f"version-{case.code}": case.version}
    )
    letter = Letter.objects.get()
    assert sent.status_code == 302 and letter.status == "sent"
    page(reviewer, letter.get_absolute_url())
    assert Letter.objects.get().status == "sent", "a reviewer's look is no delivery"
    assert "Jawab surat" in page(head, letter.get_absolute_url())
    assert Letter.objects.get().status == "delivered"
    field = {f"version-{case.code}": fresh(case).version}
    assert head.post(url("answer", letter.code), field).status_code == 400
    bare = head.post(url("answer", letter.code), {**field, f"{case.code}-reply": "objected"})
    assert bare.status_code == 400 and "Tuliskan alasan keberatan" in bare.content.decode()
    done = head.post(
        url("answer", letter.code),
        {
            **field,
            f"{case.code}-reply": "objected",
            f"{case.code}-reason": "Dipakai audit",
            f"{case.code}-evidence": pdf(),
        },
    )
    assert done.status_code == 302
    item = fresh(case).letter_items.get()
    assert (item.answer, item.reason) == ("objected", "Dipakai audit")
    served = reviewer.get(url("case_document", case.code, item.evidence_id))
    assert served.status_code == 200
    assert signed_in(cast.operator).get(url("answer", letter.code)).status_code == 403


def test_a_reviewer_answers_only_from_a_scan(cast):
    case = made.make_case(at="awaiting_answer", cast=cast)
    letter, client = made.letter_of(case), signed_in(cast.reviewer)
    fields = {f"version-{case.code}": case.version, f"{case.code}-reply": "agreed"}
    assert client.post(url("answer", letter.code), fields).status_code == 400
    assert client.post(url("answer", letter.code), {**fields, f"{case.code}-evidence": pdf()}).status_code == 302
    assert fresh(case).letter_items.get().entered_for


def test_delivery_by_receipt_and_one_extension(cast):
    case = made.make_case(at="nominated", cast=cast)
    letter = services.send_letter([case.pk], by=cast.reviewer)
    client = signed_in(cast.reviewer)
    fields = {"version": letter.version, "record_delivery-delivered_on": letter.sent_on.isoformat()}
    assert client.post(url("record_delivery", letter.code), fields).status_code == 400
    early = {**fields, "record_delivery-delivered_on": (letter.sent_on - timedelta(days=1)).isoformat()}
    refused = client.post(url("record_delivery", letter.code), {**early, "record_delivery-evidence": pdf()})
    assert refused.status_code == 400 and "Tanggal terima" in refused.content.decode()
    assert (
        client.post(url("record_delivery", letter.code), {**fields, "record_delivery-evidence": pdf()}).status_code
        == 302
    )
    letter.refresh_from_db()
    longer = {"version": letter.version, "extend_deadline-days": 5, "extend_deadline-reason": "Kepala dinas umrah"}
    assert client.post(url("extend_deadline", letter.code), longer).status_code == 302
    letter.refresh_from_db()
    again = client.post(url("extend_deadline", letter.code), {**longer, "version": letter.version})
    assert again.status_code == 409 and "hanya dapat diperpanjang satu kali" in again.content.decode()


def posted(client, address, data):
    """The status of the answer to a form."""
    return client.post(address, data).status_code


def test_a_session_from_scheduling_to_minutes(cast):
    case, client = made.make_case(at="answered", cast=cast), signed_in(cast.reviewer)
    session = schedule_and_start(client, cast, case)
    said = {"version": fresh(case).version, "outcome": "deactivate", "reason": "Sudah diganti"}
    short = client.post(url("recommend", session.code, case.code), said)
    assert short.status_code == 409
    assert "Belum kuorum" in short.content.decode() and "Sudah diganti" in short.content.decode()
    seat_the_quorum(client, cast, session)
    give_opinion(client, cast, session, fresh(case))
    recommend_and_issue(client, session, case, said)


def schedule_and_start(client, cast, case):
    assert posted(client, url("schedule_session"), {"title": "Desk reviu ke-8"}) == 400
    assert posted(client, url("schedule_session"), {"title": "Desk reviu ke-8", "held_at": "2026-12-10T09:00"}) == 302
    session = DeskSession.objects.get()
    agenda = {"version": session.version}
    assert posted(client, url("add_to_agenda", session.code), agenda) == 400
    assert posted(client, url("add_to_agenda", session.code), {**agenda, "add_to_agenda-cases": [case.code]}) == 302
    session.refresh_from_db()
    invited = {"version": session.version, "invite-organizations": [cast.owner.code], "invite-reference": "005/12"}
    assert posted(client, url("invite", session.code), invited) == 302
    assert posted(client, url("start_session", session.code), {"version": session.version}) == 302
    return session


def seat_the_quorum(client, cast, session):
    offices = [cast.owner, *(factories.office(cast.government, f) for f in ("ict_office", "planning_office"))]
    for office, name in zip(offices, ("Sari", "Budi", "Wati"), strict=True):
        present = {"version": 0, "record_attendance-organization": office.code, "record_attendance-name": name}
        assert posted(client, url("record_attendance", session.code), present) == 302
    assert posted(client, url("record_attendance", session.code), present) == 409


def give_opinion(client, cast, session, case):
    opinion = {"version": case.version, "opinion-stance": "disagree", "opinion-text": ""}
    planner, address = signed_in(cast.planner), url("give_opinion", session.code, case.code)
    assert posted(planner, address, opinion) == 400
    assert posted(planner, address, {**opinion, "opinion-text": "Ada di peta rencana"}) == 302
    live = client.get(url("room_live", session.code) + f"?kasus={case.code}&bagian=pendapat").content.decode()
    assert "Ada di peta rencana" in live and "<html" not in live


def recommend_and_issue(client, session, case, said):
    assert posted(client, url("issue_minutes", session.code), {"version": DeskSession.objects.get().version}) == 409
    said = {**said, "version": fresh(case).version}
    bare = client.post(url("recommend", session.code, case.code), {**said, "outcome": "integrate"})
    assert bare.status_code == 400 and "Pilih aplikasi tujuannya" in bare.content.decode()
    assert posted(client, url("recommend", session.code, case.code), said) == 302
    assert fresh(case).status == "recommended"
    assert posted(client, url("issue_minutes", session.code), {"version": DeskSession.objects.get().version}) == 302
    amendment = {"version": 0, "amend_minutes-text": "Nama Sari menjadi Sari Dewi"}
    assert posted(client, url("amend_minutes", session.code), amendment) == 302
    assert "Nama Sari menjadi Sari Dewi" in page(client, session.get_absolute_url())
    minutes = session.minutes.first()
    assert client.get(url("minutes_document", session.code, minutes.pk)).status_code == 200


def test_postponing_and_cancelling(cast):
    case = made.make_case(at="on_desk", cast=cast)
    session, client = made.session_of(case), signed_in(cast.reviewer)
    address = url("postpone", session.code, case.code)
    assert client.post(address, {"version": case.version, "postpone-reason": ""}).status_code == 400
    assert client.post(address, {"version": case.version, "postpone-reason": "Data kurang"}).status_code == 302
    assert "Data kurang" in page(client, case.get_absolute_url())
    other = services.schedule_session(by=cast.reviewer, title="Sesi lain", held_at=clock.now())
    assert (
        client.post(
            url("cancel_session", other.code), {"version": other.version, "cancel_session-reason": "Bentrok"}
        ).status_code
        == 302
    )


def decision(case, **changes):
    return {
        "version": fresh(case).version,
        "decree_number": "188.4/219/2026",
        "legal_basis": made.LEGAL_BASIS,
        "password": PASSWORD,
        "item-outcome": "deactivate",
        "item-planned_saving": "186000000",
        "item-contract": "027/11",
        **changes,
    }


def test_deciding_from_the_page_of_the_case(cast):
    case = made.make_case(at="recommended", cast=cast)
    client = signed_in(cast.approver)
    body = page(client, case.get_absolute_url())
    assert "Tetapkan keputusan" in body and "Yang berubah bila ditetapkan" in body
    wrong = client.post(url("decide_case", case.code), decision(case, password="salah"))
    assert (
        wrong.status_code == 400
        and "188.4/219/2026" in wrong.content.decode()
        and "Kata sandi tidak cocok" in wrong.content.decode()
    )
    other = client.post(url("decide_case", case.code), decision(case, **{"item-outcome": "retain"}))
    assert other.status_code == 400 and "berbeda dari rekomendasi" in other.content.decode()
    soon = clock.today(cast.government.zone).isoformat()
    early = client.post(url("decide_case", case.code), decision(case, **{"item-effective_on": soon}))
    assert early.status_code == 400 and "masa keberatan" in early.content.decode()
    stale = client.post(url("decide_case", case.code), decision(case, version=0))
    assert stale.status_code == 412
    assert client.post(url("decide_case", case.code), decision(case)).status_code == 302
    case = fresh(case)
    assert (case.status, case.outcome, case.savings.get().contract) == ("decided", "deactivate", "027/11")
    for actor in (cast.reviewer, cast.head):
        assert signed_in(actor).post(url("decide_case", case.code), decision(case)).status_code == 403


def test_sending_back_instead_of_deciding(cast):
    case = made.make_case(at="recommended", cast=cast)
    client = signed_in(cast.approver)
    bare = client.post(url("decide_case", case.code), decision(case, **{"item-outcome": "send_back"}))
    assert bare.status_code == 400
    sent = client.post(
        url("decide_case", case.code), decision(case, **{"item-outcome": "send_back", "item-reason": "Periksa lagi"})
    )
    assert sent.status_code == 302 and fresh(case).status == "on_desk"


def test_deciding_several_cases_at_once(cast):
    cases = [made.make_case(at="recommended", cast=cast) for _n in range(2)]
    client = signed_in(cast.approver)
    body = page(client, url("decide"))
    assert all(case.application.name in body for case in cases)
    fields = {
        "cases": [case.code for case in cases],
        "decree_number": "188/1",
        "legal_basis": made.LEGAL_BASIS,
        "password": PASSWORD,
    }
    fields |= {f"version-{case.code}": case.version for case in cases}
    fields |= {f"{case.code}-outcome": "deactivate" for case in cases}
    none = client.post(url("decide"), {**fields, "cases": []})
    assert none.status_code == 400 and "188/1" in none.content.decode()
    assert client.post(url("decide"), fields).status_code == 302
    assert {fresh(case).decision_id for case in cases} == {fresh(cases[0]).decision_id}
    assert signed_in(cast.reviewer).get(url("decide")).status_code == 403


@pytest.mark.parametrize(("act", "ends"), [("uphold_objection", "recommended"), ("dismiss_objection", "decided")])
def test_an_objection_is_raised_and_answered(cast, act, ends):
    case = made.make_case(at="decided", cast=cast)
    head, approver = signed_in(cast.head), signed_in(cast.approver)
    assert "Ajukan keberatan" in page(head, case.get_absolute_url())
    fields = {
        "version": case.version,
        "raise_objection-reason": "Masih dipakai pajak",
        "raise_objection-evidence": pdf(),
    }
    assert head.post(url("raise_objection", case.code), fields).status_code == 302
    again = head.post(
        url("raise_objection", case.code), {**fields, "version": fresh(case).version, "raise_objection-evidence": pdf()}
    )
    assert again.status_code == 409
    assert "Kabulkan" in page(approver, case.get_absolute_url())
    assert "Kabulkan: " not in page(head, case.get_absolute_url())
    assert "Menunggu Pemutus memutus keberatan OPD." in page(head, case.get_absolute_url())
    answer = {"version": fresh(case).version, f"{act}-reason": "Sudah ditimbang"}
    assert approver.post(url(act, case.code), answer).status_code == 302
    assert fresh(case).status == ends
    assert "Menunggu Pemutus memutus keberatan OPD." not in page(head, case.get_absolute_url())


def test_annulling_asks_for_the_password(cast):
    case = made.make_case(at="decided", cast=cast)
    client = signed_in(cast.approver)
    fields = {"version": case.version, "annul-number": "188/9", "annul-reason": "Keliru", "annul-password": "salah"}
    refused = client.post(url("annul", case.code), fields)
    assert refused.status_code == 400 and "188/9" in refused.content.decode()
    assert client.post(url("annul", case.code), {**fields, "annul-password": PASSWORD}).status_code == 302
    assert fresh(case).status == "annulled"


def test_a_step_is_done_returned_done_again_and_verified_by_another(cast):
    case = made.make_case(at="executing", cast=cast)
    item = case.checklist.filter(phase=Phase.BEFORE, responsible=cast.owner).first()
    operator, reviewer = signed_in(cast.operator), signed_in(cast.reviewer)
    name = f"complete-{item.pk}"
    bare = operator.post(url("complete_item", case.code, item.pk), {"version": item.version, f"{name}-text": "Sudah"})
    assert bare.status_code == 400 and "Sudah" in bare.content.decode()
    done = {"version": item.version, f"{name}-evidence": pdf()}
    assert operator.post(url("complete_item", case.code, item.pk), done).status_code == 302
    item.refresh_from_db()
    assert operator.post(url("verify_item", case.code, item.pk), {"version": item.version}).status_code == 403
    back = {"version": item.version, f"return-{item.pk}-reason": "Bukti buram"}
    assert reviewer.post(url("return_item", case.code, item.pk), back).status_code == 302
    item.refresh_from_db()
    assert "Bukti buram" in page(operator, url("checklist", case.code))
    again = {"version": item.version, f"{name}-evidence": pdf()}
    assert operator.post(url("complete_item", case.code, item.pk), again).status_code == 302
    item.refresh_from_db()
    assert reviewer.post(url("verify_item", case.code, item.pk), {"version": item.version}).status_code == 302
    item.refresh_from_db()
    assert item.status == "verified"


def test_closing_names_what_is_missing(cast):
    case = made.make_case(at="executed", cast=cast)
    client = signed_in(cast.reviewer)
    refused = client.post(url("close_case", case.code), {"version": case.version})
    assert refused.status_code == 409 and "Belum diperiksa" in refused.content.decode()
    case = made.finish_phase(case, cast, Phase.AFTER)
    assert client.post(url("close_case", case.code), {"version": case.version}).status_code == 302
    assert fresh(case).status == "closed"


def test_bkad_verifies_what_is_saved(cast):
    case = made.make_case(at="recommended", cast=cast)
    signed_in(cast.approver).post(url("decide_case", case.code), decision(case))
    saving = fresh(case).savings.get()
    client = signed_in(cast.treasurer)
    assert "Nyatakan hemat sudah diperiksa" in page(client, case.get_absolute_url())
    address = url("verify_saving", case.code, saving.pk)
    assert client.post(address, {f"saving-{saving.pk}-amount": "banyak"}).status_code == 400
    typed = {f"saving-{saving.pk}-amount": "150000000", "version": saving.version}
    assert client.post(address, typed | {"version": saving.version + 5}).status_code == 412
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed | {"version": saving.version + 1}).status_code == 409
    assert signed_in(cast.reviewer).post(address, {f"saving-{saving.pk}-amount": "1"}).status_code == 403


def test_a_reviewer_settles_a_condition(cast):
    terms = {"conditions": [{"text": "Pindah ke akun tunggal", "due_on": clock.today(cast.government.zone)}]}
    case = made.make_case(at="decided", cast=cast, outcome="optimise", **terms)
    condition = case.conditions.get()
    address, name = url("settle_condition", case.code, condition.pk), f"condition-{condition.pk}"
    said = {"version": condition.version, f"{name}-status": "met", f"{name}-text": "", f"{name}-evidence": pdf()}
    assert signed_in(cast.operator).post(address, said).status_code == 403
    reviewer = signed_in(cast.reviewer)
    assert "Catat pemenuhan syarat ini" in page(reviewer, case.get_absolute_url())
    assert reviewer.post(address, said).status_code == 400
    said |= {f"{name}-text": "Sudah terhubung", f"{name}-evidence": pdf()}
    assert reviewer.post(address, said | {"version": 999}).status_code == 412
    assert reviewer.post(address, said | {f"{name}-evidence": pdf()}).status_code == 302
    condition.refresh_from_db()
    assert (condition.status, condition.evidence is not None) == ("met", True)
    shown = page(reviewer, case.get_absolute_url())
    assert "Sudah terhubung" in shown and "Catat pemenuhan" not in shown


def test_the_termination_report_is_served_by_its_case(cast):
    case = made.make_case(at="executed", cast=cast)
    reader = signed_in(cast.head)
    assert reader.get(url("termination_document", case.code)).status_code == 404
    case = made.finish_phase(case, cast, Phase.AFTER)
    services.close(case.pk, by=cast.reviewer, version=case.version)
    assert "Laporan hasil terminasi LHT-" in page(reader, case.get_absolute_url())
    served = reader.get(url("termination_document", case.code))
    assert b"".join(served.streaming_content).startswith(b"%PDF")
