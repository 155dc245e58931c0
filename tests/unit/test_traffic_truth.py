"""The oracle, on requests so few that its numbers were worked out by hand."""

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count as counter
from typing import Any

import pytest

from local_stack.traffic import Request, count, truth
from local_stack.traffic.cleaning import clean
from local_stack.traffic.simulation import incidents

START = 1_767_225_600_000  # 2026-01-01T00:00Z
DAY = 86_400
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
ROBOT = "Mozilla/5.0 (compatible; examplebot/1.0)"
_numbers = counter()

Event = dict[str, Any]


def post(seconds: float, *events: object, agent: str | None = PERSON, body: bytes | None = None) -> Request:
    headers = {"content-type": "application/json"} | ({"user-agent": agent} if agent else {})
    body = json.dumps(events).encode() if body is None else body
    return Request(START + round(seconds * 1_000), "203.0.113.1", headers, body, f"request-{next(_numbers)}")


def event(name: str = "page_view", client: str = "c-1", **fields: object) -> Event:
    return {"eventName": name, "clientId": client, **fields}


def order(order_id: str | None, total: object, **fields: object) -> Event:
    return event("checkout_complete", element={"dataset": {"orderId": order_id, "total": total}}, **fields)


def at(seconds: float) -> int:
    return START + round(seconds * 1_000)


def sessions(*requests: Request) -> int:
    return count(requests).with_bots.sessions


def test_nothing():
    numbers = count([])
    assert (numbers.requests, numbers.events_sent, numbers.with_bots.revenue) == (0, 0, 0)
    assert numbers.with_bots.funnel == (0, 0, 0, 0)
    assert numbers.experiment == {}


def test_a_gap_of_1800_seconds_stays_in_the_session_and_a_longer_one_ends_it():
    assert sessions(post(0, event()), post(1800, event())) == 1
    assert sessions(post(0, event()), post(1800.001, event())) == 2
    assert sessions(post(0, event()), post(1801, event())) == 2
    assert sessions(post(0, event()), post(1000, event()), post(2000, event())) == 1


def test_sessions_are_of_one_visitor_whatever_the_tab():
    assert sessions(post(0, event(sessionId="s-1")), post(9, event(sessionId="s-2"))) == 1
    assert sessions(post(0, event(client="c-1")), post(9, event(client="c-2"))) == 2


@pytest.mark.parametrize(
    ("one", "other", "visitors"),
    [
        ({"clientId": "c"}, {"clientId": " c ", "userId": "u"}, 1),
        ({"clientId": "c"}, {"client_id": "c"}, 1),
        ({"userId": "u", "sessionId": "s-1"}, {"userId": "u", "sessionId": "s-2"}, 1),
        ({"sessionId": "s"}, {"sessionId": "s", "clientId": "", "userId": None}, 1),
        ({"sessionId": "x"}, {"userId": "x"}, 2),
        ({}, {}, 2),
        ({"eventId": "e"}, {"eventId": "f"}, 2),
        ({"clientId": 7}, {"clientId": "7"}, 1),
        ({"clientId": {"id": 1}, "userId": "u"}, {"clientId": True, "userId": "u"}, 1),
    ],
)
def test_who_is_the_same_visitor(one: Event, other: Event, visitors: int):
    named = [{"eventName": "page_view"} | ids for ids in (one, other)]
    assert count([post(0, *named)]).with_bots.visitors == visitors


def test_an_event_sent_twice_counts_once():
    numbers = count(
        [
            post(0, event(eventId="e-1"), event(eventId="e-2"), event(eventId="e-1")),
            post(5, event(eventId="e-2")),
            post(6, event(eventId="0A0A0A0A-0000-4000-A000-000000000001")),
            post(7, event(eventId="0a0a0a0a-0000-4000-a000-000000000001")),
            post(8, event(eventId=12345678901234567890123)),
            post(9, event(eventId="12345678901234567890123")),
            post(9, event(eventId=" ")),
            post(9, event()),
        ]
    )
    assert (numbers.events_accepted, numbers.distinct_events) == (10, 6)


def test_the_first_received_of_two_wins():
    first, second = order("A1", 10, eventId="e"), order("A1", 99, eventId="e")
    assert count([post(0, first), post(1, second)]).with_bots.revenue == 10


