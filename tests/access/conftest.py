"""One world for each file; every question put to it is undone."""

import pytest

from tests.access.world import World
from tests.standing import standing


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def media_folder(settings, media):
    settings.MEDIA_ROOT, settings.DEMO = media, True


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media):
    with standing(django_db_blocker, media, World) as stands:
        yield stands.made
