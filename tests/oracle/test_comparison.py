"""A comparison that overlooks something would let everything pass."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle.comparison import difference

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SAME = [
    (1, Decimal("1.00")),
    (Fraction(2, 3), Decimal("0.6667")),
    (NOON, NOON.astimezone(timezone(timedelta(hours=7)))),
    ([NOON], (NOON,)),
]
DIFFERENT = [(1, True), (0, None), ("1", 1), (Fraction(1, 3), 0.3334), ([1], [1, 2]), (NOON, NOON.date())]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_value_of_another_type_is_the_same(one, other):
    assert difference("mart", [{"a": one}], [{"a": other}]) == ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_value_is_told(one, other):
    assert difference("mart", [{"a": one}], [{"a": other}]) != ""


def test_rows_are_counted_and_the_nearest_one_shown():
    told = difference(
        "mart", [{"id": 1, "n": 2}, {"id": 5, "n": 5}] * 2, [{"id": 1, "n": 3}, {"id": 5, "n": 5}]
    )

    assert told.splitlines() == [
        "mart: 3 rows missing, 1 too many, of 4",
        *("missing  id=1 | n=2", "         the nearest has n=3") * 2,
        "missing  id=5 | n=5",
        "too many id=1 | n=3",
        "         the nearest has n=2",
    ]
