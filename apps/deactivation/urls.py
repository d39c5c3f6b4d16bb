"""Web routes."""

from django.urls import path

from apps.deactivation.views import (
    cases,
    checklist,
    datasets,
    decisions,
    desk,
    downloads,
    letters,
    overview,
    room,
    savings,
    signing,
    verification,
)
from apps.deactivation.views.case_offers import CASE_OFFERS
from apps.deactivation.views.case_page import case_page, seen_case
from apps.deactivation.views.offers import act_view

app_name = "deactivation"
CASE_PATHS = {
    "sign_request": "tanda-tangani",
    "raise_objection": "keberatan",
    "uphold_objection": "keberatan/kabulkan",
    "dismiss_objection": "keberatan/tolak",
    "write_notice": "pemberitahuan",
    "close_case": "tutup",
    "name_caretaker": "pengampu",
    "withdraw": "tarik",
    "annul": "batalkan",
}
SESSION_PATHS = {
    "start_session": "mulai",
    "add_to_agenda": "agenda",
    "record_attendance": "hadir",
    "invite": "undang",
    "draft_minutes": "berita-acara/konsep",
    "remark_on_minutes": "berita-acara/koreksi",
    "issue_minutes": "berita-acara",
    "amend_minutes": "berita-acara/ubah",
    "cancel_session": "batal",
}
urlpatterns = [
    path("kasus/", cases.case_list, name="case_list"),
    path("kasus/usulkan/", cases.nominate, name="nominate"),
    path("kasus/ringkasan/", overview.case_overview, name="overview"),
    path("kasus/ringkasan/ekspor.<str:form>", overview.overview_file, name="overview_file"),
    path("kasus/<code>/", cases.case_detail, name="case_detail"),
    path("kasus/<code>/putuskan/", decisions.decide_case, name="decide_case"),
    *(
        path(f"kasus/<code>/{CASE_PATHS[offer.name]}/", act_view(offer, seen_case, case_page), name=offer.name)
        for offer in CASE_OFFERS
    ),
    path("kasus/<code>/langkah/", checklist.checklist, name="checklist"),
    path("kasus/<code>/langkah/<int:pk>/selesai/", checklist.complete_item, name="complete_item"),
    path("kasus/<code>/langkah/<int:pk>/periksa/", checklist.verify_item, name="verify_item"),
    path("kasus/<code>/langkah/<int:pk>/kembalikan/", checklist.return_item, name="return_item"),
    path("kasus/<code>/langkah/<int:pk>/bukti/", downloads.item_evidence, name="item_evidence"),
    path("kasus/<code>/data/", datasets.list_dataset, name="list_dataset"),
    path("kasus/<code>/data/<int:pk>/laksanakan/", datasets.settle_dataset, name="settle_dataset"),
    path("kasus/<code>/data/<int:pk>/periksa/", datasets.verify_dataset, name="verify_dataset"),
    path("kasus/<code>/data/<int:pk>/kembalikan/", datasets.return_dataset, name="return_dataset"),
    path("kasus/<code>/data/<int:pk>/batalkan/", datasets.drop_dataset, name="drop_dataset"),
    path("kasus/<code>/hemat/<int:pk>/", checklist.verify_saving, name="verify_saving"),
    path("kasus/<code>/hemat/<int:pk>/realisasi/", checklist.record_realised, name="record_realised"),
    path("kasus/<code>/syarat/<int:pk>/", checklist.settle_condition, name="settle_condition"),
    path("kasus/<code>/laporan-terminasi/", downloads.termination_document, name="termination_document"),
    path("kasus/<code>/berkas-bukti/", downloads.evidence_pack, name="evidence_pack"),
    path("kasus/<code>/dokumen/<int:pk>/", downloads.case_document, name="case_document"),
    path("penghematan/", savings.savings, name="savings"),
    path("penghematan/ekspor.<str:form>", savings.savings_file, name="savings_file"),
    path("aplikasi/<code>/kasus/", cases.application_cases, name="application_cases"),
    path("surat/", letters.letter_list, name="letter_list"),
    path("surat/kirim/", letters.send_letter, name="send_letter"),
    path("surat/<code>/", letters.letter_detail, name="letter_detail"),
    path("surat/<code>/jawab/", letters.answer, name="answer"),
    path("surat/<code>/sampai/", letters.record_delivery, name="record_delivery"),
    path("surat/<code>/perpanjang/", letters.extend_deadline, name="extend_deadline"),
    path("surat/<code>/berkas/", downloads.letter_document, name="letter_document"),
    path("surat/<code>/tanda-terima/", downloads.delivery_evidence, name="delivery_evidence"),
    path("desk/", desk.session_list, name="session_list"),
    path("desk/jadwalkan/", desk.schedule_session, name="schedule_session"),
    path("desk/<code>/", desk.session_detail, name="session_detail"),
    *(path(f"desk/<code>/{word}/", desk.session_act(name), name=name) for name, word in SESSION_PATHS.items()),
    path("desk/<code>/berita-acara/<int:pk>/", downloads.minutes_document, name="minutes_document"),
    path(
        "desk/<code>/berita-acara/<int:pk>/bertanda-tangan/",
        signing.attach_signed_minutes,
        name="attach_signed_minutes",
    ),
    path("desk/<code>/bertanda-tangan/<int:pk>/", signing.signed_minutes, name="signed_minutes"),
    path("desk/<code>/undangan.ics", desk.session_calendar, name="session_calendar"),
    path("desk/<code>/layar/", room.room, name="room"),
    path("desk/<code>/layar/kini/", room.room_live, name="room_live"),
    path("desk/<code>/kasus/<case_code>/pendapat/", room.give_opinion, name="give_opinion"),
    path("desk/<code>/kasus/<case_code>/rekomendasi/", room.recommend, name="recommend"),
    path("desk/<code>/kasus/<case_code>/tunda/", room.postpone, name="postpone"),
    path("keputusan/", decisions.decision_list, name="decision_list"),
    path("keputusan/tetapkan/", decisions.decide, name="decide"),
    path("keputusan/<code>/", decisions.decision_detail, name="decision_detail"),
    path("keputusan/<code>/berkas/", downloads.decision_document, name="decision_document"),
    path("keputusan/<code>/bertanda-tangan/", signing.attach_signed_decision, name="attach_signed_decision"),
    path("keputusan/<code>/bertanda-tangan/<int:pk>/", signing.signed_decision, name="signed_decision"),
    path("verifikasi/<address>/", verification.verify_document, name="verify_document"),
]
