"""Take a list of applications (XLSX or CSV) into a government: a dry run, or the import itself."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.inventory import services


class Command(BaseCommand):
    help = "Mengimpor daftar aplikasi: --dry-run menunjukkan nasib setiap baris, --commit menuliskannya."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--government", help="nama pemerintah daerah; boleh dihilangkan bila hanya ada satu")
        mode = parser.add_mutually_exclusive_group(required=True)
        mode.add_argument("--dry-run", action="store_true", dest="dry_run")
        mode.add_argument("--commit", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        upload = SimpleUploadedFile(file.name, file.read_bytes())
        try:
            government = self._government(options["government"])
            job = services.check_import(upload, by=Actor.system(), government=government, at_once=True)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._print(job)
        if options["commit"]:
            services.commit_import(job.pk, by=Actor.system(), version=job.version, at_once=True)
            self.stdout.write("Sudah ditulis ke register.")
        else:
            services.drop_import(job.pk, by=Actor.system(), version=job.version)

    def _government(self, name: str | None) -> Organization:
        found = Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, **({"name": name} if name else {}))
        if len(found) != 1:
            raise CommandError("Sebutkan satu pemerintah daerah yang ada dengan --government.")
        return found[0]

    def _print(self, job: Any) -> None:
        s = job.summary
        words = ", ".join(f"{number} “{word}”" for word, number in s["words"].items())
        same = ", ".join(f"{number} “{name}”" for name, number in s["same_name"].items())
        self.stdout.write(
            f"{s['rows']} baris: {s['new']} baru, {s['changed']} berubah, {s['same']} tetap, {s['refused']} ditolak"
            f"{', ' + str(s['asked']) + ' mungkin sudah ada' if s['asked'] else ''}.\n"
            f"{s['without_address']} tanpa URL; tahun “-” pada {s['year_dash']}; {s['central']} milik pusat; "
            f"{s['general']} Umum; {s['inactive']} tidak aktif.\nMedia: {words}.\n"
            f"Bernama sama, dibedakan pemiliknya: {same or 'tidak ada'}."
        )
        for head in s["unknown_columns"]:
            self.stdout.write(f"Kolom tidak dikenal, dilewati: {head}")
        for head in s["house_columns"]:
            self.stdout.write(f"Kolom ditulis sistem, tidak dibaca: {head}")
        for line in job.lines.filter(fate="refused"):
            for error in line.errors:
                self.stdout.write(f"Baris {line.number} ({line.name}), kolom {error['column']}: {error['message']}")
        for line in job.lines.filter(fate="asked"):
            near = ", ".join(f"{one['key']} {one['name']}" for one in line.candidates)
            self.stdout.write(f"Baris {line.number} ({line.name}) mungkin sudah ada, tidak diimpor: {near}")
