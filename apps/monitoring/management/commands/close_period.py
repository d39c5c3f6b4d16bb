"""Close a quarter by hand, or go on with a close that was cut short."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from apps.accounts.actor import Actor
from apps.core.errors import RuleViolation
from apps.monitoring import services
from apps.monitoring.management.commands import _period
from apps.monitoring.models import Assessment, Period


class Command(BaseCommand):
    help = "Menutup sebuah triwulan sesudah masa lapornya berakhir; diulang tidak mengubah apa pun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        _period.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        government, quarter = _period.government_and_quarter(options)
        period = Period.objects.filter(government=government, year=quarter.year, quarter=quarter.number).first()
        if period is None or period.status == Period.Status.SCHEDULED:
            raise CommandError(f"{quarter.label} belum dibuka.")
        try:
            period = services.close_period(period.pk, by=Actor.system())
        except RuleViolation as refusal:
            raise CommandError(refusal.message)
        counts = Assessment.objects.published().in_force().filter(period=period).values_list("verdict")
        verdicts = ", ".join(f"{name} {number}" for name, number in counts.order_by("verdict").annotate(Count("pk")))
        self.stdout.write(f"{period}: {period.get_status_display()}; {verdicts or '0'}")
