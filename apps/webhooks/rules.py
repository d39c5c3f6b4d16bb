"""What is announced to whom, where it may be sent, and how often."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from apps.accounts import rules as accounts
from apps.core.outbound import Policy
from apps.webhooks.models import Subscription

PREFIX = "id.go.spbe."
PING = PREFIX + "ping"
MAX_ATTEMPTS = 12
PAUSED_AFTER = timedelta(days=3)
FORMER_SECRET_LIVES = timedelta(hours=24)
KEPT = timedelta(days=30)
SECONDS = 10.0
LARGEST_ANSWER = 16 * 1024


@dataclass(frozen=True)
class Announced:
    """A kind of event outside: the acts of the trail it stands for, and where to read on.

    `inside` ones concern what only the office and its government may read, and go to nobody else.
    """

    type: str
    label: object
    verbs: tuple[str, ...]
    link: str
    inside: bool = False


APPLICATION, CASE = "/api/v1/applications/{subject}/", "/api/v1/cases/{subject}/"
ANNOUNCED = (
    Announced(
        PREFIX + "application.registered", gettext_lazy("Aplikasi terdaftar"), ("application.registered",), APPLICATION
    ),
    Announced(
        PREFIX + "application.changed",
        gettext_lazy("Catatan aplikasi berubah"),
        (
            "application.edited",
            "application.change_undone",
            "application.facts_confirmed",
            "application.reassigned",
            "application.retiring_cancelled",
            "application.categorised",
        ),
        APPLICATION,
    ),
    Announced(
        PREFIX + "application.retiring",
        gettext_lazy("Aplikasi akan dinonaktifkan"),
        ("application.retiring",),
        APPLICATION,
    ),
    Announced(PREFIX + "application.retired", gettext_lazy("Aplikasi pensiun"), ("application.retired",), APPLICATION),
    Announced(
        PREFIX + "application.reactivated",
        gettext_lazy("Aplikasi aktif kembali"),
        ("application.reactivated",),
        APPLICATION,
    ),
    Announced(
        PREFIX + "application.merged", gettext_lazy("Dua catatan digabung"), ("application.merged",), APPLICATION
    ),
    Announced(
        PREFIX + "catalogue.changed",
        gettext_lazy("Banyak catatan berubah sekaligus (impor, perubahan organisasi)"),
        ("import.committed", "applications.enriched", "applications.changes_undone", "reorganization.executed"),
        "/api/v1/changes/",
    ),
    Announced(PREFIX + "quarter.closed", gettext_lazy("Triwulan ditutup"), ("period.closed",), "/api/v1/snapshots/"),
    Announced(PREFIX + "case.decided", gettext_lazy("Kasus diputus"), ("case.decided",), CASE, inside=True),
    Announced(PREFIX + "case.closed", gettext_lazy("Kasus selesai"), ("case.closed",), CASE, inside=True),
    Announced(
        PREFIX + "case.annulled", gettext_lazy("Keputusan kasus dibatalkan"), ("case.annulled",), CASE, inside=True
    ),
)
TYPES = {one.type: one for one in ANNOUNCED}
BY_VERB = {verb: one for one in ANNOUNCED for verb in one.verbs}


def may_subscribe(by: Any) -> bool:
    """Who makes keys for systems also says where the register sends."""
    return by.is_system or by.has_role("administrator")


def may_manage(by: Any, row: Subscription) -> bool:
    """An administrator over the own government's."""
    return accounts.may_administer(by, row.organization)


def policy_for(url: str) -> Policy:
    """Encrypted to anywhere public; without encryption only to inner places the server's keeper opened. No redirects."""
    known = Policy.of_installation()
    ports = known.ports if url.lower().startswith("https:") else frozenset()
    return Policy(ports=ports, allowed=known.allowed, seconds=SECONDS, largest=LARGEST_ANSWER, redirects=0)
