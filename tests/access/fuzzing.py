"""Requests drawn from the OpenAPI document, put to the product, and judged by what the document promises (T-14)."""

import gzip
import json
import random
import re
import sys
import traceback
from collections import Counter
from contextlib import contextmanager
from copy import deepcopy
from typing import NamedTuple

import requests
import schemathesis
from django.core.signals import got_request_exception
from django.db import connection, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.access.prepared import doors

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
NOWHERE = "http://testserver"
# What a careless or hostile client puts where something else belongs.
SPOILT = [
    None, "", " ", "\x00", "a\x00b", "\ud800", "\u202e\U0001f9ff", "x" * 10_000, "'; DROP TABLE", "../../etc/passwd",
    "-1", "1e400", "NaN", "9999-99-99", "0000-01-01", "2026-02-30T25:61:61Z", "+00:00",
    True, 0, -1, 10**9, 2**31, 2**63, 10**40, -(10**40), 1e308, 0.1,
    [], [[]], [None], ["\x00"], [{}], [10**40], {}, {"a": {"b": []}}, {"\x00": 1}, {"x" * 300: None},
]  # fmt: skip
IN_A_LINE = [
    value for value in SPOILT if isinstance(value, str) and value.strip() and value.isascii() and value.isprintable()
]
LONG = "x" * 5_000
DRAWN = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


class Asked(NamedTuple):
    """A request as the document's operation sees it, and as it goes over the line."""

    case: schemathesis.Case
    wire: requests.PreparedRequest


class Violation(NamedTuple):
    """What broke the document's promise, for whom, and how to ask again."""

    operation: str
    identity: str
    kind: str
    told: str
    again: str


