"""Fixtures shared by all tests."""

import os
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.db import connection
from django.db.models.signals import post_migrate

from apps.accounts.actor import Actor
from apps.core import privileges
from apps.core.throttling import ClientThrottle
from tests import factories
from tests.standing import standing
from tests.waiting import publish_what_waits

SHARED_DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


def pytest_collection_modifyitems(items):
    """The longest tests come first, so that no parallel worker waits in the end for another that clicks through one."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """`make test` migrates once; every worker's database is a copy of that one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEST_TEMPLATE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The migrated test database with the triggers and the application role's privileges of a real installation."""
    with django_db_blocker.unblock():
        factories.ensure_application_role()
        privileges.apply(factories.APPLICATION_ROLE)
    # A flush would tell every app that it was migrated again; what they then write (content types, permissions) is kept.
    post_migrate.receivers = []


@pytest.fixture(autouse=True)
def counted_apart(monkeypatch):
    """Requests are counted in the Redis that all tests share; each test counts its own."""
    monkeypatch.setattr(ClientThrottle, "cache_format", f"throttle_%(scope)s_%(ident)s_{uuid.uuid4().hex}")


@pytest.fixture(autouse=True)
def published_before_asked():
    """What a test wrote is committed for the requests it makes, as far as a transaction that is rolled back can be."""
    request_started.connect(publish_what_waits)
    yield
    request_started.disconnect(publish_what_waits)


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def real_data():
    """The folder with the real application list; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real list is not on this machine")
    return SHARED_DATA


@pytest.fixture
def government(db):
    return factories.make_government()


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker, tmp_path_factory):
    """Called with a function: what it makes stands for all tests of the file. They change what `own` hands them."""
    with ExitStack() as until_the_end:
        yield lambda make: until_the_end.enter_context(
            standing(django_db_blocker, tmp_path_factory.mktemp("standing"), make)
        )


@pytest.fixture
def own(db, media_folder, settings):
    """Called with what stands for the whole file: the test's own instances and files of it."""
    return lambda stands: stands.own(settings.MEDIA_ROOT)


@pytest.fixture
def system():
    return Actor.system()
