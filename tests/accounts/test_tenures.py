"""Roles in force, read by one written statement with everything around them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import queries
from apps.accounts.models import Membership
from tests import factories

pytestmark = pytest.mark.django_db


def fields_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("role", ["operator", "administrator"])
def test_each_part_is_the_row_it_stands_for(role, government):
    seat = factories.make_agency(government) if role == "operator" else government
    held = factories.make_membership(role, government, seat)
    with CaptureQueriesContext(connection) as asked:
        read = queries.membership_in_force(held.pk)
        around = {name: getattr(read, name) for name in ("user", "seat", "scope")} | {"over": read.seat.government}
    expected = Membership.objects.get(pk=held.pk)
    assert len(asked) == 1 and fields_of(read) == fields_of(expected)
    assert {name: row and fields_of(row) for name, row in around.items()} == {
        "user": fields_of(expected.user),
        "seat": fields_of(expected.seat),
        "scope": fields_of(expected.scope),
        "over": expected.seat.government and fields_of(expected.seat.government),
    }


def test_a_person_keeps_the_roles_in_the_order_they_were_given(government):
    first = factories.make_membership("reviewer", government)
    second = factories.make_membership("auditor", government, user=first.user)
    assert [row.pk for row in queries.current_memberships(first.user)] == [first.pk, second.pk]
    assert queries.current_memberships(first.user)[0].user is first.user
