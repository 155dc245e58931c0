"""What the simulated shop sends that no API should take."""

import pytest

from tests.unit.test_traffic.seen_traffic import HOUR_MS, UNTIL, Shop


def test_hostile_bodies_come_in_the_last_week(shop: Shop):
    end_ms = round(UNTIL.timestamp() * 1_000)
    hostile = [
        request
        for request, reply in zip(shop.requests, shop.answers, strict=True)
        if len(reply.accepted) < max(reply.sent, 1)
    ]
    assert len(hostile) >= 20
    assert all(request.received_at_ms >= end_ms - 7 * 24 * HOUR_MS for request in hostile)


@pytest.mark.parametrize(
    "piece",
    [rb"\u0000", rb"\ud83d", b"NaN", b"1e400", b"[" * 10_000, b"event=page_view", b"x" * 40_000, b"\xe9"],
)
def test_hostile_bodies_of_every_kind(shop: Shop, piece: bytes):
    assert any(piece in request.body for request in shop.requests)


def test_bodies_that_are_too_large_cut_short_or_empty(shop: Shop):
    assert any(len(request.body) > 2_000_000 for request in shop.requests)
    assert any(request.body == b"" for request in shop.requests)
    assert any(reply.sent == 501 and not reply.accepted for reply in shop.answers)
    compressed = [
        reply
        for request, reply in zip(shop.requests, shop.answers, strict=True)
        if request.headers.get("content-encoding") == "gzip" and not reply.accepted
    ]
    assert sorted(reply.sent for reply in compressed) == [0, 1]  # one is cut short, one a bomb


def test_a_bad_event_stands_between_good_ones(shop: Shop):
    positions = [[position for position, _ in reply.accepted] for reply in shop.answers]
    assert positions.count([0, 2]) >= 5
