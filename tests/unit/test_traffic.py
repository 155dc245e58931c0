"""The simulated shop: the same every time, in order, and with everything in it that a real one suffers."""

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from itertools import pairwise
from math import sqrt
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local_stack.traffic import EXPERIMENT_LIFT, Request, Truth, count, simulate, truth
from local_stack.traffic.acceptance import Answer, answer
from local_stack.traffic.browsing import Login, Tab
from local_stack.traffic.cleaning import Clean, clean, is_bot
from local_stack.traffic.crawlers import HOARDER
from local_stack.traffic.delivery import deliver
from local_stack.traffic.people import draw_visitors
from local_stack.traffic.simulation import incidents
from local_stack.traffic.visits import Visit

UNTIL = datetime(2026, 3, 20, 14, 20, tzinfo=UTC)
SHOP: dict[str, Any] = {"days": 14, "visitors": 4_000, "seed": 7, "until": UNTIL}
SMALL: dict[str, Any] = {"days": 3, "visitors": 200, "seed": 1, "until": UNTIL}
HOUR_MS = 3_600_000

Event = dict[str, Any]


@dataclass
class Seen:
    event: Event
    clean: Clean
    request: Request

    @property
    def at_ms(self) -> int:
        return self.clean.order[0]

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(self.at_ms / 1_000, UTC).date()

    @property
    def dataset(self) -> Event:
        return self.clean.dataset

    @property
    def late_by_ms(self) -> int:
        return self.request.received_at_ms - self.at_ms


@dataclass
class Shop:
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    received: list[Seen] = field(default_factory=list)  # with repeated events
    events: list[Seen] = field(default_factory=list)  # without

    def named(self, *names: str) -> list[Seen]:
        return [seen for seen in self.events if seen.clean.name in names]

    @cached_property
    def histories(self) -> dict[str, list[Seen]]:
        histories = defaultdict(list)
        for seen in sorted(self.events, key=lambda seen: seen.clean.order):
            histories[seen.clean.visitor_id].append(seen)
        return histories

    @cached_property
    def visitors_of_user(self) -> dict[str, set[str]]:
        visitors = defaultdict(set)
        for seen in self.events:
            if "userId" in seen.event:
                visitors[seen.event["userId"]].add(seen.clean.visitor_id)
        return visitors


@pytest.fixture(scope="module")
def shop() -> Shop:
    shop = Shop(list(simulate(**SHOP)))
    known = set()
    for request in shop.requests:
        reply = answer(request)
        shop.answers.append(reply)
        for position, event in reply.accepted:
            seen = Seen(event, clean(event, request, position), request)
            shop.received.append(seen)
            if seen.clean.event_id not in known:
                known.add(seen.clean.event_id)
                shop.events.append(seen)
    return shop


@pytest.fixture(scope="module")
def numbers(shop: Shop) -> Truth:
    return count(shop.requests)


def fingerprint(**arguments: Any) -> str:
    digest = hashlib.sha256()
    for request in simulate(**arguments):
        digest.update(repr(request).encode())
    return digest.hexdigest()


