"""What lies between a browser and the API: lost, late, queued and repeated requests."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from local_stack.traffic.chance import draw_request_id
from local_stack.traffic.people import Visitor
from local_stack.traffic.request import Request
from local_stack.traffic.rhythm import HOUR, MINUTE, SECOND
from local_stack.traffic.tracker import Batch, batches, encode, single_events
from local_stack.traffic.visits import Visit

SHARE_LOST_IN_BROKEN_HOUR = 0.95
SHARE_RETRIED = 0.012
SHARE_OFFLINE = 0.008
SHARE_LATE = 0.006
LATEST = 47 * HOUR


def deliver(visit: Visit, visitor: Visitor, *, broken_hour_ms: int | None, rng: Random) -> Iterator[Request]:
    sent = _batches(visit, visitor, rng)
    source_ip = _address(visitor, rng)
    is_late = visitor.tracker == "batching" and _has_no_reload(visit) and rng.random() < SHARE_LATE
    taken: set[int] = set()
    for batch in sent:
        if _is_lost(batch, broken_hour_ms, rng):
            continue
        arrives_ms = batch.sent_at_ms + 20 + round(min(rng.expovariate(1 / 80), 3_000))
        if is_late and rng.random() < 0.7:
            batch.says_when_sent = False
            arrives_ms += rng.randrange(2 * HOUR, LATEST)
        request = encode(
            batch, visitor, received_at_ms=_free(arrives_ms, taken), source_ip=source_ip, rng=rng
        )
        yield request
        if visitor.tracker != "single" and rng.random() < SHARE_RETRIED:
            again_ms = arrives_ms + rng.randrange(1 * SECOND, 2 * MINUTE)
            yield replace(request, received_at_ms=_free(again_ms, taken), request_id=draw_request_id(rng))


def _batches(visit: Visit, visitor: Visitor, rng: Random) -> list[Batch]:
    if visitor.tracker == "single":
        return list(single_events(visit.hits))
    sent = list(batches(visit.hits, ends_ms=visit.ends_ms))
    if (
        visitor.tracker == "batching"
        and len(sent) > 1
        and _has_no_reload(visit)
        and rng.random() < SHARE_OFFLINE
    ):
        return _queued_offline(sent, rng)
    return sent


def _queued_offline(sent: list[Batch], rng: Random) -> list[Batch]:
    """The network goes in mid-visit; what is queued leaves in one piece when it is back."""
    first = rng.randrange(1, len(sent))
    back_ms = sent[-1].sent_at_ms + rng.randrange(10 * MINUTE, LATEST)
    queued = sorted((hit for batch in sent[first:] for hit in batch.hits), key=lambda hit: hit.at_ms)
    return [*sent[:first], Batch(queued, back_ms)]


def _has_no_reload(visit: Visit) -> bool:
    """An order that arrives after its own reload would make "first loaded" depend on when loads ran."""
    return sum(hit.name == "checkout_complete" for hit in visit.hits) < 2


def _is_lost(batch: Batch, broken_hour_ms: int | None, rng: Random) -> bool:
    return (
        broken_hour_ms is not None
        and broken_hour_ms <= batch.sent_at_ms < broken_hour_ms + HOUR
        and rng.random() < SHARE_LOST_IN_BROKEN_HOUR
    )


def _free(moment_ms: int, taken: set[int]) -> int:
    """No two requests of a visit arrive in the same millisecond: their events would have no order."""
    while moment_ms in taken:
        moment_ms += 1
    taken.add(moment_ms)
    return moment_ms


def _address(visitor: Visitor, rng: Random) -> str:
    return (
        f"203.0.113.{rng.randrange(1, 255)}" if visitor.is_mobile and rng.random() < 0.5 else visitor.home_ip
    )
