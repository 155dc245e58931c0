"""How good a customer everybody is: by recency, frequency and money, and by what they left undone."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from tests.oracle.carts import Cart
from tests.oracle.persons import Person
from tests.oracle.seeds import Segment

Row = dict[str, Any]
Scores = tuple[int, int, int]

RFM_MIN_CUSTOMERS = 25
LAPSED_AFTER = timedelta(days=90)
CART_ABANDONER = timedelta(days=30)
VIEWED_NOT_BOUGHT = timedelta(days=30)
SUMMED = {
    **{name: name for name in ("order_count", "revenue", "abandoned_value")},
    "one_time_buyer_count": "is_one_time_buyer",
    "lapsed_count": "is_lapsed",
    "cart_abandoner_count": "is_cart_abandoner",
    "viewed_not_bought_count": "is_viewed_not_bought",
}


def customer_segments(
    persons: Iterable[Person],
    abandoned: Iterable[Cart],
    as_of_date: date,
    segments: tuple[Segment, ...],
    rfm_min_customers: int = RFM_MIN_CUSTOMERS,
) -> list[Row]:
    everybody = list(persons)
    scores = _scores([person for person in everybody if person.orders], rfm_min_customers)
    left = _left_in_carts(abandoned, as_of_date)
    return [
        {
            "person_id": person.person_id,
            "first_seen_at": min(session.started_at for session in person.sessions),
            "last_seen_at": max(session.ended_at for session in person.sessions),
            **_bought(person, as_of_date),
            **_scored(person, scores, segments),
            "is_cart_abandoner": person.person_id in left,
            "abandoned_value": left.get(person.person_id, Decimal(0)),
            "is_viewed_not_bought": _viewed_without_buying(person, as_of_date - VIEWED_NOT_BOUGHT),
        }
        for person in everybody
    ]


def segment_sizes(customers: Iterable[Row]) -> list[Row]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for person in customers:
        key = (person["segment"], *(person[score] or 0 for score in "rfm"))
        groups.setdefault(key, []).append(person)
    return [
        {
            **dict(zip(("segment", *"rfm"), key, strict=True)),
            "person_count": len(persons),
            **{name: sum(person[what] for person in persons) for name, what in SUMMED.items()},
        }
        for key, persons in groups.items()
    ]


def _bought(person: Person, as_of_date: date) -> Row:
    order_count = len(person.orders)
    recency = as_of_date - _last_ordered_on(person) if person.orders else None
    return {
        "recency_days": recency.days if recency is not None else None,
        "order_count": order_count,
        "revenue": _revenue(person),
        "average_order_value": Fraction(_revenue(person)) / order_count if order_count else None,
        "is_one_time_buyer": order_count == 1,
        "is_lapsed": recency is not None and recency > LAPSED_AFTER,
    }


def _scored(person: Person, scores: dict[str, Scores], segments: tuple[Segment, ...]) -> Row:
    found = scores.get(person.person_id)
    if found is None:
        segment = "(not enough customers)" if person.orders else "(no orders)"
        return {"r": None, "f": None, "m": None, "segment": segment}
    fitting = [segment for segment in segments if segment.fits(*found)]
    named = min(fitting, key=lambda segment: segment.priority).name
    return {**dict(zip("rfm", found, strict=True)), "segment": named}


def _scores(customers: list[Person], rfm_min_customers: int) -> dict[str, Scores]:
    if len(customers) < rfm_min_customers:
        return {}
    ways = (_last_ordered_on, lambda person: len(person.orders), _revenue)
    by_way = [_ranked(customers, way) for way in ways]
    return {person.person_id: (r, f, m) for person, r, f, m in zip(customers, *by_way, strict=True)}


def _ranked(customers: list[Person], how_good: Callable[[Person], Any]) -> list[int]:
    """Fifths, by the share of the others that are worse."""
    values = [how_good(person) for person in customers]
    others = max(len(values) - 1, 1)
    return [min(5, 1 + floor(Fraction(5 * sum(other < own for other in values), others))) for own in values]


def _left_in_carts(abandoned: Iterable[Cart], as_of_date: date) -> dict[str, Decimal]:
    left: dict[str, Decimal] = {}
    for cart in abandoned:
        if not cart.is_recovered and cart.last_changed_on >= as_of_date - CART_ABANDONER:
            left[cart.person_id] = left.get(cart.person_id, Decimal(0)) + cart.value
    return left


def _viewed_without_buying(person: Person, since: date) -> bool:
    viewed = any(session.started_on >= since and session.count("product_view") for session in person.sessions)
    return viewed and not any(order.ordered_on >= since for order in person.orders)


def _last_ordered_on(person: Person) -> date:
    return max(order.ordered_on for order in person.orders)


def _revenue(person: Person) -> Decimal:
    return sum((order.total for order in person.orders), Decimal(0))
