"""Audit events of a case in the words of the office."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.models import Event
from apps.deactivation.models import Answer, Outcome

WORDS = {
    "case.nominated": ("flag", gettext_lazy("Diusulkan")),
    "case.request_signed": ("signature", gettext_lazy("Permintaan OPD ditandatangani")),
    "case.caretaker_named": ("user-star", gettext_lazy("OPD pengampu ditunjuk")),
    "case.letter_sent": ("mail", gettext_lazy("Surat konfirmasi dikirim")),
    "case.letter_restarted": (
        "mail-forward",
        gettext_lazy("Surat dikirim ulang ke OPD yang sekarang bertanggung jawab"),
    ),
    "case.answered": ("mail-check", gettext_lazy("OPD menjawab")),
    "case.answered_late": ("clock-exclamation", gettext_lazy("OPD menjawab terlambat")),
    "case.deemed_agreed": ("message-off", gettext_lazy("Batas jawab lewat: dianggap setuju")),
    "case.put_on_agenda": ("users", gettext_lazy("Masuk agenda desk reviu")),
    "case.opinion_given": ("message", gettext_lazy("Pendapat pendamping disampaikan")),
    "case.recommended": ("gavel", gettext_lazy("Direkomendasikan desk")),
    "case.postponed": ("calendar-pause", gettext_lazy("Ditunda")),
    "case.decided": ("gavel", gettext_lazy("Diputuskan")),
    "case.sent_back": ("arrow-back-up", gettext_lazy("Dikembalikan ke desk")),
    "case.objected": ("mail-exclamation", gettext_lazy("OPD mengajukan keberatan")),
    "case.objection_upheld": ("arrow-back-up", gettext_lazy("Keberatan dikabulkan")),
    "case.objection_dismissed": ("circle-x", gettext_lazy("Keberatan ditolak")),
    "case.execution_begun": ("progress-down", gettext_lazy("Pelaksanaan dimulai")),
    "case.notice_written": ("speakerphone", gettext_lazy("Pemberitahuan penghentian ditulis")),
    "case.execution_blocked": ("lock", gettext_lazy("Belum dapat dipensiunkan: langkah wajib belum diperiksa")),
    "case.item_completed": ("list-check", gettext_lazy("Langkah dikerjakan")),
    "case.item_verified": ("checks", gettext_lazy("Langkah diperiksa")),
    "case.item_returned": ("arrow-back-up", gettext_lazy("Langkah dikembalikan")),
    "case.dataset_listed": ("database", gettext_lazy("Himpunan data ditetapkan nasibnya")),
    "case.dataset_dropped": ("circle-x", gettext_lazy("Himpunan data dibatalkan")),
    "case.dataset_settled": ("database-export", gettext_lazy("Nasib himpunan data dilaksanakan")),
    "case.dataset_verified": ("checks", gettext_lazy("Himpunan data diperiksa")),
    "case.dataset_returned": ("arrow-back-up", gettext_lazy("Himpunan data dikembalikan")),
    "case.retired": ("power", gettext_lazy("Aplikasi dipensiunkan")),
    "case.executed": ("circle-check", gettext_lazy("Terlaksana")),
    "case.closed": ("lock", gettext_lazy("Kasus selesai")),
    "case.condition_overdue": ("clock-exclamation", gettext_lazy("Syarat lewat tanggal, ditagih")),
    "case.withdrawn": ("arrow-back-up", gettext_lazy("Kasus ditarik")),
    "case.annulled": ("circle-x", gettext_lazy("Keputusan dibatalkan")),
    "saving.verified": ("cash", gettext_lazy("Penghematan diperiksa BKAD")),
    "saving.realised": ("coins", gettext_lazy("Realisasi penghematan dicatat BKAD")),
}
DETAILS = ("title", "letter", "session", "decision", "number", "year")


def trail_entries(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Newest first: icon, sentence, reason, who and when."""
    return [_entry(event) for event in events]


def _entry(event: Event) -> dict[str, Any]:
    icon, word = WORDS.get(event.verb, ("circle-dot", event.verb))
    return {
        "icon": icon,
        "text": _sentence(event, str(word)),
        "note": event.reason,
        "who": event.actor_name,
        "at": event.at,
    }


def _sentence(event: Event, word: str) -> str:
    details = event.details
    if details.get("outcome"):
        word = _("%(word)s: %(what)s") % {"word": word, "what": _choice(Outcome, details["outcome"])}
    if details.get("answer"):
        word = _("%(word)s: %(what)s") % {"word": word, "what": _choice(Answer, details["answer"])}
    named = next((str(details[name]) for name in DETAILS if details.get(name)), "")
    return f"{word} ({named})" if named else word


def _choice(choices: Any, value: str) -> str:
    return choices(value).label.lower() if value in choices.values else value
