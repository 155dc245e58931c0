"""How events of the simulated shop come in: of every tracker, by every device, late and more than once."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from local_stack.traffic import Request
from local_stack.traffic.cleaning import is_bot
from local_stack.traffic.crawlers import HOARDER
from tests.unit.test_traffic.seen_traffic import HOUR_MS, Phenomena, Phenomenon, Seen, Shop

phenomenon = Phenomena()


@phenomenon
def compressed_body(shop: Shop) -> Iterator[object]:
    return (request for request in shop.requests if request.headers.get("content-encoding") == "gzip")


@phenomenon
def beacon(shop: Shop) -> Iterator[object]:
    return (request for request in shop.requests if request.headers["content-type"].startswith("text/plain"))


@phenomenon
def missing_user_agent(shop: Shop) -> Iterator[object]:
    return (request for request in shop.requests if "user-agent" not in request.headers)


@phenomenon
def ipv6_address(shop: Shop) -> Iterator[object]:
    return (request for request in shop.requests if request.source_ip.startswith("2001:db8:"))


@phenomenon
def phone_that_is_called_bot(shop: Shop) -> Iterator[object]:
    agents = (request.headers.get("user-agent", "") for request in shop.requests)
    return (agent for agent in agents if "CUBOT" in agent and not is_bot(agent))


@phenomenon
def crawler(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if seen.clean.is_bot)


@phenomenon
def hundreds_of_pages_by_one_robot(shop: Shop) -> Iterator[object]:
    pages = [seen for seen in shop.events if seen.request.headers.get("user-agent") == HOARDER]
    yield len({seen.clean.visitor_id for seen in pages}) == 1
    yield from pages[300:]


@phenomenon
def retried_request(shop: Shop) -> Iterator[object]:
    senders: dict[str, Request] = {}
    for seen in shop.received:
        first = senders.setdefault(seen.clean.event_id, seen.request)
        if first is not seen.request:
            yield first.body == seen.request.body


@phenomenon
def event_late_by_hours_without_send_time(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if seen.late_by_ms > 2 * HOUR_MS and "sentAt" not in seen.event)


@phenomenon
def event_queued_offline(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if seen.late_by_ms > HOUR_MS / 6 and "sentAt" in seen.event)


@phenomenon
def wrong_clock_that_the_send_time_corrects(shop: Shop) -> Iterator[object]:
    for seen in shop.events:
        claimed = seen.event.get("eventTimestamp")
        if isinstance(claimed, str) and claimed.endswith("Z") and "sentAt" in seen.event:
            claimed_ms = datetime.fromisoformat(claimed).timestamp() * 1_000
            if seen.request.received_at_ms - claimed_ms > HOUR_MS and seen.late_by_ms < 10_000:
                yield seen


@phenomenon
def absurd_clock_that_nothing_corrects(shop: Shop) -> Iterator[object]:
    for seen in shop.events:
        if "eventTimestamp" in seen.event and "sentAt" not in seen.event and not seen.late_by_ms:
            yield seen


@phenomenon
def timestamp_in_seconds(shop: Shop) -> Iterator[object]:
    return (
        seen for seen in shop.events if isinstance(at := seen.event.get("eventTimestamp"), int) and at < 1e10
    )


@phenomenon
def timestamp_in_milliseconds(shop: Shop) -> Iterator[object]:
    return (
        seen for seen in shop.events if isinstance(at := seen.event.get("eventTimestamp"), int) and at > 1e12
    )


@phenomenon
def timestamp_with_offset(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if str(seen.event.get("eventTimestamp")).endswith("+02:00"))


def _of_oldest_tracker(shop: Shop) -> Iterator[Seen]:
    return (seen for seen in shop.events if seen.request.body.startswith(b"{"))


@phenomenon
def single_event_without_times(shop: Shop) -> Iterator[object]:
    return (seen for seen in _of_oldest_tracker(shop) if not {"eventTimestamp", "sentAt"} & seen.event.keys())


@phenomenon
def event_without_id(shop: Shop) -> Iterator[object]:
    return (seen for seen in _of_oldest_tracker(shop) if not {"eventId", "event_id"} & seen.event.keys())


@phenomenon
def id_too_long_for_a_float(shop: Shop) -> Iterator[object]:
    return (seen for seen in _of_oldest_tracker(shop) if isinstance(seen.event.get("eventId"), int))


@phenomenon
def snake_case_fields(shop: Shop) -> Iterator[object]:
    return (seen for seen in _of_oldest_tracker(shop) if "event_name" in seen.event)


@pytest.mark.parametrize("question", phenomenon, ids=lambda question: question.__name__)
def test_it_happens(shop: Shop, question: Phenomenon):
    found = list(question(shop))
    assert found
    assert all(found)
