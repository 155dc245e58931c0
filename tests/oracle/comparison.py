"""Rows of two sources side by side, so that what differs can be read."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

MOST_ROWS_TOLD = 10

Row = dict[str, Any]
Values = tuple[str, ...]


def difference(mart: str, expected: Iterable[Row], found: Iterable[Row]) -> str:
    """Empty where both hold the same rows."""
    wanted, got = Counter(map(_plain_row, expected)), Counter(map(_plain_row, found))
    missing, extra = wanted - got, got - wanted
    if not missing and not extra:
        return ""
    return "\n".join(
        [
            f"{mart}: {missing.total()} rows missing, {extra.total()} too many, of {wanted.total()}",
            *_told("missing ", missing, extra),
            *_told("too many", extra, missing),
        ]
    )


def _told(what: str, rows: Counter[Values], others: Counter[Values]) -> Iterable[str]:
    for row in sorted(rows.elements())[:MOST_ROWS_TOLD]:
        yield f"{what} {' | '.join(row)}"
        # Of a wide row that has a counterpart, one wants to see the few columns that differ.
        nearest = min(others, key=lambda other: len(_differing(row, other)), default=row)
        if 0 < len(_differing(row, nearest)) <= len(row) // 2:
            yield f"         the nearest has {' | '.join(_differing(row, nearest))}"


def _differing(row: Values, other: Values) -> list[str]:
    return [theirs for ours, theirs in zip(row, other, strict=True) if ours != theirs]


def _plain_row(row: Row) -> Values:
    return tuple(f"{name}={_plain(value)}" for name, value in row.items())


def _plain(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    if isinstance(value, int | float | Decimal):
        # Rates are rounded somewhere; money has two decimals and its shares four.
        return f"{Decimal(str(value)).quantize(Decimal('0.0001'), ROUND_HALF_UP).normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return repr(value)
