"""What search engines read on the public pages: schema.org as JSON-LD in a block of data that no browser runs."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import Organization
from apps.catalogue import dcat, wholes
from apps.inventory.models import Application

# A name may hold "</script>" or "<!--"; as escapes they are the same JSON and no markup.
HARMLESS = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}
SCHEMA = "https://schema.org"


def block(said: dict[str, Any]) -> SafeString:
    """The script element of a description."""
    text = json.dumps({"@context": SCHEMA, **said}, ensure_ascii=False).translate(HARMLESS)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def application(found: Application) -> dict[str, Any]:
    """A public record: a service of the government to its people, else a piece of software."""
    here = settings.BASE_URL + reverse("catalogue:detail", args=[found.code])
    addresses = [address.url for address in found.public_addresses]
    owner = {
        "@type": "GovernmentOrganization",
        "name": found.owner.name,
        "parentOrganization": _government(found.government),
    }
    said = {
        "@id": here,
        "identifier": found.code,
        "name": found.name,
        "alternateName": found.short_name,
        "description": found.description or found.functions,
        "mainEntityOfPage": here,
        "provider": owner,
    }
    if found.status == Application.Status.RETIRED:
        ended = {"creativeWorkStatus": "Retired", "expires": found.retired_at and found.retired_at.isoformat()}
        return _filled({"@type": "SoftwareApplication", **said, **ended})
    if found.service_kind == Application.ServiceKind.PUBLIC_SERVICE:
        ways = [{"@type": "ServiceChannel", "serviceUrl": url} for url in addresses]
        place = {"@type": "AdministrativeArea", "name": found.government.name}
        return _filled({"@type": "GovernmentService", **said, "availableChannel": ways, "areaServed": place})
    runs_on = [str(label) for value, label in Application.Platform.choices if value in found.platforms]
    return _filled(
        {
            "@type": "SoftwareApplication",
            **said,
            "applicationCategory": "GovernmentApplication",
            "operatingSystem": ", ".join(runs_on),
            "url": addresses[:1],
        }
    )


def catalogue(government: Organization | None, asked: Organization | None, updated_at: Any) -> dict[str, Any]:
    """The catalogue and the whole of it as a data set with its files."""
    about = dcat.about(government)
    publisher = _government(government) if government else {"@type": "Organization", "name": settings.DATA_PUBLISHER}
    files = [
        {
            "@type": "DataDownload",
            "contentUrl": dcat.address(f"api-export-{form}", asked),
            "encodingFormat": kind.split(";")[0],
        }
        for form, kind in wholes.CONTENT_TYPES.items()
    ]
    shared = _filled(
        {
            "name": about["dct:title"],
            "description": about["dct:description"],
            "url": dcat.page(asked),
            "license": settings.DATA_LICENSE,
            "publisher": publisher,
            "inLanguage": "id",
            "isAccessibleForFree": True,
            "dateModified": updated_at and updated_at.isoformat(),
        }
    )
    dataset = {"@type": "Dataset", **shared, "keywords": list(dcat.KEYWORDS), "distribution": files}
    return {"@type": "DataCatalog", **shared, "dataset": [dataset]}


def _government(government: Organization) -> dict[str, Any]:
    return {"@type": "GovernmentOrganization", "name": government.name}


def _filled(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in ("", None, [])}
