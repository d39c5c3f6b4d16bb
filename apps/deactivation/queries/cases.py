"""Reads about cases that join or count: presence, succession, offices, savings."""

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.accounts.queries import as_called_then
from apps.core import clock
from apps.core.quarter import Quarter
from apps.deactivation import rules
from apps.deactivation.models import Case, Invitation, Letter, Phase, Saving
from apps.inventory.impact import consumers_of
from apps.inventory.models import Application
from apps.inventory.queries import owners_then


def possible_target(case, target_id):
    """The application named as target, by id or code; None when none is named, 400 when it does not exist."""
    if not target_id:
        return None
    candidates = Application.objects.filter(government=case.government_id)
    by_id = isinstance(target_id, int) or str(target_id).isdigit()
    target = candidates.filter(pk=int(target_id)).first() if by_id else candidates.filter(code=target_id).first()
    if target is None:
        raise ValidationError({"target": [_("Aplikasi tujuan tidak ditemukan.")]})
    return target


def present_quarter(case):
    """The quarter of today in the case's government."""
    return Quarter.of(clock.now(), case.government.zone)


def succession(target):
    """Ids of every application that `target` is going into, by its register entry or by a running case."""
    reached, fresh = set(), {target.pk} if target else set()
    while fresh:
        reached |= fresh
        named = Application.objects.filter(pk__in=fresh).values_list("successor_id", "super_application_id")
        running = Case.objects.filter(application_id__in=fresh).exclude(status__in=["withdrawn", "annulled"])
        named = [*named, *running.values_list("target_id", "recommendation__target_id")]
        fresh = {pk for pair in named for pk in pair if pk} - reached
    return reached


def written_invitations(case):
    """Invitations to every session whose agenda holds the case."""
    return list(Invitation.objects.filter(session__items__case=case).distinct())


def presences(session):
    """Who is present, for which office, with the office's part in the process."""
    rows = session.attendances.select_related("organization__parent")
    offices = [(row.identity, rules.office_of(row.organization)) for row in rows]
    return [rules.Presence(identity, office.pk, office.function) for identity, office in offices]


def office_name(organization_id):
    """The name of a seat, empty when there is none."""
    return Organization.objects.filter(pk=organization_id).values_list("name", flat=True).first() or ""


def over_since(session):
    """When a session became part of the past: its minutes were issued; None while it goes on."""
    minutes = session.minutes.filter(amends__isnull=True).select_related("issued").first()
    return minutes.issued.issued_at if minutes else None


def named_as_then(rows, office, instant):
    """The rows with the office in attribute `office` under its name of the instant in `instant`; for showing only."""
    found = list(rows)
    names = as_called_then((getattr(row, office), getattr(row, instant)) for row in found)
    for row, name in zip(found, names, strict=True):
        setattr(row, office, name)
    return found


def name_owners(cases, instant=None):
    """Give each case `owner_then`: whose the application was, and under which name, when the case ended (or at `instant`)."""
    found = list(cases)
    owners = owners_then((case.application, instant or case.ended_at) for case in found)
    for case, owner in zip(found, owners, strict=True):
        case.owner_then = owner


def offices_by_function(case):
    """Which organisation carries out steps of the owner, the ICT office and the finance office."""
    found = {row.function: row for row in Organization.objects.filter(government=case.government).exclude(function="")}
    owner = case.respondent or found.get("ict_office") or case.government
    return {
        "owner": owner,
        "ict_office": found.get("ict_office", owner),
        "finance_office": found.get("finance_office", owner),
    }


def consumers(case):
    """Living applications that take data from the case's and have not been moved to another source."""
    return consumers_of(case.application, clock.today(case.government.zone))


def missing_before(case):
    """Titles of the mandatory steps that keep the application from being retired."""
    return list(case.checklist.missing(Phase.BEFORE).values_list("title", flat=True))


def letters_of(case):
    """The letters about a case, the newest first."""
    return Letter.objects.filter(items__case=case).select_related("document", "addressee").distinct()


def open_case_of(application):
    """The application's case that is still on its way, if any."""
    return Case.objects.open().filter(application=application).first()


def savings_total(cases):
    """Planned and verified yearly saving of the cases, in whole rupiah; voided ones left out."""
    rows = Saving.objects.filter(case__in=cases, is_void=False)
    found = rows.aggregate(planned=Sum("planned_yearly", default=0), verified=Sum("verified_yearly", default=0))
    return {name: int(amount) for name, amount in found.items()}
