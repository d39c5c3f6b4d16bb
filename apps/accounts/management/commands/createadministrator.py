"""Make the first administrator of a government; prints the one-time link for the password."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from apps.accounts import rules, services
from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.core.errors import RuleViolation


class Command(BaseCommand):
    help = "Membuat administrator sebuah pemerintah daerah dan mencetak tautan kata sandinya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="NIP atau surel dinas")
        parser.add_argument("--name", required=True, help="nama lengkap")
        parser.add_argument("--email", default="")
        parser.add_argument("--government", required=True, help='nama pemerintah daerah, misalnya "Kota Denpasar"')
        parser.add_argument(
            "--zone", choices=Organization.Zone.values, help="zona waktu; wajib bila pemerintah daerah itu belum ada"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            government = self._government(options["government"], options["zone"])
            user, token = services.create_administrator(
                government, username=options["username"], name=options["name"], email=options["email"]
            )
        except (ValidationError, RuleViolation) as refusal:
            raise CommandError(" ".join(getattr(refusal, "messages", [str(refusal)]))) from refusal
        link = settings.BASE_URL + reverse("accounts:invitation", args=[token])
        self.stdout.write(f"Administrator {user.username} untuk {government.name} dibuat.")
        self.stdout.write(
            f"Tetapkan kata sandi dalam {rules.INVITATION_LIFETIME.days} hari lewat tautan sekali pakai ini:\n{link}"
        )

    def _government(self, name: str, zone: str | None) -> Organization:
        found = Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, name=name).first()
        if found:
            return found
        if not zone:
            raise CommandError(f"Pemerintah daerah {name} belum ada. Sertakan --zone untuk membuatnya.")
        return services.create_organization(
            by=Actor.system(), name=name, government=None, kind=Organization.Kind.GOVERNMENT, time_zone=zone
        )
