"""What is told of cases, letters and desk sessions."""

from django.utils.translation import gettext_lazy

from apps.notifications.rules.telling import OWNER, Telling

LETTER, SESSION = "/surat/{code}/", "/desk/{code}/"
CASE, STEPS = "/kasus/{code}/", "/kasus/{code}/langkah/"
TOLD = {
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
    "case.steps_handed_on": Telling(
        gettext_lazy("Langkah kasus %(code)s kini menjadi tugas kantor Anda"),
        gettext_lazy("Kantor yang semula bertanggung jawab sudah berubah; lanjutkan langkah yang belum selesai."),
        office=OWNER,
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
