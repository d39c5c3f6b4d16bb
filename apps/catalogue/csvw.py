"""The CSV's columns as CSVW metadata (W3C Metadata Vocabulary for Tabular Data), from the registry of attributes."""

import re
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.catalogue import queries
from apps.inventory import fields
from apps.inventory.models import CustomAttribute

CONTENT_TYPE = "application/csvm+json"
TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (models.DateTimeField, "dateTimeStamp"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
)
OWN_TYPES = {CustomAttribute.Kind.NUMBER: "number", CustomAttribute.Kind.DATE: "date"}
SEPARATOR = "; "


def address(name: str, government: Organization | None) -> str:
    """The address of a route, of all governments or of one."""
    return settings.BASE_URL + reverse(name) + (f"?government={quote(government.code)}" if government else "")


def link(government: Organization | None) -> str:
    """The Link header of the CSV (RFC 8288) that names this description."""
    return f'<{address("api-export-csv-metadata", government)}>; rel="describedby"; type="{CONTENT_TYPE}"'


def table(government: Organization | None) -> dict[str, Any]:
    """The table, its head line and its columns, in the language of the file the clock writes; a row's key is its code."""
    with translation.override(settings.LANGUAGE_CODE):
        return _table(government)


def _table(government: Organization | None) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "id"}],
        "url": address("api-export-csv", government),
        "dc:title": _("Aplikasi pemerintah daerah"),
        "dc:license": {"@id": settings.DATA_LICENSE},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "doubleQuote": True},
        "tableSchema": {
            "columns": [_column(attribute) for attribute in queries.columns_of(government)],
            "primaryKey": "code",
        },
    }


def _column(attribute: fields.Attribute) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": quote(attribute.name, safe=""),
        "titles": [attribute.name, str(attribute.label)],
        "datatype": _type(attribute),
    }
    if attribute.help:
        said["dc:description"] = str(attribute.help)
    if attribute.several:
        said["separator"] = SEPARATOR
    if attribute.choices and not attribute.several:
        said["datatype"] = {
            "base": "string",
            "format": "|".join(re.escape(str(label)) for _value, label in attribute.choices),
        }
    return said | {"required": attribute.name in ("code", "name")}


def _type(attribute: fields.Attribute) -> str:
    if isinstance(attribute, fields.OwnAttribute):
        return OWN_TYPES.get(CustomAttribute.Kind(attribute.kind), "string")
    kind = attribute.model_field
    return next((said for known, said in TYPES if isinstance(kind, known)), "string")
