"""Take a list of organisations (Kode, Nama, Nama Pendek) into a government; again it changes nothing."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.accounts.services import import_organizations


class Command(BaseCommand):
    help = "Mengimpor daftar perangkat daerah dari CSV: Kode, Nama, Nama Pendek."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--government", required=True, help="nama pemerintah daerah; dibuat bila belum ada")
        parser.add_argument("--zone", required=True, choices=Organization.Zone.values)

    def handle(self, *args: Any, **options: Any) -> None:
        with options["file"].open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"Kode", "Nama"} - set(reader.fieldnames or [])
            if missing:
                raise CommandError(f"Kolom tidak ada: {', '.join(sorted(missing))}.")
            rows = [(row["Kode"], row["Nama"], row.get("Nama Pendek") or "") for row in reader]
        result = import_organizations(rows, by=Actor.system(), government=options["government"], zone=options["zone"])
        self.stdout.write(
            f"{result['rows']} baris, {result['names']} nama, {result['created']} baru, {result['known']} sudah ada, "
            f"{result['repeated']} nama berulang, {result['collective']} sebutan bersama."
        )