def test_a_wrong_clock_is_corrected_by_the_send_time():
    """The second event's clock is two hours slow, and it waited offline until second 9000."""

    def queued(happened: float) -> Request:
        return post(9_000, event(eventTimestamp=at(happened - 7_200), sentAt=at(9_000 - 7_200)))

    assert sessions(post(0, event()), queued(1_800)) == 1
    assert sessions(post(0, event()), queued(1_801)) == 2


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [
        (at(0), 0),
        (at(0) // 1_000, 0),
        (str(at(0)), 0),
        ("2026-01-01T00:00:00.000Z", 0),
        ("2026-01-01T02:00:00.5+02:00", 0.5),
        (at(DAY + 300), DAY + 300),
        (at(-2 * DAY), -2 * DAY),
        # Too far from the receipt, or no time at all: the time of receipt.
        (at(DAY + 301), DAY),
        (at(-2 * DAY - 1), DAY),
        (0, DAY),
        ("2026-01-01T00:00:00", DAY),
        ("soon", DAY),
        (True, DAY),
        (None, DAY),
    ],
)
def test_when_an_event_happened(timestamp: object, seconds: float):
    cleaned = clean(event(eventTimestamp=timestamp), post(DAY), 0)
    assert cleaned.order[0] == at(seconds)


FUNNEL = ("product_view", "add_to_cart_click", "checkout_start", "checkout_complete")


@pytest.mark.parametrize(
    ("names", "funnel"),
    [
        (FUNNEL, (1, 1, 1, 1)),
        (("view_product", "click", *FUNNEL[1:]), (1, 1, 1, 1)),
        (("PRODUCT_VIEW ",), (1, 0, 0, 0)),
        (FUNNEL[1:], (0, 0, 0, 0)),
        (("product_view", "checkout_start", "add_to_cart_click"), (1, 1, 0, 0)),
        (("product_view", "product_view", "checkout_complete"), (1, 0, 0, 0)),
        (tuple(reversed(FUNNEL)), (1, 0, 0, 0)),
    ],
)
def test_the_funnel_goes_step_by_step(names: tuple[str, ...], funnel: tuple[int, ...]):
    assert count([post(0, *(event(name) for name in names))]).with_bots.funnel == funnel


def test_the_funnel_does_not_go_on_in_the_next_session():
    later = [event(name) for name in FUNNEL[2:]]
    numbers = count([post(0, event(FUNNEL[0]), event(FUNNEL[1])), post(1801, *later)])
    assert numbers.with_bots.funnel == (1, 1, 0, 0)


def test_the_funnel_takes_events_by_their_time_and_not_by_their_arrival():
    early = event("product_view", eventTimestamp=at(-60))
    assert count([post(0, event("add_to_cart_click")), post(5, early)]).with_bots.funnel == (1, 1, 0, 0)


def test_a_reloaded_thank_you_page_is_no_second_order():
    numbers = count(
        [
            post(0, order("A1", "19.90")),
            post(60, order("A1", "19.90")),
            post(20_000, order(" A1 ", "19.90")),
            post(20_001, order("A2", 5)),
            post(20_002, order(None, "1.05"), order(None, "free")),
        ]
    )
    some = numbers.with_bots
    assert (some.orders, some.revenue) == (4, Decimal("25.95"))
    assert (some.sessions, some.converted_sessions) == (2, 2)


def test_an_order_number_is_an_order_id_too():
    old = {"event_name": "checkout_complete", "element": {"dataset": {"order_number": 77, "total": "3"}}}
    assert count([post(0, order("77", 3)), post(9, old)]).with_bots.orders == 1


def test_bots_are_counted_apart():
    numbers = count(
        [
            post(0, event("product_view")),
            post(1, event("product_view", client="c-2"), event("click", client="c-2"), agent=ROBOT),
            post(2, event("product_view", client="c-3"), agent=None),
            post(3, event("product_view", client="c-4"), agent="Mozilla/5.0 (Linux; CUBOT KINGKONG 9)"),
        ]
    )
    everyone, people = numbers.with_bots, numbers.without_bots
    assert (everyone.events, everyone.visitors, everyone.sessions, everyone.funnel[0]) == (5, 4, 4, 4)
    assert (people.events, people.visitors, people.sessions, people.funnel[0]) == (3, 3, 3, 3)


def test_a_session_is_a_bots_when_any_of_its_events_is():
    numbers = count([post(0, event()), post(1, event(), agent=ROBOT), post(9_000, event())])
    assert (numbers.with_bots.sessions, numbers.without_bots.sessions) == (2, 1)


