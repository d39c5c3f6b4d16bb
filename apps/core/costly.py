"""Answers that cost much are kept for a minute, with the moment they tell of; cheap ones are always asked anew.

What is read of a large register may be a minute old where the page says so. Each web process keeps its own.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings

from apps.core import clock

T = TypeVar("T")
KEPT = 60  # seconds
AT_MOST = 256  # answers, the longest unasked forgotten first


@dataclass
class _Place:
    """One question's answer; who asks while it is being found waits for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = 0
    answer: Any = None
    told_at: datetime | None = None


_places: OrderedDict[Hashable, _Place] = OrderedDict()
_order = threading.Lock()


def costly(key: Hashable, find: Callable[[], T]) -> tuple[T, datetime | None]:
    """What `find` answers, and since when that is known: None when just now.

    Kept only when finding took longer than COSTLY_AFTER seconds. `key` must hold everything the answer depends on, who
    asks included.
    """
    place = _place(key)
    with place.lock:
        if time.monotonic() < place.until:
            return place.answer, place.told_at
        began = time.monotonic()
        answer = find()
        taken = time.monotonic() - began
        if taken > settings.COSTLY_AFTER:
            place.answer, place.told_at = answer, clock.now() - timedelta(seconds=taken)
            place.until = began + KEPT
        return answer, None


def forget() -> None:
    """Forget every answer."""
    with _order:
        _places.clear()


def _place(key: Hashable) -> _Place:
    with _order:
        place = _places.setdefault(key, _Place())
        _places.move_to_end(key)
        while len(_places) > AT_MOST:
            _places.popitem(last=False)
        return place
