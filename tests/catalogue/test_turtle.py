"""The catalogue as Turtle: the graph of the JSON-LD, with what DCAT and harvesters ask of each thing in it."""

import socket

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from apps.catalogue.tasks import freeze_closed_quarters, write_catalogue_files
from apps.core import clock
from apps.core.quarter import Quarter
from tests.factories import make_government
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db
JSONLD, TURTLE, EITHER = "/api/v1/catalog.jsonld", "/api/v1/catalog.ttl", "/api/v1/catalog/"
PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
# Each asks for what breaks a shape: the text of a class, or of what a property must lead to.
BREACHES = {
    "a catalogue says what, whose, and of what": """
        ?x a dcat:Catalog FILTER NOT EXISTS {
          ?x dct:title ?title ; dct:description ?about ; dct:publisher/foaf:name ?name ; dct:license ?license ;
             dct:language ?language ; foaf:homepage ?page ; dcat:dataset ?dataset . ?dataset a dcat:Dataset }""",
    "a dataset has every field a harvester fills": """
        ?x a dcat:Dataset FILTER NOT EXISTS {
          ?x dct:title ?title ; dct:description ?about ; dct:identifier ?id ; dct:publisher/foaf:name ?name ;
             dcat:keyword ?word ; dcat:theme ?theme ; dcat:contactPoint/vcard:fn ?contact ; dct:language ?language ;
             dct:spatial ?place ; dct:accrualPeriodicity ?often ; dcat:landingPage ?page ; dct:license ?license ;
             dct:issued ?issued ; dct:modified ?modified ; dcat:distribution ?file . ?file a dcat:Distribution }""",
    "a distribution can be fetched and used": """
        ?x a dcat:Distribution FILTER NOT EXISTS {
          ?x dct:title ?title ; dcat:accessURL ?url ; dcat:downloadURL ?url ; dcat:mediaType ?kind ; dct:format ?form ;
             dct:license ?license }""",
    "an address is an IRI": """
        VALUES ?p { dcat:accessURL dcat:downloadURL dcat:mediaType dct:license dcat:theme dcat:landingPage dct:language
                    dcat:endpointURL dcat:servesDataset foaf:homepage dct:accrualPeriodicity }
        ?x ?p ?o FILTER (!isIRI(?o))""",
    "a text is a literal": """
        VALUES ?p { dct:title dct:description dct:identifier dcat:keyword foaf:name vcard:fn dct:format }
        ?x ?p ?o FILTER (!isLiteral(?o) || str(?o) = "")""",
    "a moment is a dateTime": """
        VALUES ?p { dct:issued dct:modified } ?x ?p ?o FILTER (datatype(?o) != xsd:dateTime)""",
    "a size is a whole number": """?x dcat:byteSize ?o FILTER (datatype(?o) != xsd:nonNegativeInteger)""",
    "a checksum has its algorithm and its value": """
        ?x spdx:checksum ?c FILTER NOT EXISTS {
          ?c spdx:algorithm <http://spdx.org/rdf/terms#checksumAlgorithm_sha256> ; spdx:checksumValue ?value
          FILTER (datatype(?value) = xsd:hexBinary) }""",
    "a service says where and of what": """
        ?x a dcat:DataService FILTER NOT EXISTS {
          ?x dct:title ?title ; dcat:endpointURL ?url ; dcat:endpointDescription ?said ; dcat:servesDataset ?dataset .
          ?dataset a dcat:Dataset }""",
}


@pytest.fixture
def world(government):
    world = World(government)
    world.application("Antrean “Puskesmas” \\ baru")
    world.close(world.open(Quarter(2025, 1)))
    freeze_closed_quarters()
    write_catalogue_files()
    yield world
    clock.reset()


@pytest.fixture
def no_network(monkeypatch):
    """A context that had to be fetched would be refused here."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def graph_of(answer):
    return Graph().parse(data=answer.content, format=answer["Content-Type"].split(";")[0])


def breaches(graph):
    return {name for name, where in BREACHES.items() if graph.query(f"{PREFIXES}ASK {{ {where} }}").askAnswer}


def test_both_say_the_same_graph(client, world, no_network):
    turtle, jsonld = client.get(TURTLE), client.get(JSONLD)
    assert turtle["Content-Type"] == "text/turtle; charset=utf-8"
    said = graph_of(turtle)
    assert isomorphic(said, graph_of(jsonld)) and len(said) > 60
    assert b"@prefix dcat: <http://www.w3.org/ns/dcat#> ." in turtle.content
    assert jsonld.json()["dcat:dataset"][0]["dcat:distribution"][0]["spdx:checksum"]["spdx:checksumValue"][
        "@value"
    ].encode() in (turtle.content)


def test_everything_in_it_is_complete(client, world):
    said = graph_of(client.get(TURTLE))
    counted = f"{PREFIXES}SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a ?kind }} GROUP BY ?kind"
    counts = {str(kind).rpartition("#")[2]: int(n) for kind, n in said.query(counted)}
    assert (counts["Catalog"], counts["Dataset"], counts["Distribution"], counts["DataService"]) == (1, 1, 6, 1)
    assert breaches(said) == set()


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        ("dct:publisher", {"a catalogue says what, whose, and of what", "a dataset has every field a harvester fills"}),
        ("dcat:theme", {"a dataset has every field a harvester fills"}),
        ("dcat:downloadURL", {"a distribution can be fetched and used"}),
        ("spdx:checksumValue", {"a checksum has its algorithm and its value"}),
    ],
)
def test_the_shapes_find_what_is_missing(client, world, lost, named):
    """Control: without a property its shape is broken, and no other."""
    said = graph_of(client.get(TURTLE))
    said.update(f"{PREFIXES}DELETE WHERE {{ ?x {lost} ?y }}")
    assert breaches(said) == named


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", JSONLD),
        ("*/*", JSONLD),
        ("text/html", JSONLD),
        ("text/turtle", TURTLE),
        ("application/ld+json;q=0.5, text/turtle", TURTLE),
        ("text/turtle;q=0.5, application/ld+json", JSONLD),
    ],
)
def test_accept_chooses_the_form(client, world, accept, form):
    answer = client.get(EITHER, headers={"Accept": accept} if accept else {})
    assert isomorphic(graph_of(answer), graph_of(client.get(TURTLE)))
    assert answer["Content-Location"] == form and "Accept" in answer["Vary"].split(", ")
    assert answer["Content-Type"].split(";")[0] == client.get(form)["Content-Type"].split(";")[0]


def test_one_government_of_several_and_what_is_refused(client, government):
    other = make_government("Kabupaten Lain")
    asked = client.get(f"{EITHER}?government={other.code}", headers={"Accept": "text/turtle"})
    assert asked["Content-Location"] == f"{TURTLE}?government={other.code}"
    assert isomorphic(graph_of(asked), graph_of(client.get(f"{JSONLD}?government={other.code}")))
    whole = graph_of(client.get(TURTLE)).query(f"{PREFIXES}SELECT ?each WHERE {{ ?x dcat:catalog ?each }}")
    assert len(whole) == 2
    for path in (TURTLE, EITHER):
        assert client.get(f"{path}?government=tidak-ada").status_code == 404
        refused = client.get(f"{path}?pemda=x", headers={"Accept": "text/turtle"})
        assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
