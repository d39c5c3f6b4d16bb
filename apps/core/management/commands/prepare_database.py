"""Bring the database to the state the code expects: migrations, privileges, reference data. Idempotent."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from apps.core import privileges


class Command(BaseCommand):
    help = "Menjalankan migrasi, memasang hak peran basis data, dan memuat data acuan (boleh diulang)."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        privileges.apply(settings.APP_DATABASE_ROLE if settings.TWO_DATABASE_ROLES else "")
        if "load_reference" in get_commands():
            call_command("load_reference", verbosity=options["verbosity"])
