"""Places of which there are so many over all processes; whoever dies gives the place back."""

from collections.abc import Callable, Iterator
from typing import Any, Self

from django.db import connection
from django.utils.translation import gettext_lazy

BUSY = gettext_lazy("Sedang banyak unduhan berjalan. Coba lagi sebentar lagi.")

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

    def __del__(self) -> None:  # a server that forgets to close an answer
        self.give_back()


class NoPlace(Exception):
    """All places are taken."""


class Sending:
    """A body on its way, with the place it holds until it is closed."""

    def __init__(self, parts: Iterator[Any], place: Place) -> None:
        self.parts, self.place = parts, place

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return next(self.parts)

    def close(self) -> None:
        """Ends the reading first, so that its transaction is over when the place is free."""
        try:
            getattr(self.parts, "close", lambda: None)()
        finally:
            self.place.give_back()


def with_a_place(name: str, places: int, answer: Callable[[Place], Any]) -> Any:
    """What `answer` makes while it holds a place, which it gives back itself; NoPlace when all are taken."""
    place = Place.take(name, places)
    if place is None:
        raise NoPlace
    try:
        return answer(place)
    except BaseException:
        place.give_back()
        raise
