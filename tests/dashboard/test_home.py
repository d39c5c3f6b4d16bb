"""Home: the public goes to the catalogue, a person sees the own work."""

import pytest
from django.test import Client

from apps.accounts.actor import Actor
from apps.dashboard import queries


@pytest.mark.django_db
def test_the_public_is_sent_to_the_catalogue():
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/katalog/")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["operator", "agency_head", "reviewer", "companion", "approver", "executive"])
def test_nothing_waits_in_an_empty_register(role, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert queries.waiting(Actor(1, "Uji", role, government_id=1)) == []
