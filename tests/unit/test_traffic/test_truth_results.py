"""What came of it, as the truth about the traffic has it: funnels, orders, bots, the experiment."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from local_stack.traffic import count, truth
from local_stack.traffic.simulation import incidents
from tests.unit.test_traffic.handmade import ROBOT, Event, at, event, order, post

FUNNEL = ("product_view", "add_to_cart_click", "checkout_start", "checkout_complete")


def test_nothing():
    numbers = count([])
    assert (numbers.requests, numbers.events_sent, numbers.with_bots.revenue) == (0, 0, 0)
    assert numbers.with_bots.funnel == (0, 0, 0, 0)
    assert numbers.experiment == {}


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
