"""Places of which there are so many over all processes; whoever dies gives the place back."""

from typing import Self

from django.db import connection

# The other advisory locks of two numbers: 71, an import (inventory.services.importing).
_TAKE = """SELECT number FROM generate_series(1, %s) AS number
 WHERE pg_try_advisory_lock(hashtext(%s), number) LIMIT 1"""


class Place:
    """One of the places of `name`, held by the database connection until it is given back or the connection ends.

    It belongs to the connection and not to a transaction: a transaction begun before the answer's head would also hold
    what the answer's end writes, the reader's session, for as long as the file takes to arrive.
    """

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number = name, number
        self._link = connection.connection

    @classmethod
    def take(cls, name: str, places: int) -> Self | None:
        """A free place, None when all are taken."""
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [places, name])
            found = cursor.fetchone()
        return cls(name, found[0]) if found else None

    def give_back(self) -> None:
        """Let the next one in; a second time does nothing."""
        link, self._link = self._link, None
        if link is None or link.closed:
            return
        with link.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [self.name, self.number])
