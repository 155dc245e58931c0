"""The people behind the sessions, each with all their devices."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle.orders import Order
from tests.oracle.sessions import Session


@dataclass
class Person:
    person_id: str
    sessions: list[Session] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)  # in the one order of their events


def persons(people: Iterable[Session], orders: Iterable[Order]) -> list[Person]:
    """Sessions in the order of their first events."""
    known: dict[str, Person] = {}
    for session in sorted(people, key=lambda session: session.events[0].order):
        known.setdefault(session.person_id, Person(session.person_id)).sessions.append(session)
    for order in sorted(orders, key=lambda order: order.event.order):
        known[order.session.person_id].orders.append(order)
    return list(known.values())
