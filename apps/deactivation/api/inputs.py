"""Bodies of the acts: shape only, the rules are the services'."""

from rest_framework import serializers

from apps.core.api import StrictSerializer
from apps.core.examples import example
from apps.deactivation.models import Condition, Fate, Ground, Kind, Opinion, Outcome, SignedCopy

ANSWERS = ("agreed", "objected")


class Empty(StrictSerializer):
    """An act without a body."""


@example({"reason": "Disepakati dalam rapat tinjauan 12 Mei 2026."})
class CaseReason(StrictSerializer):
    """Why, at the length a case needs."""

    reason = serializers.CharField()


@example({"text": "Rapat menyepakati penonaktifan mulai 1 Juli 2026."})
class Text(StrictSerializer):
    text = serializers.CharField()


@example({"text": "Rapat menyepakati penonaktifan mulai 1 Juli 2026."})
class OptionalText(StrictSerializer):
    text = serializers.CharField(required=False, allow_blank=True, default="")


@example(
    {
        "application": "APL-2026-000042",
        "ground": "technical",
        "reason": "Kerangka kerja tidak lagi didukung pembuatnya.",
        "kind": "deactivation",
    }
)
class Nominate(StrictSerializer):
    application = serializers.CharField(help_text="Kode aplikasi.")
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.DEACTIVATION)


@example({"organization": "diskominfo", "reason": "Perangkat daerah pemilik dilebur."})
class NameCaretaker(StrictSerializer):
    organization = serializers.SlugField()
    reason = serializers.CharField()


@example({"reply": "agreed", "reason": "Sudah digantikan layanan terpadu."})
class Answer(StrictSerializer):
    reply = serializers.ChoiceField(choices=ANSWERS)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    evidence = serializers.FileField(required=False)
    answered_on = serializers.DateField(required=False)


class Terms(StrictSerializer):
    """A condition of an optimise outcome."""

    text = serializers.CharField()
    due_on = serializers.DateField()


@example({"session": "DSK-2026-0003", "outcome": "deactivate", "reason": "Tidak dipakai dua triwulan berturut-turut."})
class Recommend(StrictSerializer):
    session = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.CharField()
    target = serializers.CharField(required=False, help_text="Kode aplikasi tujuan.")
    retain_from = serializers.CharField(required=False, default="")
    conditions = Terms(many=True, required=False, default=list)
    departure = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Alasan berbeda dari saran dua sumbu."
    )


@example({"session": "DSK-2026-0003", "reason": "Menunggu hasil pemindahan data."})
class Postpone(StrictSerializer):
    session = serializers.CharField()
    reason = serializers.CharField()


@example({"session": "DSK-2026-0003", "stance": "agree", "text": "Anggaran 2027 tidak memuat pemeliharaannya."})
class GiveOpinion(StrictSerializer):
    session = serializers.CharField()
    stance = serializers.ChoiceField(choices=Opinion.Stance.choices)
    text = serializers.CharField(required=False, allow_blank=True, default="")


@example({"reason": "Masih dipakai untuk pelaporan akhir tahun."})
class RaiseObjection(StrictSerializer):
    reason = serializers.CharField()
    evidence = serializers.FileField(required=False)


@example({"name": "Data kunjungan pasien 2019-2025", "fate": "migrate", "destination": "Gudang data kesehatan"})
class ListDataset(StrictSerializer):
    """A set of data and what becomes of it."""

    name = serializers.CharField(max_length=200)
    fate = serializers.ChoiceField(choices=Fate.choices)
    destination = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    retained_until = serializers.DateField(required=False)


@example({"evidence": "berita-acara-pindah-data.pdf", "text": "Semua baris cocok."})
class SettleDataset(StrictSerializer):
    evidence = serializers.FileField()
    text = serializers.CharField(required=False, allow_blank=True, default="")


@example({"notice": "Layanan ini berhenti 1 Juli 2026. Gunakan Layanan Terpadu."})
class WriteNotice(StrictSerializer):
    notice = serializers.CharField(allow_blank=True)


@example({"number": "188/77/2026", "reason": "Keputusan keliru menyebut aplikasi."})
class Annul(StrictSerializer):
    number = serializers.CharField(max_length=120)
    reason = serializers.CharField()


@example({"evidence": "bukti-salinan-data.pdf", "text": "Salinan disimpan di arsip daerah."})
class CompleteItem(StrictSerializer):
    evidence = serializers.FileField()
    text = serializers.CharField(required=False, allow_blank=True, default="")


