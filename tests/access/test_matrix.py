"""The permission table against the running product: every cell, every route, and the order of refusals (T-12)."""

from collections import defaultdict

import pytest
from django.urls import get_resolver

from apps.deactivation import rules
from apps.deactivation.models import Case
from tests.access.asking import FORBIDDEN, NO_METHOD, OPEN, ask, meaning
from tests.access.letters import EVERYBODY, PUBLIC
from tests.access.table import BY_KEY, TABLE

pytestmark = pytest.mark.django_db  # so that pytest makes the test database the world of the file lives in
WEB, REST = ("GET", "POST"), ("GET", "POST", "PUT", "PATCH", "DELETE")


def words(row):
    return f"{row.route} {row.methods.replace(' ', '+')} {' '.join(row.arguments.values())}".strip()


def disagreements(world, row, letters=PUBLIC):
    """Cells of a row in which the product says something else than the table: (method, letter, said, expected)."""
    arguments, body = world.named(row.arguments), world.named(row.body)
    found = []
    for method in row.methods.split():
        for letter in letters:
            said = meaning(ask(world.clients[letter], row.route, method, arguments, body), method)
            if said != row.expected(letter):
                found.append((method, letter, said, row.expected(letter)))
    return found


@pytest.mark.parametrize("row", TABLE, ids=words)
def test_every_cell_is_as_declared(world, row):
    assert disagreements(world, row) == []


@pytest.mark.parametrize("row", [row for row in TABLE if row.methods != "GET"], ids=words)
def test_who_may_not_hears_only_that(world, row):
    """403 and 404 come before what is wrong with version, state and fields: also with a stale version and junk typed."""
    denied = [letter for letter in EVERYBODY if row.expected(letter) != OPEN]
    first = {row.expected(letter): letter for letter in reversed(denied)}
    arguments = world.named(row.arguments)
    for method in set(row.methods.split()) - {"GET"}:
        for expected, letter in first.items():
            answer = ask(world.clients[letter], row.route, method, arguments, junk=True)
            assert meaning(answer, method) == expected, (method, letter, answer.status_code)


def routes(patterns, namespace=""):
    """The full name of every route of the product; a route without a name shows as its pattern."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, pattern.namespace or namespace)
        else:
            name = pattern.name or str(pattern.pattern)
            yield f"{namespace}:{name}" if namespace else name


def test_no_route_is_undeclared_and_none_is_declared_twice():
    known, declared = set(routes(get_resolver().url_patterns)), defaultdict(list)
    for row in TABLE:
        for method in row.methods.split():
            declared[row.route, method, tuple(row.arguments.values())].append(row)
    assert known == {row.route for row in TABLE} | set(BY_KEY)
    assert [key for key, again in declared.items() if len(again) > 1] == []


def test_a_method_that_is_not_declared_does_not_exist(world):
    """Asked by somebody who is let in otherwise, so that no refusal hides the method."""
    methods, first = defaultdict(set), {}
    for row in TABLE:
        methods[row.route] |= set(row.methods.split())
        first.setdefault(row.route, row)
    found = []
    for route, row in first.items():
        for method in set(REST if route.startswith("api-") else WEB) - methods[route]:
            said = meaning(ask(world.clients[row.open[-1]], route, method, world.named(row.arguments)), method)
            found += [(route, method, said)] if said != NO_METHOD else []
    assert not found, "\n".join(map(str, sorted(found)))


def test_every_denial_stands_beside_an_allowed_twin():
    assert [words(row) for row in TABLE if not row.open] == []
    assert [words(row) for row in TABLE if set(row.open) & set(row.hidden)] == []


def test_every_role_is_somewhere_let_in_and_somewhere_refused():
    for letter in PUBLIC:
        said = {row.expected(letter) for row in TABLE}
        assert OPEN in said and len(said) > 1, letter


def test_control_a_lost_guard_is_noticed(world, monkeypatch):
    """With one rule that lets everybody through, the cells of those it kept out disagree, and no others."""
    row = next(row for row in TABLE if row.route == "deactivation:verify_saving")
    assert disagreements(world, row) == []
    monkeypatch.setattr(rules, "may_verify_saving", lambda by, case: True)
    kept_out = [letter for letter in EVERYBODY if row.expected(letter) == FORBIDDEN]
    assert disagreements(world, row) == [("POST", letter, OPEN, FORBIDDEN) for letter in kept_out]
    assert len(kept_out) == 7


def test_control_a_lost_lookup_is_noticed(world, monkeypatch):
    """With a lookup that shows every case to everybody, the hidden cells disagree."""
    row = next(row for row in TABLE if row.route == "deactivation:case_detail")
    monkeypatch.setattr(type(Case.objects.all()), "visible_to", lambda self, by: self)
    assert {letter for _method, letter, _said, _expected in disagreements(world, row)} == set(row.hidden)


def test_the_size_of_the_table(record_property, capsys):
    cells = sum(len(row.methods.split()) for row in TABLE) * len(PUBLIC)
    record_property("cells", cells)
    with capsys.disabled():
        print(f"\nT-12: {cells} cells over {len({row.route for row in TABLE})} routes")  # noqa: T201
    assert cells > 3000
