"""When something that failed outside is tried again."""

from datetime import timedelta
from random import Random

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


def wait_after(attempts: int, random: Random) -> timedelta:
    """Twice as long after each failure, at most six hours, with up to a quarter of jitter."""
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (1 + random.random() / 4)
