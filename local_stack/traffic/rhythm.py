"""When people come: the window of time, its days and weeks, and the two hours that are unlike the others."""

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Visits by hour of the day (UTC) and by day of the week (Monday first), relative to the average.
HOURS = [
    0.30, 0.20, 0.14, 0.12, 0.16, 0.30, 0.55, 0.80, 1.00, 1.15, 1.25, 1.30,
    1.35, 1.25, 1.20, 1.25, 1.35, 1.50, 1.75, 1.95, 1.90, 1.55, 1.10, 0.65,
]  # fmt: skip
WEEKDAYS = [1.05, 1.00, 0.95, 0.95, 0.90, 0.95, 1.20]

SPIKE_FACTOR = 5


@dataclass(frozen=True, slots=True)
class Window:
    start_ms: int
    end_ms: int

    @classmethod
    def ending(cls, until: datetime, *, days: int) -> "Window":
        end_ms = round(until.timestamp() * 1_000)
        return cls(end_ms - days * DAY, end_ms)

    def __contains__(self, moment_ms: int) -> bool:
        return self.start_ms <= moment_ms < self.end_ms

    def last_week(self) -> "Window":
        return Window(max(self.start_ms, self.end_ms - 7 * DAY), self.end_ms)

    def hours(self) -> range:
        """The starts of all clock hours that touch the window."""
        return range(self.start_ms - self.start_ms % HOUR, self.end_ms, HOUR)


def hour_weight(hour_ms: int) -> float:
    hour = datetime.fromtimestamp(hour_ms / 1_000, UTC)
    return HOURS[hour.hour] * WEEKDAYS[hour.weekday()]


class Rhythm:
    """Draws moments of a window, more in its busy hours."""

    def __init__(self, window: Window) -> None:
        self._slots = [
            (max(hour, window.start_ms), min(hour + HOUR, window.end_ms)) for hour in window.hours()
        ]
        weights = [hour_weight(hour) for hour in window.hours()]
        shares = [
            weight * (end - start) / HOUR for weight, (start, end) in zip(weights, self._slots, strict=True)
        ]
        self._cumulative = list(accumulate(shares))

    def moment(self, rng: Random) -> int:
        drawn = bisect(self._cumulative, rng.random() * self._cumulative[-1])
        start, end = self._slots[min(drawn, len(self._slots) - 1)]
        return rng.randrange(start, end)

    def share(self, hour_ms: int) -> float:
        """The share of all visits that an ordinary hour like this one gets."""
        return hour_weight(hour_ms) / self._cumulative[-1]


_hours_of_day = list(accumulate(HOURS))


def another_day(moment_ms: int, days: int, rng: Random) -> int:
    """A moment some days later (or earlier), at an hour when people are awake."""
    step = 1 if days > 0 else -1
    midnight = moment_ms - moment_ms % DAY + days * DAY
    while rng.random() * max(WEEKDAYS) > WEEKDAYS[datetime.fromtimestamp(midnight / 1_000, UTC).weekday()]:
        midnight += step * DAY
    hour = rng.choices(range(24), cum_weights=_hours_of_day)[0]
    return midnight + hour * HOUR + rng.randrange(HOUR)


@dataclass(frozen=True, slots=True)
class Incidents:
    """Both hours lie in the last week; None where the window has no room for them."""

    spike_hour_ms: int | None
    broken_hour_ms: int | None


def draw_incidents(window: Window, rng: Random) -> Incidents:
    week = window.last_week()
    busy = [
        hour
        for hour in week.hours()
        if hour in week and hour + HOUR <= week.end_ms and HOURS[hour % DAY // HOUR] >= 1.2
    ]
    # A quiet day after an incident shows that it is over, so prefer hours that leave one.
    settled = [hour for hour in busy if hour + HOUR <= week.end_ms - DAY] or busy
    if not settled:
        return Incidents(None, None)
    broken = rng.choice(settled)
    other_days = [hour for hour in settled if hour // DAY != broken // DAY]
    apart = other_days or [hour for hour in busy if abs(hour - broken) >= 3 * HOUR]
    return Incidents(rng.choice(apart) if apart else None, broken)
