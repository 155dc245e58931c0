"""The simulated shop's requests: the same every time, in order, and within the days asked for."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from local_stack.traffic import simulate, truth
from local_stack.traffic.browsing import Login, Tab
from local_stack.traffic.delivery import deliver
from local_stack.traffic.people import draw_visitors
from local_stack.traffic.simulation import incidents
from local_stack.traffic.visits import Visit
from tests.unit.test_traffic.seen_traffic import HOUR_MS, SMALL, UNTIL, Shop, fingerprint


def test_the_same_arguments_give_the_same_bytes_in_another_process():
    program = """
from tests.unit.test_traffic.seen_traffic import SMALL, fingerprint
print(fingerprint(**SMALL))
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    assert runs == {fingerprint(**SMALL)}


def test_another_seed_gives_other_traffic():
    assert fingerprint(**SMALL) != fingerprint(**SMALL | {"seed": 2})


@pytest.mark.parametrize(("days", "visitors"), [(1, 1), (1, 10), (2, 300), (9, 100)])
@pytest.mark.parametrize("until", [UNTIL, datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2)))])
def test_requests_come_in_order_and_within_the_days_asked_for(days: int, visitors: int, until: datetime):
    moments = [
        request.received_at_ms for request in simulate(days=days, visitors=visitors, seed=3, until=until)
    ]
    end_ms = round(until.timestamp() * 1_000)
    assert moments == sorted(moments)
    assert end_ms - days * 24 * HOUR_MS <= moments[0] <= moments[-1] < end_ms


def test_no_visitors_no_requests():
    assert list(simulate(days=30, visitors=0, seed=1, until=UNTIL)) == []
    assert truth(days=30, visitors=0, seed=1, until=UNTIL).events_sent == 0


@pytest.mark.parametrize("ask", [simulate, truth, incidents])
@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"days": 0}, "days"),
        ({"days": -3}, "days"),
        ({"visitors": -1}, "visitors"),
        ({"until": datetime(2026, 3, 20)}, "until"),  # noqa: DTZ001, RUF100
    ],
)
def test_nonsense_is_refused_at_once(ask: Callable[..., object], wrong: dict[str, Any], name: str):
    with pytest.raises(ValueError, match=f"^{name} must .*[^.]\\.$"):
        ask(**SMALL | wrong)


def test_request_ids_are_unique(shop: Shop):
    assert len({request.request_id for request in shop.requests}) == len(shop.requests)


def test_requests_of_a_visit_never_arrive_in_the_same_millisecond():
    rng = Random(1)
    visitor = next(draw_visitors(seed=1, count=1))
    visitor.tracker = "single"
    tab = Tab(rng, now_ms=0, login=Login(), is_first_visit=True)
    for _ in range(200):
        tab.record("click")
        tab.now_ms = 0
    requests = list(deliver(Visit(tab.hits, 0), visitor, broken_hour_ms=None, rng=rng))
    assert len({request.received_at_ms for request in requests}) == len(requests) == 200


def test_batches_are_small_and_none_exceeds_what_the_api_takes(shop: Shop):
    sizes = [len(reply.accepted) for reply in shop.answers if reply.accepted]
    assert max(sizes) <= 500
    assert 2 < sum(sizes) / len(sizes) < 4
