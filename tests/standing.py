"""Rows and files that several tests begin with: made once, and taken back after the last of them."""

import shutil
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.test import override_settings


class Standing(NamedTuple):
    """What was made once, and the folder with its files."""

    made: Any
    files: Any

    def own(self, media):
        """What one test may change: instances of its own, and the files copied to its own folder."""
        shutil.copytree(self.files, media, dirs_exist_ok=True)
        return deepcopy(self.made)


@contextmanager
def standing(blocker, files, make):
    """What `make` made, for all tests of a scope; the savepoint each of them runs in takes it back to that.

    Tests that hold a whole transaction of their own (`transaction=True`) cannot stand on it: keep them in another file.
    """
    with blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        made = make()
        connection.check_constraints()  # what waits for COMMIT, as the links of the trail do, is not done after each test
        yield Standing(made, files)
        transaction.set_rollback(True)
