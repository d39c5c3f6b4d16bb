"""The API keeps what its OpenAPI document promises, whatever is asked and whoever asks (T-14)."""

import os
import time
from copy import deepcopy

import jsonschema_rs
import pytest

from apps.accounts.api.organizations import OrganizationViewSet
from apps.deactivation.api import inputs
from tests.access import fuzzing, prepared
from tests.access.world import Browser
from tests.standing import standing

pytestmark = pytest.mark.django_db
FULL = int(os.environ.get("REQUESTS", "10000"))
OFFICES = "GET /api/v1/organizations/{code}/"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media):
    with standing(django_db_blocker, media, prepared.ready) as stands:
        yield stands.made


@pytest.fixture(scope="module")
def told():
    return fuzzing.document()


def identities(world, names):
    """Nobody, a system with its key, the reviewer, and for each operation somebody whose act it is."""
    system = Browser(HTTP_AUTHORIZATION=f"Bearer {world.keys['client']}")
    all_of_them = {
        "nobody": lambda door: world.clients["-"],
        "system": lambda door: system,
        "reviewer": lambda door: world.clients["r"],
        "whose act it is": lambda door: world.clients[door.letter],
    }
    return {name: all_of_them[name] for name in names}


def fuzz(world, told, count, names, capsys, **how):
    begun = time.monotonic()
    asker = fuzzing.Asker(world, told, identities(world, names), **how)
    asker.ask(count)
    reached, known = asker.reached(), {one.label for one in asker.operations}
    with capsys.disabled():
        print(f"\nT-14: {count} requests x {len(names)} identities in {time.monotonic() - begun:.0f} s: "  # noqa: T201
              f"{len(asker.violations)} violations, {len(reached)} of {len(known)} operations reached 2xx, "
              f"not {sorted(known - reached)}")  # fmt: skip
    assert set(asker.asked.values()) == {count}
    assert not asker.violations, asker.told()
    assert reached == known, sorted(known - reached)


def test_t14_the_api_keeps_its_document(world, told, capsys):
    fuzz(world, told, 500, ("nobody", "whose act it is"), capsys, quick=True)


@pytest.mark.faults
def test_t14_the_api_keeps_its_document_full(world, told, capsys):
    everybody = ("nobody", "system", "reviewer", "whose act it is")
    with capsys.disabled():
        fuzz(world, told, FULL, everybody, capsys, tell=lambda line: print(line, flush=True))  # noqa: T201


def texts_too_long(world, told, only=""):
    asker = fuzzing.Asker(world, told, identities(world, ["whose act it is"]), only=only)
    for operation in asker.operations:
        for asked in asker.too_long(operation):
            asker.put(operation, "whose act it is", asked)
    return asker


def test_no_text_is_too_long_for_the_place_it_is_kept_in(world, told):
    asker = texts_too_long(world, told)
    assert not asker.violations, asker.told()
    assert asker.asked.total() > 150


def test_control_a_text_without_a_limit_is_noticed(world, told, monkeypatch):
    monkeypatch.delitem(inputs.Invite._declared_fields["reference"]._kwargs, "max_length")
    invite = "POST /api/v1/desk-sessions/{code}/invite/"
    assert {one.kind for one in texts_too_long(world, told, invite).violations.values()} >= {"Server error: 500"}


def test_every_operation_has_its_prepared_object(world, told):
    """A new route is asked about nothing until `table_api.py` names what it is about."""
    asker = fuzzing.Asker(world, told, {})
    assert [one.label for one in asker.operations if (one.path, one.method) not in asker.doors] == []
    assert len(asker.operations) > 170


def broken_promises(world, told, only=OFFICES):
    asker = fuzzing.Asker(world, told, identities(world, ["reviewer"]), quick=True, only=only)
    asker.ask(6)
    return {violation.kind for violation in asker.violations.values()}


def of_offices(told):
    return told["paths"]["/api/v1/organizations/{code}/"]["get"]["responses"]


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (lambda told: of_offices(told).pop("200"), "Undocumented status code: 200"),
        (lambda told: told["components"]["schemas"]["Organization"]["properties"].update(name={"type": "integer"}),
         "Response violates schema: 200"),
        (lambda told: told["components"]["schemas"]["Organization"]["required"].append("address"),
         "Response violates schema: 200"),
        (lambda told: of_offices(told)["200"].update(content={"text/csv": {}}), "Undocumented Content-Type: 200"),
        (lambda told: of_offices(told)["200"]["headers"]["ETag"].update(schema={"type": "integer"}),
         "Response header does not conform to the schema: 200"),
    ],
)  # fmt: skip
def test_control_a_document_that_says_something_else_is_noticed(world, told, change, noticed):
    assert broken_promises(world, told) == set()
    other = deepcopy(told)
    change(other)
    assert noticed in broken_promises(world, other)


def test_control_a_view_that_breaks_down_is_noticed(world, told, monkeypatch):
    monkeypatch.setattr(OrganizationViewSet, "get_queryset", lambda self: 1 / 0)
    assert "Server error: 500" in broken_promises(world, told)


def examples(told):
    """(operation, media type, schema, example) of each body, and of each answer that shows one; None where none stands."""
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            contents = [operation.get("requestBody", {}).get("content", {})]
            said = [answer.get("content", {}) for code, answer in operation["responses"].items() if code < "300"]
            contents += [content for content in said if any("examples" in one for one in content.values())]
            for content in contents:
                for media_type, one in content.items():
                    example = next(iter(one.get("examples", {}).values()), {}).get("value")
                    yield f"{method} {path}", media_type, one["schema"], example


def test_every_body_of_the_document_has_an_example_that_fits_it(told):
    shown = list(examples(told))
    wrong = []
    for operation, media_type, schema, example in shown:
        judge = jsonschema_rs.Draft202012Validator({**schema, "components": told["components"]}, validate_formats=True)
        wrong += [(operation, media_type, error.message) for error in judge.iter_errors(example)]
    assert wrong == []
    assert len(shown) > 150
    assert sum("APL-2026-0000" in str(example) for *_where, example in shown) > 30
