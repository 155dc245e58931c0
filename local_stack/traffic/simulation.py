"""The shop's traffic, from plans to requests in the order of their arrival."""

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush, merge
from itertools import count
from random import Random

from local_stack.traffic.crawlers import crawl, plan_crawls
from local_stack.traffic.delivery import deliver
from local_stack.traffic.hostile import hostile_requests
from local_stack.traffic.people import draw_visitors
from local_stack.traffic.plans import PlannedVisit, plan_visits
from local_stack.traffic.request import Request
from local_stack.traffic.rhythm import Incidents, Rhythm, Window, draw_incidents
from local_stack.traffic.visits import make_visit


def simulate(*, days: int, visitors: int, seed: int, until: datetime) -> Iterator[Request]:
    """Requests received in [until - days, until), in order. The same arguments give the same bytes."""
    window = _window(days, visitors, until)
    return _requests(window, visitors, seed) if visitors else iter(())


def incidents(*, days: int, visitors: int, seed: int, until: datetime) -> Incidents:
    """The hours in which something went wrong, or very well."""
    window = _window(days, visitors, until)
    return draw_incidents(window, Random(f"{seed}/incidents")) if visitors else Incidents(None, None)


def _window(days: int, visitors: int, until: datetime) -> Window:
    if days < 1:
        raise ValueError(f"days must be at least 1, not {days}.")
    if visitors < 0:
        raise ValueError(f"visitors must not be negative, but it is {visitors}.")
    if until.utcoffset() is None:
        raise ValueError("until must carry a time zone.")
    return Window.ending(until, days=days)


def _requests(window: Window, visitors: int, seed: int) -> Iterator[Request]:
    rhythm = Rhythm(window)
    unusual = draw_incidents(window, Random(f"{seed}/incidents"))
    people = plan_visits(
        draw_visitors(seed, visitors),
        seed=seed,
        window=window,
        rhythm=rhythm,
        spike_hour_ms=unusual.spike_hour_ms,
    )
    crawlers = plan_crawls(seed=seed, visitors=visitors, rhythm=rhythm)
    plans = sorted([*people, *crawlers], key=lambda plan: (plan.start_ms, plan.visitor.number))
    visits = _in_order_of_arrival(plans, window, seed, unusual.broken_hour_ms)
    hostile = sorted(hostile_requests(seed, window), key=lambda request: request.received_at_ms)
    return merge(visits, hostile, key=lambda request: request.received_at_ms)


def _in_order_of_arrival(
    plans: list[PlannedVisit], window: Window, seed: int, broken_hour_ms: int | None
) -> Iterator[Request]:
    """Holds only what is under way: nothing of a visit arrives before the visit begins."""
    under_way: list[tuple[int, int, Request]] = []
    number = count()
    for plan in plans:
        while under_way and under_way[0][0] < plan.start_ms:
            yield heappop(under_way)[2]
        rng = Random(f"{seed}/visit/{plan.visitor.number}/{plan.number}")
        visit = crawl(plan, rng) if plan.visitor.crawls else make_visit(plan, rng)
        for request in deliver(visit, plan.visitor, broken_hour_ms=broken_hour_ms, rng=rng):
            if request.received_at_ms in window:
                heappush(under_way, (request.received_at_ms, next(number), request))
    while under_way:
        yield heappop(under_way)[2]
