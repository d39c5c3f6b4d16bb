"""Open a quarter by hand, when the clock did not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.actor import Actor
from apps.core.errors import RuleViolation
from apps.monitoring import services
from apps.monitoring.management.commands import _period
from apps.monitoring.models import Period


class Command(BaseCommand):
    help = "Membuka masa lapor sebuah triwulan dan membekukan daftar wajib lapornya; diulang tidak mengubah apa pun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        _period.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        government, quarter = _period.government_and_quarter(options)
        period = services.schedule_period(government, quarter)
        try:
            if period.status == Period.Status.SCHEDULED:
                period = services.open_period(period.pk, by=Actor.system())
        except RuleViolation as refusal:
            raise CommandError(refusal.message)
        self.stdout.write(f"{period}: {period.get_status_display()}, {period.due.count()} aplikasi wajib lapor")
