"""What the REST API says and takes of an application, made from the registry of attributes."""

from copy import deepcopy
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.api import StrictSerializer
from apps.core.examples import example
from apps.inventory import fields
from apps.inventory.models import Address, Application, ReferenceCode
from apps.inventory.rows import serializers as row_serializers

MONEY = {"max_digits": 15, "decimal_places": 0, "min_value": 0}


class AddressSerializer(StrictSerializer):
    """Where an application is opened."""

    url = serializers.URLField(max_length=500)
    kind = serializers.ChoiceField(choices=Address.Kind.choices, default=Address.Kind.PUBLIC)


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class ReferenceCodesInput(serializers.ListField):
    """Codes of the reference architecture, kept as the rows they name."""

    child = serializers.CharField(max_length=30)

    def to_internal_value(self, data: Any) -> list[int]:
        typed = super().to_internal_value(data)
        known = dict(ReferenceCode.objects.filter(code__in=typed).order_by("edition").values_list("code", "pk"))
        missing = [code for code in typed if code not in known]
        if missing:
            raise serializers.ValidationError([f"Kode tidak dikenal: {', '.join(missing)}."])
        return sorted({known[code] for code in typed})


class OtherApplicationInput(serializers.CharField):
    """Another registered application of the same government, by its code."""

    def to_internal_value(self, data: Any) -> Application:
        code = super().to_internal_value(data)
        by = self.context["request"].actor
        found = Application.objects.public().filter(government=by.government_id, code=code).first()
        if found is None:
            raise serializers.ValidationError([f"Tidak ada aplikasi terdaftar dengan kode {code}."])
        return found


