"""Load the reference data of every layer; stands here because this app is the highest that has some."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.actor import Actor
from apps.core.calendar import load_holidays
from apps.deactivation.services import load_checklist_templates
from apps.inventory.services import load_security_form, load_sheet_layout
from apps.inventory.services.reference import load_reference_codes


class Command(BaseCommand):
    help = (
        "Memuat data acuan: arsitektur SPBE, lembar metadata, pertanyaan kategori keamanan, hari libur, "
        "daftar periksa penonaktifan (boleh diulang)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        codes, years = load_reference_codes(), load_holidays()
        load_checklist_templates()
        load_security_form()
        load_sheet_layout(by=Actor.system())
        if options["verbosity"]:
            self.stdout.write(f"Kode arsitektur baru: {codes}; tahun hari libur baru: {years}.")