@pytest.mark.parametrize(
    ("body", "sent", "accepted"),
    [
        (b"", 0, 0),
        (b"nonsense", 0, 0),
        (b"[]", 0, 0),
        (b"7", 1, 0),
        (b'{"eventName":"a"}', 1, 1),
        (b'{"event_name":"a"}', 1, 1),
        (b'{"eventName":"a","price":NaN}', 0, 0),
        (b'{"eventName":"a","price":1e400}', 1, 1),
        (b'[{"eventName":"a"},{"eventName":" "},{"eventName":7},{},null,[],{"eventName":"b"}]', 7, 2),
        (b'{"eventName":"%s"}' % (b"n" * 128), 1, 1),
        (b'{"eventName":"%s"}' % (b"n" * 129), 1, 0),
        (
            rb'[{"eventName":"a\u0000"},{"eventName":"a","b":{"c":["\ud800"]}},{"eventName":"\ud83d\ude00"}]',
            3,
            1,
        ),
        (b'{"eventName":"a","x":%s}' % (b"[" * 10_000 + b"]" * 10_000), 0, 0),
        (b"[%s]" % b",".join([b'{"eventName":"a"}'] * 500), 500, 500),
        (b"[%s]" % b",".join([b'{"eventName":"a"}'] * 501), 501, 0),
        (b'{"eventName":"a","x":"%s"}' % (b"x" * (32_768 - 24)), 1, 1),
        (b'{"eventName":"a","x":"%s"}' % (b"x" * (32_768 - 23)), 1, 0),
        (b'[{"eventName":"a"}, {"eventName":"a","x":"%s"} ,{"eventName":"b"}]' % (b"x" * 32_768), 3, 2),
        (b'[{"eventName":"a","x":"%s"},{"eventName":"b"}]' % ("ü" * 16_400).encode(), 2, 1),
        (b'[{"eventName":"a"},{"x":"%s"}]' % (b"x" * 1_048_576), 2, 0),
        (gzip.compress(b'[{"eventName":"a"}]')[:20], 0, 0),
    ],
)
def test_what_the_api_accepts(body: bytes, sent: int, accepted: int):
    numbers = count([post(0, body=body)])
    assert (numbers.events_sent, numbers.events_accepted) == (sent, accepted)
    assert numbers.events_rejected == sent - accepted
    assert numbers.requests_stored == (1 if accepted else 0)


def test_compressed_bodies_are_read():
    request = post(0, body=gzip.compress(b'[{"eventName":"a"}]'))
    request.headers["content-encoding"] = "gzip"
    assert count([request]).events_accepted == 1


def seen(variant: str, client: str) -> Event:
    dataset = {"experiment": "checkout_button", "variant": variant}
    return event("experiment_exposure", client, element={"dataset": dataset})


def test_the_experiment_counts_orders_from_the_first_exposure_on():
    numbers = count(
        [
            post(0, order("A1", 100, client="c-1")),
            post(1, seen("control", "c-1"), seen("treatment", "c-2"), seen("treatment", "c-3")),
            post(
                2, order("A2", 10, client="c-1"), order("A3", 20, client="c-2"), order("A4", 5, client="c-2")
            ),
            post(3, seen("control", "c-4"), seen("treatment", "c-4"), order("A5", 1, client="c-4")),
            post(4, seen("control", "c-5"), order("A6", 1, client="c-5"), agent=ROBOT),
        ]
    )
    control, treatment = numbers.experiment["control"], numbers.experiment["treatment"]
    assert (control.visitors, control.buyers, control.orders, control.revenue) == (1, 1, 1, 10)
    assert (treatment.visitors, treatment.buyers, treatment.orders, treatment.revenue) == (2, 1, 2, 25)


def test_the_simulators_own_knowledge_is_part_of_the_truth():
    shop: dict[str, Any] = {"days": 2, "visitors": 20, "seed": 1, "until": datetime(2026, 3, 20, tzinfo=UTC)}
    numbers, unusual = truth(**shop), incidents(**shop)
    assert numbers.spike_hour is not None
    assert numbers.spike_hour.timestamp() * 1_000 == unusual.spike_hour_ms
    assert numbers.broken_hour is not None
    assert numbers.broken_hour.timestamp() * 1_000 == unusual.broken_hour_ms
    assert numbers.experiment_lift == 1.25
