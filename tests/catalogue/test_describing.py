"""What describes the catalogue to machines: DCAT for harvesters, CSVW beside the CSV, schema.org on the pages."""

import csv
import hashlib
import io
import json
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest

from apps.catalogue.tasks import freeze_closed_quarters, write_catalogue_files
from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory.models import Address, CustomAttribute
from tests.catalogue.test_catalogue import make_application
from tests.factories import make_government
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db
DCAT = "/api/v1/catalog.jsonld"
CSVW = "/api/v1/exports/applications.csv-metadata.json"
# What ckanext-dcat reads of a dataset to fill the fields of a CKAN package; each must be there.
CKAN_DATASET = {
    "title": "dct:title",
    "notes": "dct:description",
    "identifier": "dct:identifier",
    "tags": "dcat:keyword",
    "theme": "dcat:theme",
    "issued": "dct:issued",
    "modified": "dct:modified",
    "publisher": "dct:publisher",
    "contact": "dcat:contactPoint",
    "language": "dct:language",
    "spatial": "dct:spatial",
    "frequency": "dct:accrualPeriodicity",
    "url": "dcat:landingPage",
    "resources": "dcat:distribution",
}
CKAN_RESOURCE = {
    "name": "dct:title",
    "access_url": "dcat:accessURL",
    "download_url": "dcat:downloadURL",
    "mimetype": "dcat:mediaType",
    "format": "dct:format",
    "license": "dct:license",
}


@pytest.fixture
def world(government):
    world = World(government)
    world.application("Antrean Puskesmas")
    world.close(world.open(Quarter(2025, 1)))
    yield world
    clock.reset()


