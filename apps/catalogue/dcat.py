"""The catalogue as DCAT 3 (W3C, 2024), with what ckanext-dcat maps to the fields of a CKAN dataset."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.catalogue import queries, wholes
from apps.catalogue.csvw import address
from apps.catalogue.models import Snapshot

CONTENT_TYPE = "application/ld+json"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
INDONESIAN = {"@id": AUTHORITY + "language/IND"}
INDONESIA = {"@id": AUTHORITY + "country/IDN"}
GOVERNMENT_THEME = {"@id": AUTHORITY + "data-theme/GOVE"}
QUARTERLY = {"@id": AUTHORITY + "frequency/QUARTERLY"}
MEDIA = "https://www.iana.org/assignments/media-types/"
SHA256 = {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"}
KEYWORDS = ("SPBE", "aplikasi", "layanan digital", "katalog aplikasi")
LABELS = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON", "ndjson": "NDJSON"}


def catalogue(government: Organization | None) -> dict[str, Any]:
    """The catalogue of a government; of the installation, which names the governments' own when there are several."""
    governments = queries.governments()
    several = len(governments) > 1
    one = government or (governments[0] if len(governments) == 1 else None)
    asked = government if several else None  # the only government's catalogue is the installation's
    here, dataset = address("api-catalog", asked), _dataset(one, asked)
    said = {
        "@context": CONTEXT,
        "@id": here,
        "@type": "dcat:Catalog",
        **about(one),
        "foaf:homepage": {"@id": page(asked)},
        "dct:license": {"@id": settings.DATA_LICENSE},
        **_moments(one),
        "dcat:dataset": [dataset],
        "dcat:service": [_service(dataset["@id"], one)],
    }
    if several and government is None:
        said["dcat:catalog"] = [{"@id": address("api-catalog", each)} for each in governments]
    return said


def page(government: Organization | None) -> str:
    """The page people read."""
    query = f"?pemda={quote(government.code)}" if government else ""
    return settings.BASE_URL + reverse("catalogue:list") + query


def about(one: Organization | None) -> dict[str, Any]:
    """What a catalogue and the data set in it say alike."""
    name = one.name if one else settings.DATA_PUBLISHER
    return {
        "dct:title": _("Katalog aplikasi %(name)s") % {"name": name},
        "dct:description": _(
            "Aplikasi yang terdaftar pada %(name)s: kegunaan, pemilik, alamat, keadaan, dan pengganti yang sudah pensiun."
        )
        % {"name": name},
        "dct:publisher": {"@id": page(one) + "#penerbit", "@type": "foaf:Organization", "foaf:name": name},
        "dct:language": INDONESIAN,
        "dct:spatial": {"@type": "dct:Location", "skos:prefLabel": one.name} if one else INDONESIA,
    }


def _dataset(one: Organization | None, asked: Organization | None) -> dict[str, Any]:
    here = address("api-export-json", asked)
    return {
        "@id": here + "#himpunan",
        "@type": "dcat:Dataset",
        "dct:identifier": here,
        **about(one),
        "dcat:keyword": [*KEYWORDS, *([one.name] if one else [])],
        "dcat:theme": GOVERNMENT_THEME,
        "dcat:landingPage": {"@id": page(asked)},
        "dcat:contactPoint": _contact(one, asked),
        "dct:license": {"@id": settings.DATA_LICENSE},
        "dct:accrualPeriodicity": QUARTERLY,
        **_moments(one),
        "dcat:distribution": [
            *(_whole(form, asked) for form in wholes.CONTENT_TYPES),
            *_frozen(one),
        ],
    }


def _contact(one: Organization | None, asked: Organization | None) -> dict[str, Any]:
    """Who answers for the data: the office of communication and informatics."""
    office = queries.ict_office(one) if one else None
    name = office.name if office else (one.name if one else settings.DATA_PUBLISHER)
    reached = (
        {"vcard:hasEmail": {"@id": f"mailto:{settings.DATA_CONTACT}"}}
        if settings.DATA_CONTACT
        else {"vcard:hasURL": {"@id": page(asked)}}
    )
    return {"@type": "vcard:Organization", "vcard:fn": name, **reached}


def _moments(one: Organization | None) -> dict[str, Any]:
    figures = queries.moments(one)
    known = {"dct:issued": figures["issued"], "dct:modified": figures["modified"]}
    return {name: _instant(at) for name, at in known.items() if at}


def _whole(form: str, asked: Organization | None) -> dict[str, Any]:
    title = _("Seluruh katalog sebagai %(form)s") % {"form": LABELS[form]}
    said = _distribution(form, address(f"api-export-{form}", asked), title)
    file = queries.whole_file(form) if asked is None else None
    if file:
        said |= _weighed(file.size, file.sha256) | {"dct:modified": _instant(file.changed_at)}
    if form == "csv":
        said["dct:conformsTo"] = {"@id": address("api-export-csv-metadata", asked)}
    return said | {"dcat:accessService": {"@id": _service_id()}}


def _frozen(one: Organization | None) -> list[dict[str, Any]]:
    found = queries.snapshots(one) if one else Snapshot.objects.none()
    return [_frozen_file(snapshot, file) for snapshot in found for file in snapshot.files]


def _frozen_file(snapshot: Snapshot, file: dict[str, Any]) -> dict[str, Any]:
    title = _("Katalog saat %(quarter)s ditutup sebagai %(form)s") % {
        "quarter": snapshot.period,
        "form": LABELS[file["form"]],
    }
    said = _distribution(file["form"], settings.BASE_URL + file["path"], title)
    at = _instant(snapshot.told_of)
    return said | _weighed(file["size"], file["sha256"]) | {"dct:issued": at, "dct:modified": at}


def _distribution(form: str, url: str, title: str) -> dict[str, Any]:
    kind = wholes.CONTENT_TYPES[form].split(";")[0]
    return {
        "@id": url,
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dcat:accessURL": {"@id": url},
        "dcat:downloadURL": {"@id": url},
        "dcat:mediaType": {"@id": MEDIA + kind},
        "dct:format": LABELS[form],
        "dct:language": INDONESIAN,
        "dct:license": {"@id": settings.DATA_LICENSE},
    }


def _weighed(size: int, sha256: str) -> dict[str, Any]:
    checksum = {
        "@type": "spdx:Checksum",
        "spdx:algorithm": SHA256,
        "spdx:checksumValue": {"@value": sha256, "@type": "xsd:hexBinary"},
    }
    return {
        "dcat:byteSize": {"@value": str(size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": checksum,
    }


def _service_id() -> str:
    return settings.BASE_URL + reverse("api-docs")


def _service(dataset: str, one: Organization | None) -> dict[str, Any]:
    return {
        "@id": _service_id(),
        "@type": "dcat:DataService",
        "dct:title": _("REST API katalog aplikasi"),
        "dct:publisher": about(one)["dct:publisher"],
        "dcat:endpointURL": {"@id": settings.BASE_URL + "/api/v1/"},
        "dcat:endpointDescription": {"@id": settings.BASE_URL + reverse("api-schema")},
        "dct:license": {"@id": settings.DATA_LICENSE},
        "dcat:servesDataset": {"@id": dataset},
    }


def _instant(at: datetime) -> dict[str, str]:
    return {"@value": at.isoformat(), "@type": "xsd:dateTime"}
