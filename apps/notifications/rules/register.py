"""What is told of applications, quarters, reports and findings."""

from django.utils.translation import gettext_lazy

from apps.notifications.rules.telling import OWNER, Telling

APP, PERIOD, REPORT = "/aplikasi/{code}/", "/triwulan/?triwulan={quarter}", "/triwulan/{quarter}/lapor/"
CHASE = "/triwulan/{quarter}/tagih/"
FINDING, EXPLANATION = "/temuan/{code}/", "/penjelasan/{code}/"
TOLD = {
    "webhook.failing": Telling(
        gettext_lazy("Langganan webhook %(code)s dijeda: alamatnya tidak menerima apa pun selama tiga hari"),
        gettext_lazy("Periksa sistem penerimanya, lalu lanjutkan langganan; yang menunggu dikirim lagi."),
        wide=("administrator",),
        path="/pengelolaan/webhook/{code}/",
    ),
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
    "application.merged": Telling(
        gettext_lazy("Aplikasi %(code)s digabung ke aplikasi lain"),
        gettext_lazy("Kode lama mengarah ke catatan yang dipertahankan; laporan selanjutnya dibuat di sana."),
        office=OWNER,
        path=APP,
    ),
    "quarter_report.issued": Telling(
        gettext_lazy("Laporan %(quarter)s sudah terbit"),
        gettext_lazy("Baca jumlah aplikasi yang dipakai, OPD yang perlu perhatian, kasus, dan penghematan."),
        wide=("executive", "reviewer"),
        path="/laporan/triwulan/",
    ),
    "contract.expiring": Telling(
        gettext_lazy("Kontrak %(title)s berakhir %(until)s"),
        gettext_lazy("Putuskan perpanjangan atau penggantinya, lalu perbarui tab Biaya aplikasi itu."),
        office=("operator",),
        wide=("reviewer",),
        path="/aplikasi/{code}/biaya/",
    ),
    "document.expiring": Telling(
        gettext_lazy("Dokumen %(title)s berlaku sampai %(until)s"),
        gettext_lazy("Siapkan penggantinya, lalu perbarui tab Dokumen aplikasi itu."),
        office=("operator",),
        wide=("reviewer",),
        path="/aplikasi/{code}/dokumen/",
    ),
    "reorganization.executed": Telling(
        gettext_lazy("Perubahan organisasi %(code)s berlaku"),
        gettext_lazy("Aplikasi, peran, surat, dan laporan yang masih berjalan kini berada pada kantor penerus."),
        office=OWNER,
        wide=("reviewer",),
        path="/aplikasi/",
    ),
    "membership.handed_over": Telling(
        gettext_lazy("Peran diserahterimakan"),
        gettext_lazy("Konsep, laporan, dan langkah yang belum selesai menunggu penerusnya di Beranda."),
        office=OWNER,
        path="/",
    ),
    "membership.delegated": Telling(
        gettext_lazy("%(title)s menjadi pelapor sementara sampai %(until)s"),
        gettext_lazy("Ia mengisi dan mengirim laporan kantor sampai hari itu; sesudahnya haknya berakhir sendiri."),
        office=OWNER,
        path="/triwulan/",
    ),
    "membership.recalled": Telling(
        gettext_lazy("Tugas %(title)s sebagai pelapor sementara diakhiri"),
        gettext_lazy("Laporan yang belum dikirim kembali kepada operator dan kepala kantor."),
        office=OWNER,
        path="/triwulan/",
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
    "reminder.operator": Telling(
        gettext_lazy("%(left)s laporan %(quarter)s belum dikirim, %(days)s"),
        gettext_lazy("Isian triwulan lalu sudah tersedia; ubah yang berbeda, nyatakan benar, lalu kirim."),
        office=("operator",),
        path=REPORT,
        personal=True,
    ),
    "reminder.head": Telling(
        gettext_lazy("%(left)s laporan %(quarter)s kantor Anda belum dikirim, %(days)s"),
        gettext_lazy("Ingatkan operator kantor Anda, atau kirim sendiri; sahkan setelah lengkap."),
        office=("agency_head",),
        path=PERIOD,
        personal=True,
    ),
    "reminder.digest": Telling(
        gettext_lazy("%(quarter)s ditutup: %(left)s aplikasi tidak dilaporkan tepat waktu"),
        gettext_lazy("Cakupan tiap perangkat daerah tertulis pada halaman triwulan."),
        wide=("executive",),
        path=PERIOD,
        personal=True,
    ),
    "reminder.held": Telling(
        gettext_lazy("Pengingat kepada %(recipients)s orang ditahan"),
        gettext_lazy("Lebih dari seratus di antaranya belum pernah diingatkan. Periksa, lalu kirim atau batalkan."),
        wide=("reviewer",),
        path=CHASE,
    ),
    "report.returned": Telling(
        gettext_lazy("Laporan %(code)s dikembalikan"),
        gettext_lazy("Perbaiki dan kirim lagi sebelum masa lapor ditutup."),
        office=("operator",),
        path=REPORT,
    ),
    "report.reopened": Telling(
        gettext_lazy("Laporan %(code)s ditarik kembali menjadi konsep"),
        gettext_lazy("Dihitung belum melapor sampai dikirim lagi."),
        office=OWNER,
        path=REPORT,
    ),
    "explanation.asked": Telling(
        gettext_lazy("Diskominfo meminta penjelasan (%(code)s)"),
        gettext_lazy("Jawab dengan penjelasan dan bukti bila ada; jawabannya menjadi bagian bukti."),
        office=OWNER,
        path=EXPLANATION,
    ),
    "explanation.given": Telling(
        gettext_lazy("OPD menjelaskan (%(code)s)"),
        gettext_lazy("Baca penjelasannya sebelum memutuskan laporan atau temuannya."),
        wide=("reviewer",),
        path=EXPLANATION,
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
    "finding.reappeared": Telling(
        gettext_lazy("Aplikasi pensiun masih menjawab (temuan %(code)s)"),
        gettext_lazy("Lepaskan nama domainnya dan matikan servernya, atau usulkan pengaktifan kembali."),
        office=OWNER,
        wide=("reviewer",),
        path=FINDING,
    ),
    "finding.dismissed": Telling(
        gettext_lazy("Temuan %(code)s dikesampingkan"),
        gettext_lazy("Alasan dan akibatnya tertulis pada halaman temuan."),
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
}
