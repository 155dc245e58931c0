"""When the simulated shop is visited: evenings, nights, and the hours in which something went wrong."""

from collections import Counter

import pytest

from local_stack.traffic.simulation import incidents
from tests.unit.test_traffic.seen_traffic import HOUR_MS, SHOP, UNTIL, Shop


def test_evenings_are_busy_and_nights_are_not(shop: Shop):
    hours = Counter(seen.at_ms // HOUR_MS % 24 for seen in shop.events if not seen.clean.is_bot)
    assert hours[19] + hours[20] > 5 * (hours[2] + hours[3])


def _same_hour_on_other_days(counts: Counter[int], hour: int) -> float:
    others = [counts[hour + days * 24] for days in range(-14, 15) if days and counts[hour + days * 24]]
    return sum(others) / len(others)


def test_one_hour_has_five_times_the_visits(shop: Shop):
    spike = incidents(**SHOP).spike_hour_ms
    assert spike is not None
    visits = Counter(
        history[0].at_ms // HOUR_MS for history in shop.histories.values() if not history[0].clean.is_bot
    )
    ordinary = _same_hour_on_other_days(visits, spike // HOUR_MS)
    assert 3.5 * ordinary < visits[spike // HOUR_MS] < 8 * ordinary


def test_one_hour_is_nearly_silent(shop: Shop):
    broken = incidents(**SHOP).broken_hour_ms
    assert broken is not None
    requests = Counter(request.received_at_ms // HOUR_MS for request in shop.requests)
    assert requests[broken // HOUR_MS] < 0.2 * _same_hour_on_other_days(requests, broken // HOUR_MS)


@pytest.mark.parametrize("days", [1, 2, 5, 8, 30])
@pytest.mark.parametrize("seed", range(20))
def test_incidents_fill_whole_hours_of_the_last_week(days: int, seed: int):
    unusual = incidents(days=days, visitors=100, seed=seed, until=UNTIL)
    end_ms = round(UNTIL.timestamp() * 1_000)
    for hour_ms in (unusual.spike_hour_ms, unusual.broken_hour_ms):
        assert hour_ms is not None
        assert hour_ms % HOUR_MS == 0
        assert end_ms - min(days, 7) * 24 * HOUR_MS <= hour_ms <= end_ms - HOUR_MS
    assert unusual.spike_hour_ms != unusual.broken_hour_ms
