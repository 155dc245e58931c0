"""Who came and when, as the truth about the traffic has it."""

import pytest

from local_stack.traffic import Request, count
from local_stack.traffic.cleaning import clean
from tests.unit.test_traffic.handmade import DAY, Event, at, event, order, post


def sessions(*requests: Request) -> int:
    return count(requests).with_bots.sessions


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
