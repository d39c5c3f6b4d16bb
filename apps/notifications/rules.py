"""Which act is told to whom, in which words, and when a mail is tried again."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.utils.translation import gettext_lazy

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Telling:
    """Roles that are told: `office` ones when their scope holds the event's office, `wide` ones of the government."""

    subject: object
    office: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    path: str = ""


OWNER = ("operator", "agency_head")
CASE, LETTER, SESSION = "/kasus/{code}/", "/surat/{code}/", "/desk/{code}/"
TELLINGS = {
    "application.submitted": Telling(
        gettext_lazy("Pendaftaran %(code)s menunggu pemeriksaan"), wide=("reviewer",), path="/aplikasi/{code}/"
    ),
    "application.returned": Telling(
        gettext_lazy("Pendaftaran %(code)s dikembalikan"), office=("operator",), path="/aplikasi/{code}/"
    ),
    "application.refused": Telling(
        gettext_lazy("Pendaftaran %(code)s ditolak"), office=OWNER, path="/aplikasi/{code}/"
    ),
    "application.registered": Telling(
        gettext_lazy("Aplikasi %(code)s terdaftar"), office=("operator",), path="/aplikasi/{code}/"
    ),
    "period.opened": Telling(gettext_lazy("Masa lapor %(code)s dibuka"), wide=OWNER, path="/triwulan/"),
    "period.extended": Telling(gettext_lazy("Masa lapor %(code)s diperpanjang"), wide=OWNER, path="/triwulan/"),
    "period.closed": Telling(
        gettext_lazy("Masa lapor %(code)s ditutup"), wide=("reviewer", "executive"), path="/triwulan/"
    ),
    "report.returned": Telling(gettext_lazy("Laporan %(code)s dikembalikan"), office=("operator",), path="/triwulan/"),
    "case.nominated": Telling(gettext_lazy("Kasus %(code)s menunggu penelaahan"), wide=("reviewer",), path=CASE),
    "letter.sent": Telling(gettext_lazy("Surat %(code)s menunggu jawaban"), office=OWNER, path=LETTER),
    "letter.extended": Telling(gettext_lazy("Tenggat surat %(code)s diperpanjang"), office=OWNER, path=LETTER),
    "session.scheduled": Telling(
        gettext_lazy("Desk reviu %(code)s dijadwalkan"), wide=("companion", "reviewer", "approver"), path=SESSION
    ),
    "session.invited": Telling(gettext_lazy("Undangan desk reviu %(code)s"), office=OWNER, path=SESSION),
    "case.recommended": Telling(gettext_lazy("Kasus %(code)s menunggu keputusan"), wide=("approver",), path=CASE),
    "case.sent_back": Telling(gettext_lazy("Kasus %(code)s dikembalikan ke desk"), wide=("reviewer",), path=CASE),
    "case.decided": Telling(
        gettext_lazy("Kasus %(code)s diputuskan"), office=OWNER, wide=("reviewer", "executive"), path=CASE
    ),
    "case.item_returned": Telling(gettext_lazy("Bukti kasus %(code)s dikembalikan"), office=("operator",), path=CASE),
    "case.annulled": Telling(
        gettext_lazy("Keputusan kasus %(code)s dibatalkan"), office=OWNER, wide=("reviewer",), path=CASE
    ),
}


def wait_after(attempts: int, random: Random) -> timedelta:
    """Twice as long after each failure, at most six hours, with up to a quarter of jitter."""
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (1 + random.random() / 4)
