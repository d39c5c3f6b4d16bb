"""Codes and letter numbers without gaps, such as APL-2026-000042."""

from django.db import connection

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


def digits(number: str) -> str:
    """The SQL of a number as codes write it: six digits, more beyond 999,999, where `lpad` alone would cut the last."""
    return f"lpad(({number})::text, greatest(6, length(({number})::text)), '0')"


def next_code(prefix: str, year: int, width: int = 6) -> str:
    """The next code of `prefix` in `year`: ("APL", 2026, 6) gives APL-2026-000042."""
    return f"{prefix}-{year}-{next_number(f'{prefix}-{year}'):0{width}d}"