def names_used(node):
    """Every key and type of the document, to be found in its context."""
    if isinstance(node, list):
        return set().union(*(names_used(one) for one in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    kinds = node.get("@type", [])
    own = {key for key in node if not key.startswith("@")} | set([kinds] if isinstance(kinds, str) else kinds)
    return own | names_used([value for key, value in node.items() if key != "@context"])


def test_the_catalogue_fills_what_a_ckan_harvester_reads(client, world, settings):
    freeze_closed_quarters()
    write_catalogue_files()
    answer = client.get(DCAT)
    assert answer["Content-Type"] == "application/ld+json"
    said = answer.json()
    assert said["@type"] == "dcat:Catalog" and said["@id"].endswith(DCAT)
    (dataset,) = said["dcat:dataset"]
    assert {field for field, name in CKAN_DATASET.items() if not dataset.get(name)} == set()
    assert dataset["dct:title"] == "Katalog aplikasi Kota Tirtaraya"
    assert dataset["dct:publisher"]["foaf:name"] == "Kota Tirtaraya"
    assert dataset["dcat:contactPoint"]["vcard:fn"] == "Dinas Komunikasi dan Informatika"
    assert dataset["dct:spatial"] == {"@type": "dct:Location", "skos:prefLabel": "Kota Tirtaraya"}
    for resource in dataset["dcat:distribution"]:
        assert {field for field, name in CKAN_RESOURCE.items() if not resource.get(name)} == set()
        assert resource["dct:license"] == {"@id": settings.DATA_LICENSE}
    assert [one["dct:format"] for one in dataset["dcat:distribution"]] == [
        "CSV",
        "JSON",
        "NDJSON",
        "XLSX",
        "NDJSON",
        "CSV",
    ]
    (service,) = said["dcat:service"]
    assert service["dcat:endpointURL"]["@id"] == f"{settings.BASE_URL}/api/v1/"
    assert service["dcat:endpointDescription"]["@id"] == f"{settings.BASE_URL}/api/v1/schema/"
    prefixes = {name.split(":")[0] for name in names_used(said)}
    assert prefixes <= set(said["@context"])


def test_each_distribution_is_what_it_says(client, world):
    freeze_closed_quarters()
    write_catalogue_files()
    (dataset,) = client.get(DCAT).json()["dcat:dataset"]
    for resource in dataset["dcat:distribution"]:
        answer = client.get(resource["dcat:downloadURL"]["@id"])
        sent = b"".join(answer.streaming_content)
        assert resource["dcat:mediaType"]["@id"].endswith(answer["Content-Type"].split(";")[0])
        assert resource["dcat:byteSize"] == {"@value": str(len(sent)), "@type": "xsd:nonNegativeInteger"}
        checksum = resource["spdx:checksum"]
        assert checksum["spdx:algorithm"]["@id"] == "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
        assert checksum["spdx:checksumValue"]["@value"] == hashlib.sha256(sent).hexdigest()


def test_moments_are_typed_and_an_empty_catalogue_has_none(client, government):
    empty = client.get(DCAT).json()["dcat:dataset"][0]
    assert "dct:issued" not in empty and "dct:modified" not in empty
    make_application(government, "Antrean", number=1)
    issued = client.get(DCAT).json()["dcat:dataset"][0]["dct:issued"]
    assert issued["@type"] == "xsd:dateTime" and datetime.fromisoformat(issued["@value"]).utcoffset() is not None


def test_several_governments_have_a_catalogue_each(client, government, settings):
    other = make_government("Kabupaten Lain")
    settings.DATA_CONTACT = "data@contoh.example"
    whole = client.get(DCAT).json()
    assert whole["dct:publisher"]["foaf:name"] == settings.DATA_PUBLISHER
    assert whole["dcat:dataset"][0]["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": "mailto:data@contoh.example"}
    parts = [one["@id"] for one in whole["dcat:catalog"]]
    assert sorted(parts) == sorted(f"{whole['@id']}?government={one.code}" for one in (government, other))
    one = client.get(f"{DCAT}?government={other.code}").json()
    assert one["dct:publisher"]["foaf:name"] == "Kabupaten Lain" and "dcat:catalog" not in one
    urls = [resource["dcat:downloadURL"]["@id"] for resource in one["dcat:dataset"][0]["dcat:distribution"]]
    assert all(url.endswith(f"?government={other.code}") for url in urls)
    assert client.get(f"{DCAT}?government=tidak-ada").status_code == 404
    assert client.get(f"{DCAT}?pemda=x").status_code == 400


def test_the_csv_names_its_description_which_fits_it(client, government):
    CustomAttribute.objects.create(
        government=government, key="tim", label="Tim", kind="number", visibility="public", step=5
    )
    make_application(
        government, "Antrean", number=1, service_kind="public_service", platforms=["web", "mobile"],
        attributes={"tim": 7}, year_built=2020,
    )  # fmt: skip
    answer = client.get("/api/v1/exports/applications.csv")
    found = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', answer["Link"])
    described = client.get(found[1])
    assert described["Content-Type"] == "application/csvm+json"
    said = described.json()
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    head, line = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    columns = said["tableSchema"]["columns"]
    assert len(columns) == len(head)
    assert all(title in column["titles"] for title, column in zip(head, columns, strict=True))
    cells = {column["name"]: (column, cell) for column, cell in zip(columns, line, strict=True)}
    assert cells["attributes.tim"][0]["datatype"] == "number" and cells["attributes.tim"][1] == "7"
    assert cells["year_built"][0]["datatype"] == "integer"
    assert cells["registered_at"][0]["datatype"] == "dateTimeStamp"
    kind, said_kind = cells["service_kind"]
    assert re.fullmatch(kind["datatype"]["format"], said_kind)
    several, said_several = cells["platforms"]
    assert len(said_several.split(several["separator"])) == 2
    assert {column["name"] for column in columns if column["required"]} == {"code", "name"}
    assert said["tableSchema"]["primaryKey"] == "code"


class Blocks(HTMLParser):
    """The script elements of a page as a browser finds them."""

    def __init__(self):
        super().__init__()
        self.kinds, self.texts, self.inside = [], [], False

    def handle_starttag(self, tag, attributes):
        if tag == "script":
            self.kinds.append(dict(attributes))
            self.inside = dict(attributes).get("type") == "application/ld+json"
            self.texts += [""] if self.inside else []

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "script"

    def handle_data(self, text):
        if self.inside:
            self.texts[-1] += text


def block_of(client, path):
    reader = Blocks()
    reader.feed(client.get(path).content.decode())
    scripts = [kind for kind in reader.kinds if kind.get("type") != "application/ld+json"]
    assert all("src" in script for script in scripts), "a script in the page that is not from our own address"
    (text,) = reader.texts
    return json.loads(text)


EVIL = 'Antrean </script><script>alert("x")</script><!-- & \u2028 akhir'


@pytest.mark.parametrize("kind", ["public_service", "administration"])
def test_a_name_that_holds_markup_stays_a_name(client, government, kind):
    found = make_application(government, EVIL, number=1, service_kind=kind, description=EVIL, platforms=["web"])
    Address.objects.create(application=found, url="https://antrean.go.id/?a=1&b=2", kind="public")
    said = block_of(client, "/katalog/APL-2026-000001/")
    assert said["@type"] == ("GovernmentService" if kind == "public_service" else "SoftwareApplication")
    assert said["name"] == said["description"] == EVIL
    assert "https://antrean.go.id/?a=1&b=2" in json.dumps(said)
    assert said["provider"]["parentOrganization"]["name"] == government.name


def test_a_retired_one_offers_no_way_in(client, government):
    found = make_application(government, "Antrean Lama", number=1, status="retired", service_kind="public_service")
    Address.objects.create(application=found, url="https://lama.go.id/", kind="public")
    said = block_of(client, "/katalog/APL-2026-000001/")
    assert (said["@type"], said["creativeWorkStatus"]) == ("SoftwareApplication", "Retired")
    assert "lama.go.id" not in json.dumps(said) and said["expires"].startswith("2026-06-30T18:00")


def test_the_list_is_a_data_catalogue_and_names_its_dcat(client, government, settings):
    make_application(government, "Antrean", number=1)
    said = block_of(client, "/katalog/")
    (dataset,) = said["dataset"]
    assert (said["@type"], dataset["@type"]) == ("DataCatalog", "Dataset")
    assert dataset["license"] == settings.DATA_LICENSE and dataset["publisher"]["name"] == government.name
    for file in dataset["distribution"]:
        answer = client.get(file["contentUrl"])
        assert answer.status_code == 200 and answer["Content-Type"].startswith(file["encodingFormat"])
    page = client.get("/katalog/").content.decode()
    assert f'<link rel="alternate" type="application/ld+json" title="DCAT" href="{DCAT}">' in page
