"""What the shop's trackers make of hits: events in batches, and requests that carry them."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from random import Random

import orjson

from local_stack.traffic.browsing import SHOP, Hit
from local_stack.traffic.catalogue import Json
from local_stack.traffic.chance import draw_request_id, draw_uuid
from local_stack.traffic.people import TimeStyle, Visitor
from local_stack.traffic.request import Request
from local_stack.traffic.rhythm import DAY, HOUR, SECOND

FLUSH_AFTER = 5 * SECOND
FLUSH_AT = 25
WORTH_COMPRESSING = 1_000


@dataclass(slots=True)
class Batch:
    hits: list[Hit]
    sent_at_ms: int
    is_beacon: bool = False  # sent while the page was being left
    says_when_sent: bool = True


def batches(hits: list[Hit], *, ends_ms: int) -> Iterator[Batch]:
    """Each tab sends what it holds after 5 seconds, or at 25 events, or when it is left."""
    waiting: dict[str, list[Hit]] = {}
    for hit in hits:
        for session_id, queue in list(waiting.items()):
            if hit.at_ms - queue[0].at_ms >= FLUSH_AFTER:
                yield Batch(waiting.pop(session_id), queue[0].at_ms + FLUSH_AFTER)
        queue = waiting.setdefault(hit.session_id, [])
        queue.append(hit)
        if len(queue) == FLUSH_AT:
            yield Batch(waiting.pop(hit.session_id), hit.at_ms)
    for queue in waiting.values():
        due_ms = queue[0].at_ms + FLUSH_AFTER
        yield Batch(queue, min(due_ms, max(ends_ms, queue[-1].at_ms)), is_beacon=ends_ms < due_ms)


def single_events(hits: list[Hit]) -> Iterator[Batch]:
    """The oldest tracker sends every event at once and alone."""
    for hit in hits:
        yield Batch([hit], hit.at_ms)


def encode(batch: Batch, visitor: Visitor, *, received_at_ms: int, source_ip: str, rng: Random) -> Request:
    common = _common_fields(batch, visitor)
    events = [_event(hit, common, visitor, rng) for hit in batch.hits]
    body = orjson.dumps(events[0] if visitor.tracker == "single" else events)
    headers = {"content-type": "application/json", "origin": SHOP}
    if visitor.user_agent:
        headers["user-agent"] = visitor.user_agent
    if batch.is_beacon:
        headers["content-type"] = "text/plain;charset=UTF-8"
    elif visitor.compresses and len(body) > WORTH_COMPRESSING:
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body, compresslevel=1, mtime=0)
    return Request(received_at_ms, source_ip, headers, body, draw_request_id(rng))


def _common_fields(batch: Batch, visitor: Visitor) -> Json:
    """What all events of a batch say alike."""
    common: Json = {}
    if visitor.tracker == "batching" and batch.says_when_sent:
        common["sentAt"] = written(batch.sent_at_ms + visitor.clock_error_ms, visitor.time_style)
    if visitor.client_id:
        common["clientId"] = visitor.client_id
    return common


def _event(hit: Hit, common: Json, visitor: Visitor, rng: Random) -> Json:
    event: Json = {"eventName": hit.name}
    if visitor.tracker == "single":
        event |= _number_or_none(rng)
    else:
        event["eventId"] = draw_uuid(rng)
        event["eventTimestamp"] = written(hit.at_ms + visitor.clock_error_ms, visitor.time_style)
    event |= common
    if visitor.sends_session_id:
        event["sessionId"] = hit.session_id
    event["pageUrl"] = hit.page_url
    event["referrer"] = hit.referrer
    event["userLoginState"] = hit.login_state
    event["isFirstVisit"] = hit.is_first_visit
    if hit.user_id:
        event["userId"] = hit.user_id
    event |= hit.fields
    return snake_cased(event) if visitor.snake_case else event


def _number_or_none(rng: Random) -> Json:
    """A third of the oldest tracker's events have no id, a third a number too long for a float."""
    draw = rng.random()
    if draw < 1 / 3:
        return {}
    return {"eventId": draw_uuid(rng)} if draw < 2 / 3 else {"eventId": rng.randrange(10**18, 2 * 10**18)}


def snake_cased(event: Json) -> Json:
    return {
        "".join(f"_{c.lower()}" if c.isupper() else c for c in key): value for key, value in event.items()
    }


def written(moment_ms: int, style: TimeStyle) -> str | int:
    if style == "epoch_ms":
        return moment_ms
    if style == "epoch_s":
        return moment_ms // SECOND
    offset_ms, suffix = (2 * HOUR, "+02:00") if style == "iso_offset" else (0, "Z")
    day, milliseconds = divmod(moment_ms + offset_ms, DAY)
    seconds, milliseconds = divmod(milliseconds, SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{_date(day)}T{hours:02d}:{minutes:02d}:{seconds:02d}.{milliseconds:03d}{suffix}"


@lru_cache
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY // SECOND, UTC).date().isoformat()
