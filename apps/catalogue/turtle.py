"""The catalogue's DCAT as Turtle: the same graph, with the prefixes of its context."""

from typing import Any

import orjson
from rdflib import Graph

CONTENT_TYPE = "text/turtle"


def written(said: dict[str, Any]) -> str:
    """The Turtle of a JSON-LD document that holds its own context; nothing is asked of the network."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in said["@context"].items():
        graph.bind(prefix, namespace)
    return graph.parse(data=orjson.dumps(said), format="json-ld").serialize(format="turtle")