def document():
    """The OpenAPI document as anybody gets it."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))


def operations(told):
    return [found.ok() for found in schemathesis.openapi.from_dict(told).get_all_operations()]


def drawn(operation, count, mode=GenerationMode.POSITIVE):
    """At most `count` cases of the operation; those that cannot be wrong in any way have no negative ones."""
    found = []
    if not count or (mode is GenerationMode.NEGATIVE and not (operation.body or operation.query)):
        return found

    @settings(DRAWN, max_examples=count)
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case):
        found.append(case)

    try:
        draw()
    except Unsatisfiable:
        return found
    return found[:count]


class Asker:
    """Asks operations of the document about the world's objects; keeps what broke a promise and who got in where."""

    def __init__(self, world, told, identities, *, quick=False, only="", tell=lambda line: None):
        self.world, self.identities, self.quick = world, identities, quick
        self.tell = tell  # called with what is going on, for a long run
        self.operations = [one for one in operations(told) if only in one.label]
        self.doors = doors(world, [(one.path, one.method) for one in self.operations])
        self.violations, self.statuses, self.asked = {}, {}, Counter()

    def ask(self, count):
        """`count` different requests over all operations, each put by every identity."""
        each, more = divmod(count, len(self.operations))
        for place, operation in enumerate(self.operations):
            if not place % 25:
                self.tell(f"{place} of {len(self.operations)} operations asked")
            for asked in self.requests(operation, each + (place < more)):
                for identity in self.identities:
                    self.put(operation, identity, asked)

    def requests(self, operation, count):
        """The one that should work, then cases drawn from the document, and the working one spoilt."""
        choose = random.Random(operation.label)
        door = self.doors[operation.path, operation.method]
        working = [Asked(self._working(operation, door, body), wire) for body, wire in self._bodies(operation, door)]
        yield from working[:count]
        left = max(0, count - len(working))
        right, wrong = left // 2 or left, left // 8
        if self.quick:  # what has neither body nor query is spoilt as well as drawn, and much sooner
            right, wrong = (1 if operation.body or operation.query else 0), 0
        cases = drawn(operation, min(right, left)) + drawn(operation, wrong, GenerationMode.NEGATIVE)
        for case in cases[:left]:
            yield Asked(self._about_something(case, door, choose), None)
        for _ in range(left - len(cases)):
            yield self._spoilt(operation, door, choose)

    def too_long(self, operation):
        """The request that should work with each text of its body in turn far longer than any column."""
        door = self.doors[operation.path, operation.method]
        for media_type, said, body in self._examples(operation, door):
            for spot in texts_of(operation, said["schema"]):
                longer = with_long_text(body, spot)
                if longer is not None:
                    wire = self._wire(operation, door, longer, media_type)
                    yield Asked(self._working(operation, door, media_type), wire)

    def put(self, operation, identity, asked):
        door = self.doors[operation.path, operation.method]
        wire = asked.wire or prepared(asked.case)
        answer, broke = self._answer(identity, door, wire)
        self.asked[identity] += 1
        self.statuses.setdefault(operation.label, Counter())[identity, answer.status_code] += 1
        for failure in judged(asked.case, answer):
            kind = f"{failure.title}: {answer.status_code}"
            said = "\n".join([*failure.message.splitlines()[:25], *broke])
            violation = Violation(operation.label, identity, kind, said, again(wire, identity))
            if violation[:3] not in self.violations:
                self.violations[violation[:3]] = violation
                self.tell("\n".join(violation))

    def _answer(self, identity, door, wire):
        with transaction.atomic(), broken() as broke:
            answer = send(self.identities[identity](door), wire)
            if 200 <= answer.status_code < 300 and wire.method != "GET" and not broke:
                connection.check_constraints()
            transaction.set_rollback(True)
        return answer, broke

    def reached(self):
        """Operations that somebody reached with a success."""
        return {
            label
            for label, statuses in self.statuses.items()
            if any(200 <= status < 300 for _identity, status in statuses)
        }

    def told(self):
        """The violations, one under the other."""
        return "\n\n".join(
            f"{one.operation} as {one.identity}: {one.kind}\n{one.told}\n{one.again}"
            for one in sorted(self.violations.values())
        )

    def _bodies(self, operation, door):
        """The example of each media type about objects of the world, as the document's body and over the line."""
        examples = list(self._examples(operation, door))
        bodies = [(media_type, self._wire(operation, door, body, media_type)) for media_type, _said, body in examples]
        return bodies or [(None, self._wire(operation, door))]

    def _examples(self, operation, door):
        """(media type, what the document says of it, the example about objects of the world) of each body."""
        for media_type, said in operation.definition.raw.get("requestBody", {}).get("content", {}).items():
            example = next((one["value"] for one in said.get("examples", {}).values()), {})
            body = {**example, **door.body}
            if media_type == "multipart/form-data":
                body |= {name: door.files[name] for name in said_files(operation, said) & set(door.files)}
            yield media_type, said, body

    def _working(self, operation, door, media_type):
        return operation.Case(path_parameters=dict(door.parameters), media_type=media_type)

    def _wire(self, operation, door, body=None, media_type=None, **other):
        headers = {} if door.version is None else {"If-Match": f'"{door.version}"'}
        sent = {}
        if media_type == "multipart/form-data":
            sent["files"] = {name: value for name, value in body.items() if isinstance(value, tuple)} or {"": ""}
            sent["data"] = {name: value for name, value in body.items() if not isinstance(value, tuple)}
        elif media_type:
            headers["Content-Type"] = media_type
            sent["data"] = json.dumps(body)
        sent = {"headers": headers, "params": door.query, **sent, **other}
        address = NOWHERE + operation.path.format(**door.parameters)
        return requests.Request(operation.method.upper(), address, **sent).prepare()

    def _about_something(self, case, door, choose):
        """Mostly about what exists, in the version it has."""
        if door.parameters and choose.random() < 0.85:
            case.path_parameters = dict(door.parameters)
        if door.version is not None and choose.random() < 0.85:
            case.headers["If-Match"] = f'"{door.version}"'
        return case

    def _spoilt(self, operation, door, choose):
        """The working request with one thing in it that does not belong there."""
        content = list(operation.definition.raw.get("requestBody", {}).get("content", {}).items())
        media_type, said = content[0] if content else (None, {})
        example = next((one["value"] for one in said.get("examples", {}).values()), {})
        body = {**example, **door.body} if content else None
        other, change = (
            {},
            choose.choice([*["body"] * (4 if content else 0), "query", "query", "version", "path", "head"]),
        )
        if change == "body":
            body, other = spoilt_body(choose, body, said, media_type)
        elif change == "query":
            other["params"] = {**door.query, **spoilt_query(choose, operation)}
        elif change == "version":
            other["headers"] = {
                "If-Match": choose.choice([*IN_A_LINE, '"1"', 'W/"1"', '"99999999999999999999999"', "*"])
            }
        elif change == "head":
            other["headers"] = choose.choice(
                [{"Accept": "application/xml"}, {"Content-Type": "text/plain"}, {"If-None-Match": "*"}, {"Cookie": "="},
                 {"Authorization": "Bearer \xff"}, {"Range": "bytes=0-1"}, {"Idempotency-Key": "x" * 300}]
            )  # fmt: skip
        elif door.parameters:
            part = choose.choice(sorted(door.parameters))
            door = door._replace(
                parameters={**door.parameters, part: requests.utils.quote(choose.choice(ODD_KEYS), "")}
            )
        case = operation.Case(path_parameters=dict(door.parameters), media_type=media_type)
        return Asked(case, self._wire(operation, door, body, media_type, **other))


SENDABLE = re.compile(r"|\S[^\r\n]*")
ODD_KEYS = [
    "0",
    "-1",
    "9" * 30,
    "APL-0",
    "APL-" + "9" * 40,
    "2026-Q3",
    "9999-Q4",
    "0000-Q1",
    "x",
    "é",
    "\x00",
    "a\x00b",
    "%",
    "\U0001f9ff",
]


