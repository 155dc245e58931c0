"""What can be counted in the simulated shop: the same whenever loads run, and with the lift that is in it."""

from collections import Counter, defaultdict
from math import sqrt

from local_stack.traffic import EXPERIMENT_LIFT, Truth
from local_stack.traffic.people import draw_visitors
from tests.unit.test_traffic.seen_traffic import Seen, Shop


def test_which_event_was_first_does_not_depend_on_when_loads_ran(shop: Shop):
    """Hour by hour the first received is loaded first; in one load it is the first in order: the same one."""
    for key in ("event_id", "order_id"):
        known: dict[str, Seen] = {}
        for seen in shop.received:
            identifier = getattr(seen.clean, key)
            if identifier and (key == "event_id" or seen.clean.name == "checkout_complete"):
                assert known.setdefault(identifier, seen).clean.order <= seen.clean.order


def test_events_of_a_visitor_have_one_order(shop: Shop):
    """Requests of the same millisecond would be ordered by their objects' random keys."""
    requests: dict[tuple[object, ...], str] = {}
    for seen in shop.events:
        moment = (seen.clean.visitor_id, *seen.clean.order[:2])
        assert requests.setdefault(moment, seen.request.request_id) == seen.request.request_id


def test_no_session_mixes_people_and_bots(shop: Shop):
    for history in shop.histories.values():
        assert len({seen.clean.is_bot for seen in history}) == 1


def test_the_experiment_splits_visitors_in_halves_and_keeps_them_there(shop: Shop, numbers: Truth):
    variants = defaultdict(set)
    for seen in shop.named("experiment_exposure"):
        variants[seen.clean.visitor_id].add(seen.dataset["variant"])
    assert all(len(variant) == 1 for variant in variants.values())
    control, treatment = numbers.experiment["control"].visitors, numbers.experiment["treatment"].visitors
    assert abs(control - treatment) < 3 * sqrt(control + treatment)


def test_the_lift_is_in_the_people():
    people = list(draw_visitors(seed=1, count=30_000))
    buyers = Counter(visitor.variant for visitor in people if visitor.is_buyer)
    visitors = Counter(visitor.variant for visitor in people)
    lift = buyers["treatment"] / visitors["treatment"] / (buyers["control"] / visitors["control"])
    assert abs(lift / EXPERIMENT_LIFT - 1) < 0.06  # three standard errors


def test_the_lift_can_be_found_again(numbers: Truth):
    control, treatment = numbers.experiment["control"], numbers.experiment["treatment"]
    bought = control.buyers / control.visitors, treatment.buyers / treatment.visitors
    variances = (
        (1 - bought[0]) / control.buyers,
        (1 - bought[1]) / treatment.buyers,
    )  # of the logarithm of each rate
    margin = 3 * sqrt(sum(variances))
    assert margin < 0.4
    assert abs(bought[1] / bought[0] / EXPERIMENT_LIFT - 1) < margin


def test_the_numbers_agree_with_each_other(shop: Shop, numbers: Truth):
    completed = len(shop.named("checkout_complete"))
    for some in (numbers.with_bots, numbers.without_bots):
        assert list(some.funnel) == sorted(some.funnel, reverse=True)
        assert some.funnel[-1] <= some.converted_sessions <= some.orders < completed
        assert some.visitors < some.sessions < some.events
        assert some.revenue > 0
    assert (
        numbers.without_bots.events < numbers.with_bots.events == numbers.distinct_events == len(shop.events)
    )
    assert numbers.without_bots.orders == numbers.with_bots.orders
    assert numbers.events_sent == numbers.events_accepted + numbers.events_rejected
    assert numbers.distinct_events < numbers.events_accepted == len(shop.received)
    assert numbers.requests_stored < numbers.requests == len(shop.requests)
