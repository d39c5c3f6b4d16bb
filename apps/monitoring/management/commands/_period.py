"""What both commands about a quarter read from the command line."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from apps.accounts.models import Organization
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter


def add_arguments(parser: ArgumentParser) -> None:
    """Government and quarter."""
    parser.add_argument("government", help='nama atau kode pemerintah daerah, misalnya "Kota Denpasar"')
    parser.add_argument("quarter", help="triwulan, misalnya 2026-Q3")


def government_and_quarter(options: dict) -> tuple[Organization, Quarter]:
    """What the operator of the system named; CommandError when there is no such thing."""
    governments = Organization.objects.filter(kind=Organization.Kind.GOVERNMENT)
    name = options["government"]
    government = governments.filter(code=name).first() or governments.filter(name=name).first()
    if government is None:
        raise CommandError(f"Pemerintah daerah “{name}” tidak ditemukan.")
    try:
        return government, Quarter.parse(options["quarter"])
    except RuleViolation as refusal:
        raise CommandError(refusal.message)
