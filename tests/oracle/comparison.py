"""Rows of two sources side by side, so that what differs can be read."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

MOST_ROWS_TOLD = 10
# Rates are rounded somewhere; money has two decimals and its shares four.
PLACES = Decimal("0.0001")
CLOSE_PLACES = Decimal("1e-12")
CLOSE_ENOUGH = Fraction(1, 10**9)

Row = dict[str, Any]
Values = tuple[str, ...]


def difference(mart: str, expected: Iterable[Row], found: Iterable[Row], close: Collection[str] = ()) -> str:
    """Empty where both hold the same rows. In columns named `close`, numbers may lie 1e-9 apart."""
    expected = list(expected)
    if close:
        found = _taken_as_expected(expected, found, close)
    wanted = Counter(_plain_row(row, close) for row in expected)
    got = Counter(_plain_row(row, close) for row in found)
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


def _taken_as_expected(
    expected: Iterable[Row], found: Iterable[Row], close: Collection[str]
) -> Iterable[Row]:
    by_the_rest: dict[Values, list[Row]] = {}
    for row in expected:
        by_the_rest.setdefault(_plain_row(_without(row, close)), []).append(row)
    for row in found:
        alike = by_the_rest.get(_plain_row(_without(row, close)), [])
        twin = next((other for other in alike if _is_close(row, other, close)), None)
        if twin is not None:
            alike.remove(twin)
        yield row if twin is None else twin


def _is_close(row: Row, other: Row, close: Collection[str]) -> bool:
    pairs = [(row[name], other[name]) for name in close]
    return all(
        one is two if one is None or two is None else abs(Fraction(one) - Fraction(two)) <= CLOSE_ENOUGH
        for one, two in pairs
    )


def _without(row: Row, names: Collection[str]) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _told(what: str, rows: Counter[Values], others: Counter[Values]) -> Iterable[str]:
    for row in sorted(rows.elements())[:MOST_ROWS_TOLD]:
        yield f"{what} {' | '.join(row)}"
        # Of a wide row that has a counterpart, one wants to see the few columns that differ.
        nearest = min(others, key=lambda other: len(_differing(row, other)), default=row)
        if 0 < len(_differing(row, nearest)) <= len(row) // 2:
            yield f"         the nearest has {' | '.join(_differing(row, nearest))}"


def _differing(row: Values, other: Values) -> list[str]:
    return [theirs for ours, theirs in zip(row, other, strict=True) if ours != theirs]


def _plain_row(row: Row, close: Collection[str] = ()) -> Values:
    return tuple(
        f"{name}={_plain(value, CLOSE_PLACES if name in close else PLACES)}" for name, value in row.items()
    )


def _plain(value: Any, places: Decimal) -> str:
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)).quantize(places, ROUND_HALF_UP).normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(each, places) for each in value) + "]"
    return repr(value)
