"""The simulated shop's traffic as these tests see it: every event, cleaned, beside its request."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from local_stack.traffic import Request, simulate
from local_stack.traffic.acceptance import Answer, answer
from local_stack.traffic.cleaning import Clean, clean

UNTIL = datetime(2026, 3, 20, 14, 20, tzinfo=UTC)
SHOP: dict[str, Any] = {"days": 14, "visitors": 4_000, "seed": 7, "until": UNTIL}
SMALL: dict[str, Any] = {"days": 3, "visitors": 200, "seed": 1, "until": UNTIL}
HOUR_MS = 3_600_000

Event = dict[str, Any]


@dataclass
class Seen:
    event: Event
    clean: Clean
    request: Request

    @property
    def at_ms(self) -> int:
        return self.clean.order[0]

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(self.at_ms / 1_000, UTC).date()

    @property
    def dataset(self) -> Event:
        return self.clean.dataset

    @property
    def late_by_ms(self) -> int:
        return self.request.received_at_ms - self.at_ms


@dataclass
class Shop:
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    received: list[Seen] = field(default_factory=list)  # with repeated events
    events: list[Seen] = field(default_factory=list)  # without

    def named(self, *names: str) -> list[Seen]:
        return [seen for seen in self.events if seen.clean.name in names]

    @cached_property
    def histories(self) -> dict[str, list[Seen]]:
        histories = defaultdict(list)
        for seen in sorted(self.events, key=lambda seen: seen.clean.order):
            histories[seen.clean.visitor_id].append(seen)
        return histories

    @cached_property
    def visitors_of_user(self) -> dict[str, set[str]]:
        visitors = defaultdict(set)
        for seen in self.events:
            if "userId" in seen.event:
                visitors[seen.event["userId"]].add(seen.clean.visitor_id)
        return visitors


# Something that happens, as a question to the whole traffic.
Phenomenon = Callable[[Shop], Iterator[object]]


class Phenomena(list[Phenomenon]):
    """A decorator that remembers what it stands before."""

    def __call__(self, question: Phenomenon) -> Phenomenon:
        self.append(question)
        return question


def see_shop() -> Shop:
    shop = Shop(list(simulate(**SHOP)))
    known = set()
    for request in shop.requests:
        reply = answer(request)
        shop.answers.append(reply)
        for position, event in reply.accepted:
            seen = Seen(event, clean(event, request, position), request)
            shop.received.append(seen)
            if seen.clean.event_id not in known:
                known.add(seen.clean.event_id)
                shop.events.append(seen)
    return shop


def fingerprint(**arguments: Any) -> str:
    digest = hashlib.sha256()
    for request in simulate(**arguments):
        digest.update(repr(request).encode())
    return digest.hexdigest()