def resolved(operation, schema):
    """The schema itself, where it only names one of the document's."""
    if "$ref" in schema:
        return operation.schema.raw_schema["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def said_files(operation, said):
    """Names of the properties of a multipart body that are files."""
    properties = resolved(operation, said["schema"]).get("properties", {})
    return {name for name, one in properties.items() if one.get("format") == "binary"}


def texts_of(operation, schema, place=()):
    """Where in a body free texts stand, as paths of names; 0 is the first of several."""
    schema = resolved(operation, schema)
    if "string" in (schema.get("type") or ()) and not {"enum", "format"} & set(schema):
        yield place
    for name, one in schema.get("properties", {}).items():
        yield from texts_of(operation, one, (*place, name))
    if "items" in schema:
        yield from texts_of(operation, schema["items"], (*place, 0))


def with_long_text(body, spot):
    """The body with a long text there; None where it has nothing around that place."""
    body = deepcopy(body)
    inner = body
    for part in spot[:-1]:
        inner = inner[part] if isinstance(inner, dict) and part in inner or isinstance(inner, list) and inner else None
        if inner is None:
            return None
    if not spot or (isinstance(inner, list) and not inner):
        return None
    inner[spot[-1]] = LONG
    return body


def spoilt_body(choose, body, said, media_type):
    """The body with a wrong value in one place, or something else altogether; (body, how it is sent instead)."""
    way = choose.random()
    if media_type == "application/json" and way < 0.15:
        raw = choose.choice([b"{", b'{"a": NaN}', b"\xff\xfe", b"[" * 5_000, b"", b"null", b'"x"', b"[1]", b"1e999"])
        return body, {"data": raw}
    if media_type == "application/json" and way < 0.25:
        return body, {"data": json.dumps(choose.choice(SPOILT))}
    names = sorted(body) or ["isian"]
    name = choose.choice([*names, *names, "tidak_dikenal"])
    wrong = choose.choice(SPOILT)
    if media_type != "application/json":
        wrong = choose.choice(
            ["", "\x00", "x" * 5_000, "\U0001f9ff", ("\x00.pdf", b"\x00"), ("x" * 300 + ".pdf", b"%PDF-1.4")]
        )
    inner = body.get(name)
    if isinstance(inner, list) and inner and isinstance(inner[0], dict) and inner[0] and way < 0.7:
        part = choose.choice(sorted(inner[0]))
        return {**body, name: [{**inner[0], part: wrong}, *inner[1:]]}, {}
    if isinstance(inner, list) and way < 0.7:
        return {**body, name: [wrong]}, {}
    if isinstance(inner, dict) and way < 0.7:
        return {**body, name: {**inner, choose.choice(sorted(inner) or ["x"]): wrong}}, {}
    return {**body, name: wrong}, {}


def spoilt_query(choose, operation):
    names = [one.name for one in operation.query] or ["tidak_dikenal"]
    return {
        choose.choice([*names, "page_size", "cursor"]): choose.choice([str(one) for one in SPOILT if one != "\ud800"])
    }


def prepared(case):
    """A drawn case as it goes over the line, without headers that no client can send."""
    sent = case.as_transport_kwargs(base_url=NOWHERE)
    sent["headers"] = {name: value for name, value in sent["headers"].items() if SENDABLE.fullmatch(text_of(value))}
    return requests.Request(**sent).prepare()


def send(browser, wire):
    """The answer of the product to the request."""
    headers = {name: value for name, value in wire.headers.items() if name not in ("Content-Type", "Content-Length")}
    body = wire.body or b""
    return browser.generic(
        wire.method,
        wire.url.removeprefix(NOWHERE),
        body.encode() if isinstance(body, str) else body,
        content_type=text_of(wire.headers.get("Content-Type", "")),
        headers={name: text_of(value) for name, value in headers.items()},
    )


def text_of(value):
    return value.decode("latin-1") if isinstance(value, bytes) else value


def judged(case, answer):
    """What the document's checks say against the answer."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    headers = {name: [value] for name, value in answer.items()}
    asked = requests.Request(case.method, NOWHERE).prepare()
    said = Response(answer.status_code, headers, content, asked, elapsed=0.1, verify=False)
    try:
        case.validate_response(said, checks=CHECKS)
    except FailureGroup as group:
        return list(group.exceptions)
    except Failure as failure:
        return [failure]
    return []


@contextmanager
def broken():
    """The last lines of each traceback of a request that broke down meanwhile."""
    lines = []

    def heard(**_kwargs):
        error = sys.exc_info()[1]
        lines.extend(traceback.format_exception(error)[-3:])

    got_request_exception.connect(heard)
    try:
        yield lines
    finally:
        got_request_exception.disconnect(heard)


def again(wire, identity):
    """How to ask the same once more."""
    headers = " ".join(f"-H '{name}: {text_of(value)}'" for name, value in wire.headers.items() if name in SHOWN)
    body = f" --data '{text_of(wire.body)[:500]}'" if wire.body else ""
    return f"curl -X {wire.method} '{wire.url}' {headers}{body}  # {identity}"


SHOWN = ("If-Match", "Content-Type", "Accept", "Idempotency-Key", "If-None-Match")
