"""Plain functions that make the rows tests start from; no randomness, everything past registration by services."""

from datetime import date
from itertools import count

from django.db import connection

from apps.accounts.actor import Actor
from apps.accounts.models import GovernmentPolicy, Membership, Organization, Role, User
from apps.core import services as core_services

APPLICATION_ROLE = "spbe_app"
PASSWORD = "Uji-coba-Portofolio-2026"
_numbers = count(1)


def ensure_application_role():
    """The role without rights over tables that the product runs as."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN")


def make_government(name="Kota Tirtaraya", zone="Asia/Jakarta"):
    """A government with its policy and the offices that have a part in the process."""
    number = next(_numbers)
    government = Organization.objects.create(
        code=f"pemda-{number}", name=f"{name}", kind=Organization.Kind.GOVERNMENT, time_zone=zone
    )
    GovernmentPolicy.objects.create(government=government)
    Organization.objects.bulk_create(_agency(government, name, function) for function, name in OFFICES.items())
    return government


OFFICES = {
    "ict_office": "Dinas Komunikasi dan Informatika",
    "planning_office": "Badan Perencanaan Pembangunan Daerah",
    "finance_office": "Badan Keuangan dan Aset Daerah",
    "secretariat": "Sekretariat Daerah",
    "inspectorate": "Inspektorat",
}


def make_agency(government, name=None, *, function="", parent=None, kind=Organization.Kind.AGENCY):
    """An agency of the government."""
    agency = _agency(government, name, function, parent=parent, kind=kind)
    agency.save()
    return agency


def _agency(government, name=None, function="", *, parent=None, kind=Organization.Kind.AGENCY):
    number = next(_numbers)
    return Organization(
        code=f"opd-{number}",
        name=name or f"Dinas Contoh {number}",
        kind=kind,
        function=function,
        parent=parent or government,
        government=government,
    )


def office(government, function):
    """The government's office with this function."""
    return Organization.objects.get(government=government, function=function)


SEATS = {
    Role.REVIEWER: "ict_office",
    Role.APPROVER: "ict_office",
    Role.COMPANION: "planning_office",
    Role.EXECUTIVE: "secretariat",
    Role.AUDITOR: "inspectorate",
    Role.ADMINISTRATOR: "ict_office",
}


def make_actor(role, government, seat=None, *, acting="", user=None):
    """A person in `role`; at `seat`, else at the office the role usually sits at."""
    return Actor.of(make_membership(role, government, seat, acting=acting, user=user))


def make_membership(role, government, seat=None, *, acting="", user=None, starts_on=date(2020, 1, 1)):
    """A membership from 2020 on; acting ones carry a decree and an end."""
    number = next(_numbers)
    seat = seat or office(government, SEATS[role])
    user = user or User.objects.create_user(f"orang{number}@contoh.example", name=f"Orang {number}", password=PASSWORD)
    return Membership.objects.create(
        user=user,
        role=role,
        seat=seat,
        scope=seat if role in (Role.OPERATOR, Role.AGENCY_HEAD) else government,
        starts_on=starts_on,
        acting=acting,
        decree="800/12/2026" if acting else "",
        ends_on=date(2099, 12, 31) if acting else None,
    )


def confirm_year(year, days=()):
    """Confirm the days off of `year`; weekends aside none unless given as (date, kind, name)."""
    return core_services.set_holidays(year, list(days), decree=f"SKB {year}", confirmed_by="uji")
