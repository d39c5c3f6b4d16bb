"""What the REST API says and takes of the rows of a record."""

from rest_framework import serializers

from apps.core.api import StrictSerializer
from apps.core.examples import example
from apps.inventory.models import Contract, Cost, RecordDocument, Relation
from apps.inventory.models.costs import FIRST_YEAR, LAST_YEAR

MONEY = {"max_digits": 15, "decimal_places": 0, "min_value": 0}
WHY = "Wajib untuk aplikasi terdaftar."


class RelationOut(serializers.Serializer):
    """A tie as this record sees it; `stated_here` when it is this record that states it."""

    id = serializers.IntegerField()
    other = serializers.CharField()
    stated_here = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=Relation.Kind.choices)
    direction = serializers.ChoiceField(choices=Relation.Direction.choices)
    description = serializers.CharField()
    method = serializers.CharField()
    migrated_on = serializers.DateField(allow_null=True)


class CostOut(serializers.ModelSerializer):
    """One budget year and kind."""

    contract = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)

    class Meta:
        model = Cost
        fields = ("id", "year", "kind", "amount", "budget_reference", "funding_source", "contract")


class ContractOut(serializers.ModelSerializer):
    """An agreement and its end."""

    class Meta:
        model = Contract
        fields = ("id", "number", "vendor", "subject", "amount", "starts_on", "ends_on")


class DocumentOut(serializers.ModelSerializer):
    """A file (with its SHA-256) or a place."""

    sha256 = serializers.CharField(source="document.sha256", default=None, allow_null=True)
    file_name = serializers.CharField(source="document.original_name", default=None, allow_null=True)

    class Meta:
        model = RecordDocument
        fields = (
            "id", "kind", "title", "location", "sha256", "file_name", "valid_from", "valid_until", "visibility",
        )  # fmt: skip


SHAPES: dict[str, type[serializers.Serializer]] = {
    "costs": CostOut,
    "contracts": ContractOut,
    "relations": RelationOut,
    "documents": DocumentOut,
}


class RowInput(StrictSerializer):
    """What every act on rows may say."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000, help_text=WHY)


@example({"id": 17, "reason": "Tercatat dua kali."})
class RowRemoval(RowInput):
    """Which row, and why."""

    id = serializers.IntegerField(min_value=1)


@example(
    {
        "target": "APL-2026-000057",
        "kind": "integration",
        "direction": "sends",
        "description": "Data kunjungan harian.",
        "method": "api",
        "reason": "Pendataan integrasi 2026.",
    }
)
class RelationInput(RowInput):
    """A tie to another registered application, by its code."""

    target = serializers.CharField()
    kind = serializers.ChoiceField(choices=Relation.Kind.choices, default=Relation.Kind.INTEGRATION)
    direction = serializers.ChoiceField(choices=Relation.Direction.choices)
    description = serializers.CharField(required=False, allow_blank=True, max_length=300)
    method = serializers.ChoiceField(required=False, allow_blank=True, choices=Relation.Method.choices)
    migrated_on = serializers.DateField(required=False, allow_null=True)


@example(
    {
        "year": 2026,
        "kind": "hosting",
        "amount": "48000000",
        "budget_reference": "5.1.02.02.01.0030",
        "funding_source": "APBD",
        "contract": "027/114/2026",
        "reason": "Pendataan belanja TIK 2026.",
    }
)
class CostInput(RowInput):
    """What was budgeted in one year; `contract` is a number noted on the same record."""

    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = serializers.ChoiceField(choices=Cost.Kind.choices)
    amount = serializers.DecimalField(**MONEY)
    budget_reference = serializers.CharField(required=False, allow_blank=True, max_length=100)
    funding_source = serializers.CharField(required=False, allow_blank=True, max_length=100)
    contract = serializers.CharField(required=False, allow_null=True, max_length=100)


@example(
    {
        "number": "027/115/2026",
        "vendor": "PT Contoh Solusi",
        "subject": "Sewa komputasi awan",
        "amount": "48000000",
        "starts_on": "2026-01-05",
        "ends_on": "2026-12-31",
        "reason": "Kontrak baru.",
    }
)
class ContractInput(RowInput):
    """An agreement and its end."""

    number = serializers.CharField(max_length=100)
    vendor = serializers.CharField(max_length=200)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=200)
    amount = serializers.DecimalField(**MONEY)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


@example(
    {
        "kind": "security_test",
        "title": "Laporan uji keamanan 2026",
        "location": "https://dokumen.contoh.example/uji-keamanan-2026",
        "valid_from": "2026-02-01",
        "valid_until": "2027-01-31",
        "visibility": "restricted",
        "reason": "Uji tahunan.",
    }
)
class DocumentInput(RowInput):
    """A file (multipart field `upload`) or a place, and how long it holds."""

    kind = serializers.ChoiceField(choices=RecordDocument.Kind.choices)
    title = serializers.CharField(max_length=200)
    upload = serializers.FileField(required=False)
    location = serializers.URLField(required=False, allow_blank=True, max_length=500)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    visibility = serializers.ChoiceField(required=False, choices=RecordDocument.Visibility.choices)


def changing(body: type[RowInput]) -> type[RowInput]:
    """The same body for a change: the row's id, every field optional, no defaults that would overwrite."""
    fields = {}
    for name, field in body._declared_fields.items():
        if name != "reason":
            given = {key: value for key, value in field._kwargs.items() if key not in ("required", "default")}
            fields[name] = type(field)(*field._args, **given, required=False)
    fields["id"] = serializers.IntegerField(min_value=1)
    name = body.__name__.replace("Input", "Change")
    shape = type(name, (RowInput,), {"__doc__": "Which row, and the fields that change.", **fields})
    return example({"id": 17, **body.example})(shape)
