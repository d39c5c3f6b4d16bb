"""What becomes of each system in each quarter, decided before the walk begins and the same every time."""

from dataclasses import dataclass
from random import Random

from apps.inventory.models import Application

USED, LOW, UNUSED, SILENT, CONTRADICTED = "used", "low", "unused", "silent", "contradicted"
# How many become idle for good, by the quarter (counted from the last closed one) whose close finds it.
COHORTS = {0: 5, 1: 11, 2: 3, 3: 4, 4: 3, 5: 3, 6: 2}
SMALL_COHORTS = {0: 2, 1: 9, 2: 4}
SILENT_SINCE = {0: 4, 1: 3, 3: 2}


@dataclass
class Fate:
    """One system's quarters, oldest first, and whether it counts its use and is probed."""

    application: Application
    quarters: list[str]
    users: int
    counted: bool = False
    suspended: bool = False

    def at(self, index: int) -> str:
        return self.quarters[index]


def cast(applications: list[Application], quarters: int, random: Random, *, small: bool) -> list[Fate]:
    """Give every system its quarters: most are used, some idle, silent or contradicted."""
    fates = [
        Fate(application, [USED] * (quarters + 1), random.choice((14, 35, 80, 150, 420, 1300)), random.random() < 0.35)
        for application in applications
    ]
    local = [f for f in fates if f.application.ownership == "local" and not f.application.season_months]
    random.shuffle(local)
    home = [f for f in local if f.application.owner.short_name == "Dinkes"]
    pool = home[:2] + [f for f in local if f not in home[:2]]
    _idle(pool, quarters, SMALL_COHORTS if small else COHORTS)
    _rest(pool, quarters, small=small)
    return fates


def _idle(pool: list[Fate], quarters: int, cohorts: dict[int, int]) -> None:
    """A finding at the close of a quarter needs that quarter and the one before idle."""
    for back, number in sorted(cohorts.items(), key=lambda pair: pair[0] != 1):
        first = quarters - 2 - back
        for _step in range(number if first >= 0 else 0):
            fate = pool.pop(0)
            fate.counted = False
            for index in range(first, quarters + 1):
                fate.quarters[index] = UNUSED


def _rest(pool: list[Fate], quarters: int, *, small: bool) -> None:
    for back, number in SILENT_SINCE.items():
        for fate in [pool.pop() for _step in range(1 if small else number)]:
            fate.counted = False
            for index in range(max(quarters - 1 - back, 0), quarters):
                fate.quarters[index] = SILENT
    for back in (0, 0, 3)[: 1 if small else 3]:
        fate = pool.pop()
        fate.counted = True
        fate.quarters[max(quarters - 1 - back, 0)] = CONTRADICTED
    for fate in [pool.pop() for _step in range(2 if small else 8)]:
        fate.quarters[quarters - 1] = UNUSED
        fate.counted = False
    for fate in [pool.pop() for _step in range(1 if small else 7)]:
        fate.users = 3
    for fate in [pool.pop() for _step in range(1 if small else 2)]:
        fate.suspended = True
