"""The seal of a record: the owner's last word for it, intact until the record says something else."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.inventory.models import Application, Attestation

INTACT, BROKEN, NONE = "intact", "broken", "none"
STATES = (
    (INTACT, gettext_lazy("utuh")),
    (BROKEN, gettext_lazy("rusak karena perubahan")),
    (NONE, gettext_lazy("belum pernah dinyatakan")),
)


def latest(application: Application) -> Attestation | None:
    """The last attestation, of those prefetched where they were."""
    rows = list(application.attestations.all())
    if not rows:
        return None
    rows[0].application = application
    return rows[0]


def words(application: Application) -> str:
    """The seal in one cell: its quarter, and that it broke."""
    seal = latest(application)
    if seal is None:
        return ""
    return seal.code if seal.intact else _("%(quarter)s (rusak)") % {"quarter": seal.code}


def having(rows: QuerySet, state: str) -> QuerySet:
    """Records whose seal is in this state."""
    every = Attestation.objects.filter(application=OuterRef("pk"))
    intact = Exists(every.filter(version=OuterRef("version")))
    if state == INTACT:
        return rows.filter(intact)
    return rows.filter(~Exists(every)) if state == NONE else rows.filter(Exists(every), ~intact)


def attested_in(rows: QuerySet, quarter: str) -> QuerySet:
    """Records whose intact seal is of this quarter; an unreadable quarter matches nothing."""
    try:
        asked = Quarter.parse(quarter)
    except RuleViolation:
        return rows.none()
    seals = Attestation.objects.filter(application=OuterRef("pk"), version=OuterRef("version"))
    return rows.filter(Exists(seals.filter(year=asked.year, quarter=asked.number)))
