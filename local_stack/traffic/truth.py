"""What an analyst must find in the warehouse for these requests when everything works.

One plain pass over the events, by the rules of the design and without the warehouse's code.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from local_stack.traffic.acceptance import answer
from local_stack.traffic.cleaning import Clean, Order, clean, text_of
from local_stack.traffic.people import EXPERIMENT, EXPERIMENT_LIFT
from local_stack.traffic.request import Request
from local_stack.traffic.simulation import incidents, simulate

LONGEST_GAP_MS = 1_800_000
FUNNEL = ("product_view", "add_to_cart_click", "checkout_start", "checkout_complete")


@dataclass(frozen=True, slots=True)
class Numbers:
    events: int  # distinct
    visitors: int
    sessions: int
    converted_sessions: int
    orders: int
    revenue: Decimal
    funnel: tuple[int, ...]  # sessions that came to each step by way of all before it


@dataclass(frozen=True, slots=True)
class Arm:
    """A variant of the experiment: the people who saw no other, and what they bought from then on."""

    visitors: int
    buyers: int
    orders: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Truth:
    requests: int
    requests_stored: int  # with at least one accepted event: one object each
    events_sent: int
    events_accepted: int
    events_rejected: int  # of those sent, also where a body is refused as a whole
    with_bots: Numbers
    without_bots: Numbers
    experiment: dict[str, Arm]  # by variant, without bots
    # What only the simulator knows: the starts of two hours, and how much likelier treatment makes an order.
    spike_hour: datetime | None = None
    broken_hour: datetime | None = None
    experiment_lift: float | None = None

    @property
    def distinct_events(self) -> int:
        return self.with_bots.events


def truth(*, days: int, visitors: int, seed: int, until: datetime) -> Truth:
    unusual = incidents(days=days, visitors=visitors, seed=seed, until=until)
    return replace(
        count(simulate(days=days, visitors=visitors, seed=seed, until=until)),
        spike_hour=_as_datetime(unusual.spike_hour_ms),
        broken_hour=_as_datetime(unusual.broken_hour_ms),
        experiment_lift=EXPERIMENT_LIFT,
    )


def _as_datetime(moment_ms: int | None) -> datetime | None:
    return None if moment_ms is None else datetime.fromtimestamp(moment_ms / 1_000, UTC)


@dataclass(slots=True)
class Session:
    visitor_id: str
    events: list[Clean] = field(default_factory=list)
    orders: list[Clean] = field(default_factory=list)

    @property
    def is_bot(self) -> bool:
        return any(event.is_bot for event in self.events)

    @property
    def steps_reached(self) -> int:
        reached = 0
        for event in self.events:
            if reached < len(FUNNEL) and event.name == FUNNEL[reached]:
                reached += 1
        return reached


def count(requests: Iterable[Request]) -> Truth:
    """Takes the requests in the order in which they arrived."""
    received = stored = sent = accepted = 0
    events: dict[str, Clean] = {}
    for request in requests:
        reply = answer(request)
        received += 1
        stored += bool(reply.accepted)
        sent += reply.sent
        accepted += len(reply.accepted)
        for position, event in reply.accepted:
            cleaned = clean(event, request, position)
            # The first loaded wins; as hours are loaded when they are over, that is the first received.
            events.setdefault(cleaned.event_id, cleaned)
    order_events = _order_events(events.values())
    sessions = list(_sessions(events.values(), order_events))
    people = [session for session in sessions if not session.is_bot]
    return Truth(
        requests=received,
        requests_stored=stored,
        events_sent=sent,
        events_accepted=accepted,
        events_rejected=sent - accepted,
        with_bots=_numbers(sessions),
        without_bots=_numbers(people),
        experiment=_experiment(people),
    )


def _order_events(events: Iterable[Clean]) -> set[str]:
    """Ids of the events that are orders: the first received with its order id, or any that has none."""
    first: dict[str, str] = {}
    without_order_id: set[str] = set()
    for event in events:
        if event.name != "checkout_complete":
            continue
        if event.order_id:
            first.setdefault(event.order_id, event.event_id)
        else:
            without_order_id.add(event.event_id)
    return without_order_id.union(first.values())


def _sessions(events: Iterable[Clean], order_events: set[str]) -> Iterator[Session]:
    by_visitor: dict[str, list[Clean]] = defaultdict(list)
    for event in events:
        by_visitor[event.visitor_id].append(event)
    for visitor_id, history in by_visitor.items():
        session = Session(visitor_id)
        for event in sorted(history, key=lambda event: event.order):
            if session.events and event.order[0] - session.events[-1].order[0] > LONGEST_GAP_MS:
                yield session
                session = Session(visitor_id)
            session.events.append(event)
            if event.event_id in order_events:
                session.orders.append(event)
        yield session


def _numbers(sessions: list[Session]) -> Numbers:
    orders = [order for session in sessions for order in session.orders]
    reached = [session.steps_reached for session in sessions]
    return Numbers(
        events=sum(len(session.events) for session in sessions),
        visitors=len({session.visitor_id for session in sessions}),
        sessions=len(sessions),
        converted_sessions=sum(bool(session.orders) for session in sessions),
        orders=len(orders),
        revenue=_revenue(orders),
        funnel=tuple(sum(steps >= step for steps in reached) for step in range(1, len(FUNNEL) + 1)),
    )


def _revenue(orders: list[Clean]) -> Decimal:
    return sum((order.total for order in orders), Decimal(0))


def _experiment(sessions: list[Session]) -> dict[str, Arm]:
    """Visitors who saw both variants belong to none. An order counts from the first exposure on."""
    seen: dict[str, set[str]] = defaultdict(set)
    first_seen: dict[str, Order] = {}
    for session in sessions:
        for event in session.events:
            variant = text_of(event.dataset, "variant")
            if variant and text_of(event.dataset, "experiment") == EXPERIMENT:
                seen[session.visitor_id].add(variant)
                first_seen[session.visitor_id] = min(
                    event.order, first_seen.get(session.visitor_id, event.order)
                )
    visitors: dict[str, int] = defaultdict(int)
    for variants in seen.values():
        if len(variants) == 1:
            visitors[min(variants)] += 1
    bought: dict[str, list[Clean]] = defaultdict(list)
    for session in sessions:
        if len(seen.get(session.visitor_id, ())) == 1:
            later = [order for order in session.orders if order.order > first_seen[session.visitor_id]]
            bought[min(seen[session.visitor_id])].extend(later)
    return {
        variant: Arm(
            visitors=visitors[variant],
            buyers=len({order.visitor_id for order in bought[variant]}),
            orders=len(bought[variant]),
            revenue=_revenue(bought[variant]),
        )
        for variant in sorted(visitors)
    }
