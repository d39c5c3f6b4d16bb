"""Fixtures of the register's tests."""

import pytest

from tests.inventory.doing import Office


@pytest.fixture
def office(government):
    return Office(government)
