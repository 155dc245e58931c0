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


@pytest.mark.parametrize(
    ("found", "is_same"),
    [
        ([(1, "0.3333333333"), (1, "0.6666666667"), (2, None)], True),
        ([(1, "0.6666666667"), (1, "0.3333333333"), (2, None)], True),
        ([(1, "0.33333"), (1, "0.6666666667"), (2, None)], False),
        ([(1, "0.3333333333"), (1, "0.3333333333"), (2, None)], False),
        ([(1, "0.3333333333"), (1, "0.6666666667"), (2, "0")], False),
        ([(1, "0.3333333333"), (2, "0.6666666667"), (2, None)], False),
    ],
)
def test_numbers_of_named_columns_may_be_a_billionth_apart(found, is_same):
    expected = [{"id": 1, "n": Fraction(1, 3)}, {"id": 1, "n": Fraction(2, 3)}, {"id": 2, "n": None}]
    rows = [{"id": number, "n": None if n is None else Decimal(n)} for number, n in found]

    assert (difference("mart", expected, rows, close=["n"]) == "") == is_same
    assert not is_same or difference("mart", expected, rows) == ""


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
