"""The people of a government and a case on its way, made once for each file that asks for them."""

import pytest

from tests import factories_deactivation as made


@pytest.fixture(scope="module")
def stage(once):
    return once(made.make_cast)


@pytest.fixture
def cast(stage, own):
    """One government's people."""
    return own(stage)


@pytest.fixture(scope="module")
def one_recommended(once, stage):
    return once(lambda: made.make_case(at="recommended", cast=stage.made))


@pytest.fixture
def recommended(one_recommended, own):
    """A case of the cast that waits for its decision."""
    return own(one_recommended)


@pytest.fixture(scope="module")
def one_on_desk(once, stage):
    return once(lambda: made.make_case(at="on_desk", cast=stage.made))


@pytest.fixture
def on_desk(one_on_desk, own):
    """A case of the cast on the agenda of a session with its quorum, and that session."""
    case = own(one_on_desk)
    return case, made.session_of(case)
