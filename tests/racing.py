"""Threads that do something at the same moment, each on a database connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import connection


@contextmanager
def racers(count):
    """A pool of `count` threads whose connections stay open from one race to the next, as those of a server do."""
    with ThreadPoolExecutor(count) as pool:
        try:
            yield pool
        finally:
            together = Barrier(count)  # so that every thread takes exactly one of these
            list(pool.map(lambda _turn: (together.wait(60), connection.close()), range(count)))
