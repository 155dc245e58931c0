"""Rows of two sources side by side, so that what differs can be read."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

MOST_ROWS_TOLD = 10

Row = dict[str, Any]


def difference(mart: str, expected: Iterable[Row], found: Iterable[Row]) -> str:
    """Empty where both hold the same rows."""
    wanted, got = Counter(map(_as_text, expected)), Counter(map(_as_text, found))
    missing, extra = wanted - got, got - wanted
    if not missing and not extra:
        return ""
    return "\n".join(
        [
            f"{mart}: {missing.total()} rows missing, {extra.total()} too many, of {wanted.total()}",
            *_told("missing ", missing),
            *_told("too many", extra),
        ]
    )


def _told(what: str, rows: Counter[str]) -> list[str]:
    return [f"{what} {row}" for row in sorted(rows.elements())[:MOST_ROWS_TOLD]]


def _as_text(row: Row) -> str:
    return " | ".join(f"{name}={_plain(row[name])}" for name in row)


def _plain(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    if isinstance(value, int | float | Decimal):
        # Rates are rounded somewhere; money has two decimals and its shares four.
        return f"{Decimal(str(value)).quantize(Decimal('0.0001'), ROUND_HALF_UP):f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return repr(value)
