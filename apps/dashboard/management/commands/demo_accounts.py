"""Say which accounts the demo has."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.dashboard.demo.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Menampilkan akun contoh, satu untuk tiap peran, dan kata sandi bersamanya."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Akun contoh hanya berlaku bila DEMO=1.")
        if not User.objects.filter(is_demo=True).exists():
            raise CommandError("Data contoh belum dimuat. Jalankan: manage.py seed_demo")
        self.stdout.write(f"Akun contoh (kata sandi semua: {PASSWORD})")
        for username, name, _role, _office in ACCOUNTS:
            self.stdout.write(f"  {username:<20} {name}")