@extend_schema_field(serializers.DictField(child=serializers.JSONField(allow_null=True)))
class OwnAttributesInput(serializers.DictField):
    """The government's own attributes by key; null takes a value away, keys not named stay."""

    child = serializers.JSONField(allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        given = super().to_internal_value(data)
        known = {attribute.key: attribute for attribute in self._writable()}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise serializers.ValidationError([f"Keterangan tambahan tidak dikenal: {', '.join(unknown)}."])
        return {known[key].name: value for key, value in given.items()}

    def _writable(self) -> list[fields.OwnAttribute]:
        by = self.context["request"].actor
        return [one for one in fields.editable_by(by) if isinstance(one, fields.OwnAttribute)]


class AttributesInput(StrictSerializer):
    """Attributes to write; those not named stay as they are."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """What may be named, for the document; of what was sent only what it names: copying all took a tenth of an edit."""
        sent = getattr(self, "initial_data", None)
        if not isinstance(sent, dict):
            return super().get_fields()
        needed = {name: one for name, one in self._declared_fields.items() if name in sent or one.required}
        return deepcopy(needed)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = attrs.pop("attributes", {})
        return {**attrs, **own}

    def validate_addresses(self, value: list[dict[str, str]]) -> list[tuple[str, str]]:
        return [(address["url"], address["kind"]) for address in value]


def input_for(attribute: fields.Attribute) -> serializers.Field:
    """The input of one attribute."""
    about: dict[str, Any] = {"required": False, "label": attribute.label}
    field = attribute.model_field
    if attribute.name == "addresses":
        return AddressSerializer(many=True, **about)
    if attribute.name == "reference_codes":
        return ReferenceCodesInput(**about)
    if isinstance(field, models.ForeignKey):
        return OtherApplicationInput(allow_null=True, **about)
    if isinstance(field, ArrayField):
        return serializers.ListField(child=_item(attribute), **about)
    return _plain(attribute, about)


def _item(attribute: fields.Attribute) -> serializers.Field:
    if attribute.name == "season_months":
        return serializers.IntegerField(min_value=1, max_value=12)
    return (
        serializers.ChoiceField(choices=attribute.choices)
        if attribute.choices
        else serializers.CharField(max_length=60)
    )


def _plain(attribute: fields.Attribute, about: dict[str, Any]) -> serializers.Field:
    field = attribute.model_field
    if attribute.choices:
        return serializers.ChoiceField(choices=attribute.choices, allow_blank=field.blank, **about)
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(allow_null=True, **MONEY, **about)
    if isinstance(field, models.DateField):
        return serializers.DateField(allow_null=True, **about)
    if isinstance(field, models.IntegerField):
        return serializers.IntegerField(allow_null=True, min_value=1980, max_value=2100, **about)
    return serializers.CharField(allow_blank=field.blank, max_length=getattr(field, "max_length", None), **about)


INPUTS = {attribute.name: input_for(attribute) for attribute in fields.TYPED}
INPUTS["attributes"] = OwnAttributesInput(
    required=False, help_text="Keterangan tambahan milik pemda, menurut kuncinya."
)
NAMED = {"name": serializers.CharField(max_length=200), "owner": serializers.CharField(help_text="Kode OPD pemilik.")}
WHY = {"reason": serializers.CharField(required=False, allow_blank=True, help_text="Wajib untuk aplikasi terdaftar.")}


class AttestationShape(serializers.Serializer):
    """Who confirmed the record for which quarter, and whether it is as it was then."""

    quarter = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    intact = serializers.BooleanField()


def output_for(attribute: fields.Attribute) -> serializers.Field:
    """What an answer says of one attribute; absent where this reader may not read it or did not ask for it."""
    about: dict[str, Any] = {"required": False, "label": attribute.label}
    if attribute.name in row_serializers.SHAPES:
        return row_serializers.SHAPES[attribute.name](many=True, required=False)
    if attribute.name == "addresses":
        return AddressSerializer(many=True, **about)
    if attribute.name == "attestation":
        return AttestationShape(allow_null=True, **about)
    if attribute.several:
        return serializers.ListField(child=_one_of(attribute), **about)
    return _said(attribute, {**about, "allow_null": attribute.model_field.null})


def _one_of(attribute: fields.Attribute) -> serializers.Field:
    if attribute.choices:
        return serializers.ChoiceField(choices=attribute.choices)
    return serializers.IntegerField() if attribute.name == "season_months" else serializers.CharField()


def _said(attribute: fields.Attribute, about: dict[str, Any]) -> serializers.Field:
    field = attribute.model_field
    if attribute.choices:
        return serializers.ChoiceField(choices=attribute.choices, allow_blank=field.blank, **about)
    kinds = {
        models.DateTimeField: serializers.DateTimeField,
        models.DateField: serializers.DateField,
        models.IntegerField: serializers.IntegerField,
    }
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(**MONEY, **about)
    shape = next((shape for kind, shape in kinds.items() if isinstance(field, kind)), serializers.CharField)
    return shape(**about)


SAID = {attribute.name: output_for(attribute) for attribute in fields.ATTRIBUTES}
OWN = serializers.DictField(required=False, child=serializers.JSONField(), help_text="Keterangan tambahan milik pemda.")
HEAD = {"key": serializers.CharField(), "version": serializers.IntegerField()}
AROUND = {
    "government": serializers.CharField(required=False, help_text="Kode pemerintah daerah."),
    "owner_name": serializers.CharField(required=False, help_text="Nama OPD pemilik."),
}
WRITTEN = {
    "functions": "Mencatat antrean pasien puskesmas.",
    "platforms": ["web"],
    "service_kind": "public_service",
    "year_built": 2021,
}
CreateInput = type("CreateInput", (AttributesInput,), {"__doc__": "A new draft.", **INPUTS, **NAMED})
PatchInput = type("PatchInput", (AttributesInput,), {"__doc__": "Changes and their reason.", **INPUTS, **WHY})
CreateInput = example({"name": "Antrean Puskesmas", "owner": "dinkes", **WRITTEN})(CreateInput)
PatchInput = example({**WRITTEN, "reason": "Pemutakhiran data tahunan."})(PatchInput)

# The shape of an answer for the schema; which attributes a reader gets depends on who reads.
ApplicationShape = type(
    "Application",
    (serializers.Serializer,),
    {"__doc__": "An application as this reader may read it.", **HEAD, **AROUND, **SAID, "attributes": OWN},
)
ApplicationShape = example(
    {
        "key": "APL-2026-000042",
        "version": 7,
        "code": "APL-2026-000042",
        "name": "Antrean Puskesmas",
        **WRITTEN,
        "owner": "dinkes",
        "owner_name": "Dinas Kesehatan",
        "government": "kota-tirtaraya",
        "status": "registered",
        "addresses": [{"url": "https://antrean.contoh.example", "kind": "public"}],
        "registered_at": "2026-01-14T09:30:00+07:00",
        "attributes": {},
    }
)(ApplicationShape)


class SimilarQuery(serializers.Serializer):
    """What somebody has in mind."""

    name = serializers.CharField(max_length=200, help_text="Nama yang dipikirkan, sedikitnya empat huruf.")
    functions = serializers.CharField(max_length=2000, required=False, default="", help_text="Apa yang dikerjakannya.")


class SimilarShape(serializers.Serializer):
    """An application like it: public attributes, why it is alike, what became of it."""

    key = serializers.CharField(source="application.key")
    name = serializers.CharField(source="application.name")
    owner = serializers.CharField(source="application.owner.code")
    status = serializers.CharField(source="application.status")
    ownership = serializers.CharField(source="application.ownership")
    reasons = serializers.ListField(child=serializers.CharField())
    fate = serializers.CharField()
    score = serializers.FloatField()