@example({"amount": "36000000.00"})
class VerifySaving(StrictSerializer):
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)


@example({"year": 2027, "amount": "35500000.00", "basis": "DPA 2027 tanpa belanja sewa."})
class RecordRealised(StrictSerializer):
    """What one calendar year really saved, in whole rupiah."""

    year = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    basis = serializers.CharField()
    evidence = serializers.FileField(required=False)


@example({"status": "met", "text": "Pencacah terpasang sejak 3 Mei 2026."})
class SettleCondition(StrictSerializer):
    status = serializers.ChoiceField(choices=[Condition.Status.MET, Condition.Status.DROPPED])
    text = serializers.CharField()
    evidence = serializers.FileField(required=False)


@example({"cases": {"KSS-2026-0007": 2}, "note": "Mohon jawaban sebelum tenggat."})
class SendLetter(StrictSerializer):
    cases = serializers.DictField(child=serializers.IntegerField(), help_text="Kode kasus dan versi yang dibaca.")
    note = serializers.CharField(required=False, allow_blank=True, default="")


@example({"delivered_on": "2026-05-04", "evidence": "resi-pos.pdf"})
class RecordDelivery(StrictSerializer):
    delivered_on = serializers.DateField()
    evidence = serializers.FileField()


@example({"days": 3, "reason": "Libur nasional berdekatan."})
class ExtendDeadline(StrictSerializer):
    days = serializers.IntegerField()
    reason = serializers.CharField()


@example(
    {
        "title": "Rapat tinjauan Mei 2026",
        "held_at": "2026-05-12T09:00:00+07:00",
        "place": "Aula Bappeda",
        "chair_name": "Sekretaris Daerah",
    }
)
class ScheduleSession(StrictSerializer):
    title = serializers.CharField(max_length=200)
    held_at = serializers.DateTimeField()
    place = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    chair_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


@example({"kind": "scan", "evidence": "keputusan-bertanda-tangan.pdf"})
class AttachSigned(StrictSerializer):
    """What came back signed: a scan, or a PDF with electronic signatures."""

    kind = serializers.ChoiceField(choices=SignedCopy.Kind.choices)
    evidence = serializers.FileField()


@example({"number": "BA-2026-0003", "kind": "scan", "evidence": "berita-acara-bertanda-tangan.pdf"})
class AttachSignedMinutes(AttachSigned):
    number = serializers.CharField(help_text="Nomor Berita Acara atau perubahannya.")


@example({"cases": ["KSS-2026-0007", "KSS-2026-0009"]})
class AddToAgenda(StrictSerializer):
    cases = serializers.ListField(child=serializers.CharField(), allow_empty=False)


@example({"organizations": ["dinkes", "bkad"], "reference": "005/231/2026"})
class Invite(StrictSerializer):
    organizations = serializers.ListField(child=serializers.SlugField(), allow_empty=False)
    reference = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


@example(
    {
        "organization": "dinkes",
        "name": "Rina Pratiwi",
        "nip": "198703122010012004",
        "position": "Kepala Subbagian Perencanaan",
    }
)
class RecordAttendance(StrictSerializer):
    organization = serializers.SlugField()
    name = serializers.CharField(max_length=200)
    nip = serializers.CharField(max_length=18, required=False, allow_blank=True, default="")
    position = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CaseChoice(StrictSerializer):
    """What is decided about one case; an empty outcome follows the recommendation."""

    case = serializers.CharField()
    version = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, default="")
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    target = serializers.CharField(required=False)
    retain_from = serializers.CharField(required=False, default="")
    conditions = Terms(many=True, required=False, default=list)
    acknowledged = serializers.BooleanField(required=False, default=False)
    planned_saving = serializers.DecimalField(max_digits=18, decimal_places=2, required=False)
    contract = serializers.CharField(required=False, allow_blank=True, default="")
    effective_on = serializers.DateField(required=False)


@example(
    {
        "decree_number": "188/45/2026",
        "legal_basis": "Peraturan Wali Kota Nomor 12 Tahun 2025",
        "cases": [{"case": "KSS-2026-0007", "version": 9, "planned_saving": "36000000.00"}],
    }
)
class Decide(StrictSerializer):
    decree_number = serializers.CharField(max_length=120)
    legal_basis = serializers.CharField()
    decided_on = serializers.DateField(required=False)
    cases = CaseChoice(many=True, allow_empty=False)