def test_the_same_arguments_give_the_same_bytes_in_another_process():
    program = """
from datetime import UTC, datetime
from tests.unit.test_traffic import SMALL, fingerprint
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


@pytest.mark.parametrize(
    "name",
    [
        "page_view",
        "click",
        "home_view",
        "category_view",
        "product_view",
        "add_to_cart_click",
        "remove_from_cart_click",
        "wishlist_toggle",
        "share_click",
        "login_open",
        "login_success",
        "logout",
        "checkout_start",
        "checkout_complete",
        "experiment_exposure",
    ],
)
def test_every_kind_of_event_happens(shop: Shop, name: str):
    assert len(shop.named(name)) >= 10


# What else happens, each as a question to the whole traffic.
Phenomenon = Callable[[Shop], Iterator[object]]
PHENOMENA: list[Phenomenon] = []


def phenomenon(question: Phenomenon) -> Phenomenon:
    PHENOMENA.append(question)
    return question


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


@phenomenon
def visitor_known_by_session_only(shop: Shop) -> Iterator[object]:
    return (visitor for visitor in shop.histories if visitor.startswith("session:"))


@phenomenon
def event_of_nobody(shop: Shop) -> Iterator[object]:
    return (visitor for visitor in shop.histories if visitor.startswith("event:"))


@phenomenon
def alias(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if seen.event.get("eventName") == "view_product")


@phenomenon
def category_in_the_place_of_a_product(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("category_view") if seen.event["product"]["id"].startswith("cat-"))


@phenomenon
def return_from_payment_host(shop: Shop) -> Iterator[object]:
    for history in shop.histories.values():
        for before, back, after in zip(history, history[1:], history[2:], strict=False):
            is_back = back.event.get("referrer") == "https://www.paypal.com/"
            if is_back and before.clean.name == "click" and after.clean.name == "checkout_complete":
                yield back


@phenomenon
def login_in_mid_session(shop: Shop) -> Iterator[object]:
    for history in shop.histories.values():
        for before, after in pairwise(history):
            same_session = before.event.get("sessionId") == after.event.get("sessionId")
            if same_session and "userId" not in before.event and "userId" in after.event:
                yield after


@phenomenon
def guest_order(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("checkout_complete") if seen.event.get("userLoginState") == "guest")


@phenomenon
def two_tabs_at_once(shop: Shop) -> Iterator[object]:
    for visitor, history in shop.histories.items():
        tabs = [seen.event.get("sessionId") for seen in history]
        changes = [tab for before, tab in pairwise(tabs) if tab != before]
        if visitor.startswith("client:") and len(changes) > len(set(tabs)):
            yield visitor


@phenomenon
def shared_device(shop: Shop) -> Iterator[object]:
    for history in shop.histories.values():
        users = defaultdict(set)
        for seen in history:
            if "userId" in seen.event:
                users[seen.event["userId"]].add(seen.day)
        if len(users) == 2:
            first, second = users.values()
            yield not first & second


@phenomenon
def user_with_two_devices(shop: Shop) -> Iterator[object]:
    return (user for user, visitors in shop.visitors_of_user.items() if len(visitors) > 1)


@phenomenon
def visitor_who_comes_back_on_another_day(shop: Shop) -> Iterator[object]:
    return (visitor for visitor, history in shop.histories.items() if len({s.day for s in history}) > 1)


@phenomenon
def visitor_known_from_before(shop: Shop) -> Iterator[object]:
    return (h for h in shop.histories.values() if not any(s.event.get("isFirstVisit") for s in h))


def _reload_delays(shop: Shop) -> Iterator[int]:
    first: dict[str, int] = {}
    for seen in sorted(shop.named("checkout_complete"), key=lambda seen: seen.clean.order):
        if seen.clean.order_id:
            yield seen.at_ms - first.setdefault(seen.clean.order_id, seen.at_ms)


@phenomenon
def thank_you_page_reloaded_within_the_hour(shop: Shop) -> Iterator[object]:
    return (delay for delay in _reload_delays(shop) if 0 < delay < HOUR_MS)


@phenomenon
def thank_you_page_reloaded_hours_later(shop: Shop) -> Iterator[object]:
    return (delay for delay in _reload_delays(shop) if delay > 2 * HOUR_MS)


@phenomenon
def order_without_order_id(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("checkout_complete") if not seen.clean.order_id)


@phenomenon
def order_with_items(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.named("checkout_complete") if "items" in seen.event)


@phenomenon
def order_whose_items_only_the_cart_knows(shop: Shop) -> Iterator[object]:
    return (
        seen
        for seen in shop.named("checkout_complete")
        if "items" not in seen.event and {"cartId", "total", "itemCount"} <= seen.dataset.keys()
    )


@phenomenon
def removal_without_quantity(shop: Shop) -> Iterator[object]:
    return (s for s in shop.named("remove_from_cart_click") if "quantity" not in s.event["product"])


@phenomenon
def script_in_a_product_name(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if "<script>" in str(seen.event.get("product")))


@phenomenon
def price_that_is_no_number(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if "'price': '12,5'" in str(seen.event.get("product")))


@phenomenon
def price_that_is_too_large_for_a_float(shop: Shop) -> Iterator[object]:
    return (seen for seen in shop.events if b"1e400" in seen.request.body)


@pytest.mark.parametrize("question", PHENOMENA, ids=lambda question: question.__name__)
def test_it_happens(shop: Shop, question: Phenomenon):
    found = list(question(shop))
    assert found
    assert all(found)


@pytest.mark.parametrize(
    "parameter", ["utm_source", "utm_medium", "utm_campaign", "utm_term", "gclid", "fbclid", "msclkid"]
)
def test_campaigns_bring_visits(shop: Shop, parameter: str):
    addresses = (str(seen.event.get("pageUrl")) for seen in shop.events)
    assert any(parameter in parse_qs(urlsplit(address).query) for address in addresses)


@pytest.mark.parametrize(
    "host",
    [
        "www.google.com",
        "www.bing.com",
        "l.facebook.com",
        "www.reddit.com",
        "www.youtube.com",
        "chatgpt.com",
        "www.perplexity.ai",
        "mail.google.com",
        "www.bargains.example",
        "forum.hardware.example",
    ],
)
def test_other_sites_bring_visits(shop: Shop, host: str):
    assert any(urlsplit(str(seen.event.get("referrer"))).hostname == host for seen in shop.events)


@pytest.mark.parametrize("medium", ["email", "affiliate", "sms", "push", "cpm", "cpc"])
def test_media_of_every_kind(shop: Shop, medium: str):
    wanted = f"utm_medium={medium}"
    assert any(wanted in str(seen.event.get("pageUrl")) for seen in shop.events)


def test_batches_are_small_and_none_exceeds_what_the_api_takes(shop: Shop):
    sizes = [len(reply.accepted) for reply in shop.answers if reply.accepted]
    assert max(sizes) <= 500
    assert 2 < sum(sizes) / len(sizes) < 4


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
