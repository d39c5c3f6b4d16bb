"""Which act is told to whom, in which words, and when a mail is tried again."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.utils.translation import gettext, gettext_lazy

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Telling:
    """A sentence and what to do; `office` roles hear it for their own office, `wide` ones for their government."""

    subject: object
    text: object
    office: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    path: str = ""


OWNER = ("operator", "agency_head")
APP, PERIOD, REPORT = "/aplikasi/{code}/", "/triwulan/?triwulan={quarter}", "/triwulan/{quarter}/lapor/"
FINDING, LETTER, SESSION = "/temuan/{code}/", "/surat/{code}/", "/desk/{code}/"
CASE, STEPS = "/kasus/{code}/", "/kasus/{code}/langkah/"
TELLINGS = {
    "application.submitted": Telling(
        gettext_lazy("Pendaftaran %(code)s menunggu pemeriksaan"),
        gettext_lazy("Periksa isinya, lalu daftarkan, kembalikan, atau tolak dengan alasan."),
        wide=("reviewer",),
        path=APP,
    ),
    "application.returned": Telling(
        gettext_lazy("Pendaftaran %(code)s dikembalikan untuk diperbaiki"),
        gettext_lazy("Perbaiki yang disebut, lalu ajukan lagi."),
        office=("operator",),
        path=APP,
    ),
    "application.refused": Telling(
        gettext_lazy("Pendaftaran %(code)s ditolak"),
        gettext_lazy("Penolakan bersifat tetap; daftarkan kembali sebagai konsep baru bila perlu."),
        office=OWNER,
        path=APP,
    ),
    "application.registered": Telling(
        gettext_lazy("Aplikasi %(code)s terdaftar"),
        gettext_lazy("Kode ini tetap dan dipakai untuk laporan triwulan."),
        office=("operator",),
        path=APP,
    ),
    "application.withdrawn": Telling(
        gettext_lazy("Pendaftaran %(code)s ditarik OPD"),
        gettext_lazy("Tidak ada yang perlu diperiksa lagi."),
        wide=("reviewer",),
        path=APP,
    ),
    "application.facts_confirmed": Telling(
        gettext_lazy("Fakta aplikasi %(code)s dikonfirmasi Diskominfo"),
        gettext_lazy("Berlaku mulai triwulan berikutnya."),
        office=("operator",),
        path=APP,
    ),
    "application.suspension_granted": Telling(
        gettext_lazy("Penangguhan aplikasi %(code)s diberikan"),
        gettext_lazy("Selama penangguhan aplikasi dikecualikan dari penilaian."),
        office=("operator",),
        path=APP,
    ),
    "application.retiring": Telling(
        gettext_lazy("Aplikasi %(code)s memasuki masa penonaktifan"),
        gettext_lazy("Kerjakan langkah pelaksanaannya pada halaman kasus."),
        office=("operator",),
        path=APP,
    ),
    "application.retiring_cancelled": Telling(
        gettext_lazy("Penonaktifan aplikasi %(code)s dibatalkan"),
        gettext_lazy("Aplikasi kembali berstatus terdaftar."),
        office=("operator",),
        path=APP,
    ),
    "application.retired": Telling(
        gettext_lazy("Aplikasi %(code)s pensiun"),
        gettext_lazy("Aplikasi tetap tercatat dan tidak lagi dilaporkan."),
        office=("operator",),
        wide=("executive",),
        path=APP,
    ),
    "application.reactivated": Telling(
        gettext_lazy("Aplikasi %(code)s aktif kembali"),
        gettext_lazy("Aplikasi dilaporkan lagi mulai triwulan berikutnya."),
        office=("operator",),
        path=APP,
    ),
    "period.opened": Telling(
        gettext_lazy("Masa lapor %(quarter)s dibuka"),
        gettext_lazy("Isi dan kirim laporan pemanfaatan semua aplikasi kantor Anda."),
        wide=OWNER,
        path=PERIOD,
    ),
    "period.extended": Telling(
        gettext_lazy("Masa lapor %(quarter)s diperpanjang"),
        gettext_lazy("Batas baru tertulis pada halaman triwulan."),
        wide=OWNER,
        path=PERIOD,
    ),
    "period.closed": Telling(
        gettext_lazy("Masa lapor %(quarter)s ditutup"),
        gettext_lazy("Hasil penilaian sudah dapat dibaca."),
        wide=("operator", "agency_head", "reviewer", "executive"),
        path=PERIOD,
    ),
    "report.returned": Telling(
        gettext_lazy("Laporan %(code)s dikembalikan"),
        gettext_lazy("Perbaiki dan kirim lagi sebelum masa lapor ditutup."),
        office=("operator",),
        path=REPORT,
    ),
    "assessment.corrected": Telling(
        gettext_lazy("Hasil penilaian %(code)s dikoreksi"),
        gettext_lazy("Laporan terlambat diterima dan mengubah hasil triwulan itu."),
        office=OWNER,
        path=PERIOD,
    ),
    "finding.raised": Telling(
        gettext_lazy("Temuan %(code)s muncul"),
        gettext_lazy("Bukti tiap triwulan tertulis pada halaman temuan."),
        wide=("reviewer",),
        path=FINDING,
    ),
    "finding.dismissed": Telling(
        gettext_lazy("Temuan %(code)s dikesampingkan"),
        gettext_lazy("Hitungan triwulan dimulai lagi."),
        office=OWNER,
        path=FINDING,
    ),
    "finding.corrected": Telling(
        gettext_lazy("Temuan %(code)s gugur karena koreksi"),
        gettext_lazy("Laporan terlambat mengubah penilaiannya."),
        office=OWNER,
        wide=("reviewer",),
        path=FINDING,
    ),
    "case.nominated": Telling(
        gettext_lazy("Kasus %(code)s menunggu penelaahan"),
        gettext_lazy("Kirim surat konfirmasi, atau tarik usulan dengan alasan."),
        wide=("reviewer",),
        path=CASE,
    ),
    "case.request_signed": Telling(
        gettext_lazy("Permintaan OPD dalam kasus %(code)s ditandatangani"),
        gettext_lazy("Kasus siap masuk agenda desk reviu."),
        wide=("reviewer",),
        path=CASE,
    ),
    "case.caretaker_named": Telling(
        gettext_lazy("Kantor Anda menjadi pengampu dalam kasus %(code)s"),
        gettext_lazy("Kantor Anda menjawab surat untuk aplikasi tanpa pemilik ini."),
        office=OWNER,
        path=CASE,
    ),
    "case.withdrawn": Telling(
        gettext_lazy("Kasus %(code)s ditarik"),
        gettext_lazy("Tidak ada lagi yang perlu dijawab dalam kasus ini."),
        office=OWNER,
        path=CASE,
    ),
    "letter.sent": Telling(
        gettext_lazy("Surat %(code)s menunggu jawaban"),
        gettext_lazy("Buka surat untuk membaca aplikasi dan tenggatnya; kepala OPD mengirim jawaban."),
        office=OWNER,
        path=LETTER,
    ),
    "letter.delivered": Telling(
        gettext_lazy("Surat %(code)s sampai di OPD"),
        gettext_lazy("Tenggat jawaban mulai dihitung pada hari kerja berikutnya."),
        wide=("reviewer",),
        path=LETTER,
    ),
    "letter.extended": Telling(
        gettext_lazy("Tenggat surat %(code)s diperpanjang"),
        gettext_lazy("Tenggat baru tertulis pada halaman surat."),
        office=OWNER,
        path=LETTER,
    ),
    "case.answered": Telling(
        gettext_lazy("Kasus %(code)s dijawab OPD"),
        gettext_lazy("Baca jawabannya, lalu masukkan ke agenda desk reviu."),
        wide=("reviewer",),
        path=CASE,
    ),
    "case.answered_late": Telling(
        gettext_lazy("Jawaban terlambat untuk kasus %(code)s diterima"),
        gettext_lazy("Jawaban dicatat di samping anggapan setuju."),
        wide=("reviewer",),
        path=CASE,
    ),
    "case.deemed_agreed": Telling(
        gettext_lazy("OPD dianggap setuju dalam kasus %(code)s"),
        gettext_lazy("Surat tidak dijawab sampai tenggat; jawaban yang menyusul dicatat sebagai terlambat."),
        office=OWNER,
        wide=("reviewer",),
        path=CASE,
    ),
    "session.scheduled": Telling(
        gettext_lazy("Desk reviu %(code)s dijadwalkan"),
        gettext_lazy("Waktu, tempat, dan agenda tertulis pada halaman sidang."),
        wide=("companion", "reviewer", "approver"),
        path=SESSION,
    ),
    "session.invited": Telling(
        gettext_lazy("Undangan desk reviu %(code)s"),
        gettext_lazy("Hadirkan wakil kantor Anda; waktu dan agenda tertulis pada halaman sidang."),
        office=OWNER,
        path=SESSION,
    ),
    "session.cancelled": Telling(
        gettext_lazy("Desk reviu %(code)s dibatalkan"),
        gettext_lazy("Kasus pada agendanya menunggu jadwal baru."),
        wide=("companion", "reviewer", "approver"),
        path=SESSION,
    ),
    "session.minuted": Telling(
        gettext_lazy("Berita Acara desk reviu %(code)s terbit"),
        gettext_lazy("Berita Acara dapat diunduh pada halaman sidang."),
        wide=("companion", "reviewer", "approver"),
        path=SESSION,
    ),
    "session.minutes_amended": Telling(
        gettext_lazy("Berita Acara desk reviu %(code)s diubah dengan tambahan"),
        gettext_lazy("Naskah pertama tetap; tambahannya tertulis terpisah."),
        wide=("companion", "reviewer", "approver"),
        path=SESSION,
    ),
    "case.postponed": Telling(
        gettext_lazy("Pembahasan kasus %(code)s ditunda"),
        gettext_lazy("Kasus tetap di desk dan dibahas pada sidang berikutnya."),
        office=OWNER,
        path=CASE,
    ),
    "case.recommended": Telling(
        gettext_lazy("Kasus %(code)s menunggu keputusan"),
        gettext_lazy("Bukti, pendapat, dan rekomendasi tertulis pada halaman kasus."),
        wide=("approver",),
        path=CASE,
    ),
    "case.sent_back": Telling(
        gettext_lazy("Kasus %(code)s dikembalikan ke desk"),
        gettext_lazy("Bahas lagi sesuai alasan yang tertulis."),
        wide=("reviewer",),
        path=CASE,
    ),
    "case.decided": Telling(
        gettext_lazy("Kasus %(code)s diputuskan"),
        gettext_lazy("Keputusan dan masa keberatan tertulis pada halaman kasus."),
        office=OWNER,
        wide=("reviewer", "executive"),
        path=CASE,
    ),
    "case.objected": Telling(
        gettext_lazy("Keberatan atas keputusan kasus %(code)s"),
        gettext_lazy("Kabulkan atau tolak sebelum tanggal berlaku."),
        wide=("approver",),
        path=CASE,
    ),
    "case.objection_upheld": Telling(
        gettext_lazy("Keberatan dalam kasus %(code)s dikabulkan"),
        gettext_lazy("Kasus kembali menunggu keputusan."),
        office=OWNER,
        wide=("reviewer",),
        path=CASE,
    ),
    "case.objection_dismissed": Telling(
        gettext_lazy("Keberatan dalam kasus %(code)s ditolak"),
        gettext_lazy("Keputusan tetap berlaku."),
        office=OWNER,
        wide=("reviewer",),
        path=CASE,
    ),
    "case.execution_begun": Telling(
        gettext_lazy("Pelaksanaan kasus %(code)s dimulai"),
        gettext_lazy("Kerjakan langkah kantor Anda dan unggah buktinya sebelum tanggal berlaku."),
        office=OWNER,
        wide=("reviewer",),
        path=STEPS,
    ),
    "case.execution_blocked": Telling(
        gettext_lazy("Penonaktifan dalam kasus %(code)s tertahan"),
        gettext_lazy("Tanggal berlaku sudah tiba, tetapi langkah wajib belum selesai diperiksa."),
        office=OWNER,
        wide=("reviewer",),
        path=STEPS,
    ),
    "case.item_completed": Telling(
        gettext_lazy("Bukti langkah kasus %(code)s menunggu pemeriksaan"),
        gettext_lazy("Periksa buktinya, lalu terima atau kembalikan."),
        wide=("reviewer",),
        path=STEPS,
    ),
    "case.item_returned": Telling(
        gettext_lazy("Bukti langkah kasus %(code)s dikembalikan"),
        gettext_lazy("Perbaiki dan unggah lagi buktinya."),
        office=("operator",),
        path=STEPS,
    ),
    "case.retired": Telling(
        gettext_lazy("Aplikasi dalam kasus %(code)s dipensiunkan"),
        gettext_lazy("Lanjutkan langkah pematian dan unggah buktinya."),
        office=OWNER,
        wide=("reviewer", "executive"),
        path=STEPS,
    ),
    "case.executed": Telling(
        gettext_lazy("Kasus %(code)s terlaksana"),
        gettext_lazy("Langkah sesudah dimatikan kini dapat dikerjakan."),
        office=OWNER,
        wide=("reviewer",),
        path=STEPS,
    ),
    "case.closed": Telling(
        gettext_lazy("Kasus %(code)s selesai"),
        gettext_lazy("Hasil akhirnya tertulis pada halaman kasus."),
        office=OWNER,
        wide=("reviewer", "executive"),
        path=CASE,
    ),
    "case.annulled": Telling(
        gettext_lazy("Keputusan kasus %(code)s dibatalkan"),
        gettext_lazy("Aplikasi kembali seperti sebelum diputuskan."),
        office=OWNER,
        wide=("reviewer",),
        path=CASE,
    ),
    "condition.met": Telling(
        gettext_lazy("Syarat dalam kasus %(code)s dipenuhi"),
        gettext_lazy("Syarat ini tidak lagi ditagih."),
        office=OWNER,
        path=CASE,
    ),
    "condition.dropped": Telling(
        gettext_lazy("Syarat dalam kasus %(code)s digugurkan"),
        gettext_lazy("Syarat ini tidak lagi ditagih."),
        office=OWNER,
        path=CASE,
    ),
    "saving.verified": Telling(
        gettext_lazy("Penghematan dalam kasus %(code)s diperiksa"),
        gettext_lazy("Jumlah yang diperiksa tertulis pada halaman kasus."),
        wide=("approver", "executive"),
        path=CASE,
    ),
}
# Acts the trail keeps and nobody is told of: another act beside them tells it, or only the doer is concerned.
SILENT = frozenset(
    {
        "application.draft_deleted",
        "application.drafted",
        "application.edited",
        "application.held",
        "application.hold_released",
        "applications.enriched",
        "applications.exported",
        "case.item_verified",
        "case.letter_restarted",
        "case.letter_sent",
        "case.opinion_given",
        "case.put_on_agenda",
        "checklist_template.saved",
        "count.restarted",
        "decision.issued",
        "demo.marked",
        "document.stored",
        "finding.closed",
        "finding.taken_up",
        "holidays.confirmed",
        "import.checked",
        "import.committed",
        "import.dropped",
        "mail.requeued",
        "membership.ended",
        "membership.granted",
        "organization.created",
        "organization.deactivated",
        "organization.edited",
        "organization.reactivated",
        "organizations.imported",
        "period.closing",
        "person.deactivated",
        "person.edited",
        "person.invitation_accepted",
        "person.invitation_renewed",
        "person.invited",
        "person.password_changed",
        "person.reactivated",
        "person.signed_in",
        "policy.edited",
        "report.accepted",
        "report.endorsed",
        "report.submitted",
        "reports.accepted",
        "reports.submitted",
        "session.attended",
        "session.started",
        "token.created",
        "token.revoked",
        "usage_token.created",
        "usage_token.revoked",
    }
)


def words_of(code: str, details: dict) -> dict[str, str]:
    """What a sentence and a path may name: the subject's code, and its quarter when it has one."""
    named = str(details.get("quarter") or details.get("period") or code.rpartition("/")[2])
    try:
        quarter = Quarter.parse(named)
    except RuleViolation:
        return {"code": code, "quarter": "", "period": ""}
    return {"code": code, "quarter": quarter.label, "period": str(quarter)}


def path_of(telling: Telling, words: dict[str, str]) -> str:
    """The page the sentence leads to."""
    return telling.path.format(code=words["code"], quarter=words["period"])


def text_of(telling: Telling, reason: str) -> str:
    """What to do, and the reason that was given."""
    return f"{telling.text} {gettext('Alasan: “%(reason)s”') % {'reason': reason}}" if reason else str(telling.text)


def wait_after(attempts: int, random: Random) -> timedelta:
    """Twice as long after each failure, at most six hours, with up to a quarter of jitter."""
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (1 + random.random() / 4)
