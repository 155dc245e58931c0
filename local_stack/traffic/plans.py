"""Who comes when, and from where: every visit of the window, before anybody has clicked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from local_stack.traffic.people import Visitor
from local_stack.traffic.rhythm import HOUR, MINUTE, SPIKE_FACTOR, Rhythm, Window, another_day
from local_stack.traffic.sources import SPIKE, Source, pick_source

SHORTEST_BREAK = 45 * MINUTE


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    start_ms: int
    visitor: Visitor
    number: int
    source: Source
    is_first: bool
    is_last: bool


@dataclass(slots=True)
class Calendar:
    visitor: Visitor
    came_before: bool
    starts: list[int]


def plan_visits(
    visitors: Iterable[Visitor],
    *,
    seed: int,
    window: Window,
    rhythm: Rhythm,
    spike_hour_ms: int | None,
) -> list[PlannedVisit]:
    rng = Random(f"{seed}/plans")
    calendars = [_draw_calendar(visitor, window, rhythm, rng) for visitor in visitors]
    spike_visits: set[tuple[int, int]] = set()
    if spike_hour_ms is not None:
        ordinary = rhythm.share(spike_hour_ms) * sum(len(calendar.starts) for calendar in calendars)
        spike_visits = _add_spike(calendars, spike_hour_ms, round((SPIKE_FACTOR - 1) * ordinary), rng)
    plan = [visit for calendar in calendars for visit in _visits(calendar, spike_visits, rng)]
    return sorted(plan, key=lambda visit: (visit.start_ms, visit.visitor.number))


def _draw_calendar(visitor: Visitor, window: Window, rhythm: Rhythm, rng: Random) -> Calendar:
    """One visit somewhere in the window, and from there on as many before it as after it.

    So the shop is as busy on the first day as on the last, and some people are known to it already.
    """
    anchor = rhythm.moment(rng)
    habit = rng.choices((0, 0.4, 0.75), weights=(60, 32, 8))[0]
    earlier = list(_walk_days(anchor, -1, habit, rng))
    later = list(_walk_days(anchor, 1, habit, rng))
    starts: list[int] = []
    for start in (*reversed(earlier), anchor, *later):
        if start in window and (not starts or start - starts[-1] >= SHORTEST_BREAK):
            starts.append(start)
    came_before = any(start < window.start_ms for start in earlier)
    return Calendar(visitor, came_before, starts)


def _walk_days(moment_ms: int, direction: int, habit: float, rng: Random) -> Iterator[int]:
    while rng.random() < habit:
        if rng.random() < 0.25:
            moment_ms += direction * rng.randrange(1 * HOUR, 6 * HOUR)
        else:
            moment_ms = another_day(moment_ms, direction * (1 + int(rng.expovariate(1 / 4))), rng)
        yield moment_ms


def _add_spike(calendars: list[Calendar], hour_ms: int, extra: int, rng: Random) -> set[tuple[int, int]]:
    free = [
        calendar
        for calendar in calendars
        if all(abs(start - hour_ms) > 2 * HOUR for start in calendar.starts)
    ]
    added = set()
    for calendar in rng.sample(free, min(extra, len(free))):
        start = hour_ms + rng.randrange(HOUR)
        calendar.starts = sorted([*calendar.starts, start])
        added.add((calendar.visitor.number, start))
    return added


def _visits(calendar: Calendar, spike_visits: set[tuple[int, int]], rng: Random) -> Iterator[PlannedVisit]:
    for number, start in enumerate(calendar.starts):
        is_first = number == 0 and not calendar.came_before
        is_spike = (calendar.visitor.number, start) in spike_visits
        yield PlannedVisit(
            start_ms=start,
            visitor=calendar.visitor,
            number=number,
            source=SPIKE if is_spike else pick_source(rng, returning=not is_first),
            is_first=is_first,
            is_last=number == len(calendar.starts) - 1,
        )
