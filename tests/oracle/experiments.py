"""What visitors did once they had seen a variant of an experiment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.oracle.cleaning import Event
from tests.oracle.orders import Order
from tests.oracle.sessions import Session

Row = dict[str, Any]

EXPOSURE = "experiment_exposure"
LONGEST_NAME = 128


@dataclass(frozen=True)
class Exposure:
    experiment: str
    variant: str
    exposed_at: datetime


@dataclass
class Visitor:
    events: list[Event] = field(default_factory=list)  # in the one order
    orders: list[Order] = field(default_factory=list)

    def exposures(self) -> list[Exposure]:
        return [exposure for event in self.events for exposure in _exposures(event)]

    def since(self, moment: datetime) -> "Visitor":
        return Visitor(
            [event for event in self.events if event.event_timestamp >= moment],
            [order for order in self.orders if order.event.event_timestamp >= moment],
        )


METRICS: dict[str, Callable[[Visitor], Fraction]] = {
    "conversion": lambda visitor: Fraction(bool(visitor.orders)),
    "revenue_per_visitor": lambda visitor: sum(
        (Fraction(order.total) for order in visitor.orders), Fraction()
    ),
    "add_to_cart_rate": lambda visitor: Fraction(
        any(event.event_name == "add_to_cart_click" for event in visitor.events)
    ),
}


def experiment_results(
    people: Iterable[Session], orders: Iterable[Order], planned: Iterable[tuple[str, str]] = ()
) -> list[Row]:
    """Variants that were planned have rows even if nobody saw them."""
    visitors = _visitors(people, orders)
    exposures = [exposure for visitor in visitors for exposure in visitor.exposures()]
    variants: dict[str, set[str]] = {}
    for experiment, variant in (*planned, *((seen.experiment, seen.variant) for seen in exposures)):
        variants.setdefault(experiment, set()).add(variant)
    return [
        {"experiment": experiment, **row}
        for experiment, names in variants.items()
        for row in _results(experiment, names, visitors)
    ]


def _results(experiment: str, variants: set[str], visitors: list[Visitor]) -> Iterable[Row]:
    exposed: dict[str, list[Visitor]] = {variant: [] for variant in variants}
    excluded_count = 0
    for visitor in visitors:
        seen = [exposure for exposure in visitor.exposures() if exposure.experiment == experiment]
        if len({exposure.variant for exposure in seen}) > 1:
            excluded_count += 1
        elif seen:
            exposed[seen[0].variant].append(visitor.since(seen[0].exposed_at))
    control = "control" if "control" in variants else min(variants)
    for variant, its_visitors in exposed.items():
        for metric, measure in METRICS.items():
            total = sum(map(measure, its_visitors), Fraction())
            yield {
                "variant": variant,
                "metric": metric,
                "is_control": variant == control,
                "visitor_count": len(its_visitors),
                "excluded_count": excluded_count,
                "value": total / len(its_visitors) if its_visitors else None,
            }


def _visitors(people: Iterable[Session], orders: Iterable[Order]) -> list[Visitor]:
    visitors: dict[str, Visitor] = {}
    for session in people:
        visitors.setdefault(session.visitor_id, Visitor()).events.extend(session.events)
    for visitor in visitors.values():
        visitor.events.sort(key=lambda event: event.order)
    for order in orders:
        visitors[order.session.visitor_id].orders.append(order)
    return list(visitors.values())


def _exposures(event: Event) -> Iterable[Exposure]:
    sent = event.sent
    named = [(sent.experiment, sent.variant)] if event.event_name == EXPOSURE else []
    for experiment, variant in (*named, *(sent.experiments or {}).items()):
        if (name := _name(experiment)) and (its_variant := _name(variant)):
            yield Exposure(name, its_variant, event.event_timestamp)


def _name(said: object) -> str | None:
    """Only text counts, if it is short enough to be one."""
    name = said.strip() if isinstance(said, str) else ""
    return name if 0 < len(name) <= LONGEST_NAME else None
