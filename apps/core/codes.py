"""Codes and letter numbers without gaps, such as APL-2026-000042."""

from django.db import connection

MANY, FEW = 6, 4  # digits at least
NUMEROUS = ("APL", "TMN", "PJL")  # applications, findings, explanations; papers and cases come by the hundred
# One statement takes the next number and holds the row's lock to the end of the act: a rolled-back act gives it back.
_NEXT = """INSERT INTO core_counter (key, value) VALUES (%s, %s)
ON CONFLICT (key) DO UPDATE SET value = core_counter.value + %s RETURNING value"""


def next_number(key: str) -> int:
    """The next number of the sequence `key`, starting at 1."""
    return reserve(key, 1).start


def reserve(key: str, count: int) -> range:
    """`count` consecutive numbers of the sequence `key`."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [key, count, count])
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def code(prefix: str, year: int, number: int) -> str:
    """The code of a number of the year: ("APL", 2026, 42) gives APL-2026-000042, ("KSS", 2026, 42) KSS-2026-0042."""
    return f"{prefix}-{year}-{number:0{MANY if prefix in NUMEROUS else FEW}d}"


def digits(number: str) -> str:
    """The SQL of a number as numerous codes write it: more digits beyond 999,999, where `lpad` alone would cut the last."""
    return f"lpad(({number})::text, greatest({MANY}, length(({number})::text)), '0')"


def next_code(prefix: str, year: int) -> str:
    """The next code of `prefix` in `year`."""
    return code(prefix, year, next_number(f"{prefix}-{year}"))
