"""The impact of a stop against the oracle on random graphs with circles; and the edges of the search."""

from datetime import date, timedelta
from random import Random

import pytest

from apps.inventory import impact
from apps.inventory.models import Application, Relation
from tests.catalogue.test_catalogue import make_application
from tests.inventory import impact_oracle

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
STATUSES = ["registered"] * 5 + ["retiring", "retired", "merged"]
DIRECTIONS = ["sends", "receives", "both"]
MOVED = [None, None, None, DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]


def graph(government, random, size, first=1):
    """Random applications and ties: circles, doubles, the moved and the ended included."""
    made = [make_application(government, f"Aplikasi {number}", number=number) for number in range(first, first + size)]
    statuses = {}
    for application in made:
        status = random.choice(STATUSES)
        merged = made[0] if status == "merged" else None
        Application.objects.filter(pk=application.pk).update(
            status=status, merged_into=merged, retired_at=application.registered_at if status == "retired" else None
        )
        statuses[application.pk] = status
    rows = {}
    for _tie in range(size * 2):
        source, target = random.sample(made, 2)
        rows[source.pk, target.pk] = (source.pk, target.pk, random.choice(DIRECTIONS), random.choice(MOVED))
    Relation.objects.bulk_create(
        Relation(source_id=source, target_id=target, direction=direction, migrated_on=moved)
        for source, target, direction, moved in rows.values()
    )
    parts = []
    for _part in range(size // 4):
        whole, part = random.sample(made, 2)
        if all(known != part.pk for _whole, known in parts):
            parts.append((whole.pk, part.pk))
            Application.objects.filter(pk=part.pk).update(super_application=whole)
    return made, statuses, impact_oracle.feeds(rows.values(), parts, DAY)


@pytest.mark.parametrize("seed", range(12))
def test_the_same_are_hurt_as_by_the_oracle(government, seed):
    made, statuses, pairs = graph(government, Random(seed), size=8)
    for start in made:
        found = impact.impact_of(start, DAY)
        expected = impact_oracle.hurt_by(start.pk, pairs, statuses)
        assert {row.application.pk: row.depth for row in found.hurt} == expected
        for row in found.hurt:
            steps = [step.pk for step in row.path]
            assert steps[0] == start.pk and steps[-1] == row.application.pk and len(steps) == row.depth + 1
            assert all(pair in pairs for pair in zip(steps, steps[1:], strict=False))


def test_the_graphs_hold_circles_and_long_ways(government):
    """A control: without circles and chains the comparison above would compare little."""
    deepest, circles = 0, 0
    for seed in range(4):
        made, statuses, pairs = graph(government, Random(seed), size=8, first=100 * seed + 1)
        for start in made:
            deepest = max([deepest, *impact_oracle.hurt_by(start.pk, pairs, statuses).values()])
        circles += sum((consumer, supplier) in pairs for supplier, consumer in pairs)
    assert deepest >= 4 and circles


def test_a_chain_is_followed_ten_steps_and_says_so(government):
    made = [make_application(government, f"Rantai {number}", number=number + 1) for number in range(13)]
    Relation.objects.bulk_create(
        Relation(source=one, target=next_one) for one, next_one in zip(made, made[1:], strict=False)
    )
    found = impact.impact_of(made[0], DAY)
    assert [row.depth for row in found.hurt] == list(range(1, 11)) and found.is_cut
    assert not impact.impact_of(made[5], DAY).is_cut


def test_a_dense_register_costs_four_statements(government, django_assert_num_queries):
    made = [make_application(government, f"Padat {number}", number=number + 1) for number in range(12)]
    Relation.objects.bulk_create(
        Relation(source=one, target=other, direction="both")
        for place, one in enumerate(made)
        for other in made[place + 1 :]
    )
    with django_assert_num_queries(4):
        found = impact.impact_of(made[0], DAY)
    assert found.direct == 11 and len(found.edges) == 12 * 11


def test_consumers_hold_a_retirement_until_they_moved(government):
    one, taker, giver, user = (make_application(government, f"A{n}", number=n) for n in range(1, 5))
    Relation.objects.create(source=one, target=taker, direction="sends", migrated_on=DAY + timedelta(days=1))
    Relation.objects.create(source=one, target=giver, direction="receives")
    Relation.objects.create(source=user, target=one, direction="receives", kind="shared")
    assert [other for _pk, other in impact.consumers_of(one, DAY)] == [taker, user]
    assert [other for _pk, other in impact.consumers_of(one, DAY + timedelta(days=1))] == [user]
