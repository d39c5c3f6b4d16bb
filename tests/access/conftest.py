"""One world for each file; every question put to it is undone."""

import pytest
from django.db import transaction
from django.test import override_settings

from tests.access.world import World


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def media_folder(settings, media):
    settings.MEDIA_ROOT, settings.DEMO = media, True
    settings.SESSION_SAVE_EVERY_REQUEST = False  # every question is undone; keeping the session alive for it is waste


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media):
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
