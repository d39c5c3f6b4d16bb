"""Bodies of the acts on a record, and what its history answers."""

from rest_framework import serializers

from apps.core.api import Reason, StrictSerializer
from apps.core.examples import example


class Nothing(StrictSerializer):
    """An act that asks nothing."""


@example({"event": 1042, "reason": "Salah memilih aplikasi."})
class UndoInput(Reason):
    """The change to take back, by its number in the record's history."""

    event = serializers.IntegerField()


class HistoryEntry(serializers.Serializer):
    """One act on a record, with what changed of what this reader may read."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    who = serializers.CharField()
    reason = serializers.CharField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    undone = serializers.IntegerField(allow_null=True, help_text="Perubahan yang dibatalkan oleh perbuatan ini.")


@example({"answers": {str(number): "B" for number in range(1, 11)}})
class SecurityInput(StrictSerializer):
    """An answer to each of the ten questions."""

    answers = serializers.DictField(child=serializers.CharField(max_length=1), help_text='{"1": "A", …, "10": "C"}')


class SecurityAnswers(serializers.Serializer):
    """One set of answers with the category it made."""

    edition = serializers.CharField(source="form.edition")
    answers = serializers.DictField(child=serializers.CharField())
    total = serializers.IntegerField()
    category = serializers.CharField()
    by = serializers.CharField(source="answered_by_name")
    at = serializers.DateTimeField(source="answered_at")


@example({"starts_on": "2027-01-04", "ends_on": "2027-03-31", "reason": "Pemindahan pusat data."})
class SuspensionInput(Reason):
    """A time without judgement, both days included."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


@example(
    {
        "survivor": "APL-2026-000042",
        "survivor_version": 7,
        "take": ["functions"],
        "reason": "Aplikasi yang sama, tercatat dua kali.",
    }
)
class MergeInput(Reason):
    """Into which record, as last read, and which attributes of this one are right."""

    survivor = serializers.CharField(max_length=20, help_text="Kode aplikasi yang dipertahankan.")
    survivor_version = serializers.IntegerField(min_value=0)
    take = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, help_text="Atribut yang nilainya diambil dari sini."
    )
