"""Fill an empty installation with the invented Kota Tirtaraya."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Organization
from apps.dashboard.demo import town


class Command(BaseCommand):
    help = "Memuat pemerintah daerah contoh ke basis data kosong (hanya bila DEMO=1; boleh diulang)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--small", action="store_true", help="delapan organisasi dan empat triwulan saja")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Data contoh ditolak: DEMO tidak diaktifkan. Jalankan dengan DEMO=1 bila memang contoh.")
        real = Organization.objects.filter(is_demo=False).first()
        if real:
            raise CommandError(f"Basis data ini memuat organisasi nyata ({real.name}); data contoh tidak dimuat.")
        if Organization.objects.exists():
            self.stdout.write("Data contoh sudah ada.")
            return
        built = town.build(small=options["small"])
        self.stdout.write(f"{built.government.name}: {len(built.fates)} aplikasi, {built.length} triwulan.")
