"""Who comes to the shop, and on what device."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from local_stack.traffic.catalogue import Product
from local_stack.traffic.chance import draw_uuid
from local_stack.traffic.rhythm import HOUR, MINUTE

Variant = Literal["control", "treatment"]
# What the shop uses now, its predecessor (sends no sentAt), and the oldest (one event per request, no times).
TrackerKind = Literal["batching", "timestamped", "single"]
TimeStyle = Literal["iso", "iso_offset", "epoch_ms", "epoch_s"]

# The experiment: a new checkout button, which makes more of those who see it buy.
EXPERIMENT = "checkout_button"
EXPERIMENT_LIFT = 1.25
CHANCE_TO_BUY = 0.30

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "Chrome/126.0.0.0"
DESKTOP_AGENTS = {
    f"{WINDOWS} {CHROME} Safari/537.36": 40,
    f"{WINDOWS} {CHROME} Safari/537.36 Edg/126.0.0.0": 14,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0": 12,
    f"{MAC} Version/17.5 Safari/605.1.15": 16,
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": 8,
    "": 2,  # a privacy proxy that sends no user agent
}
MOBILE_AGENTS = {
    f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1": 40,
    f"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 {CHROME} Mobile Safari/537.36": 30,
    f"Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 {CHROME} Mobile Safari/537.36": 18,
    f"{IPAD} Version/17.5 Mobile/15E148 Safari/604.1": 8,
    # A phone whose name holds "bot" and who is none.
    f"Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 {CHROME} Mobile Safari/537.36": 4,
}


@dataclass(slots=True)
class Visitor:
    """A device, the people who sit at it, and what both remember from one visit to the next."""

    number: int
    client_id: str | None
    user_agent: str
    is_mobile: bool
    home_ip: str
    tracker: TrackerKind = "batching"
    time_style: TimeStyle = "iso"
    clock_error_ms: int = 0
    compresses: bool = False
    snake_case: bool = False
    sends_session_id: bool = True
    accounts: tuple[str, ...] = ()
    variant: Variant | None = None
    is_buyer: bool = False
    crawls: bool = False

    cart: dict[Product, int] = field(default_factory=dict)
    cart_id: str = ""
    logged_in_as: str | None = None
    order_count: int = 0
    has_postponed_order: bool = False


def draw_visitors(seed: int, count: int) -> Iterator[Visitor]:
    rng = Random(f"{seed}/visitors")
    previous: Visitor | None = None
    for number in range(count):
        previous = _draw_visitor(rng, number, previous)
        yield previous


def _draw_visitor(rng: Random, number: int, previous: Visitor | None) -> Visitor:
    is_mobile = rng.random() < 0.52
    agents = MOBILE_AGENTS if is_mobile else DESKTOP_AGENTS
    visitor = Visitor(
        number=number,
        client_id=draw_uuid(rng),
        user_agent=rng.choices(list(agents), weights=list(agents.values()))[0],
        is_mobile=is_mobile,
        home_ip=_draw_ip(rng),
        time_style=rng.choices(("iso", "iso_offset", "epoch_ms", "epoch_s"), weights=(88, 5, 5, 2))[0],
        clock_error_ms=_draw_clock_error(rng),
        compresses=rng.random() < 0.3,
        accounts=_draw_accounts(rng, number, previous),
        variant="treatment" if rng.random() < 0.5 else "control",
    )
    draw = rng.random()
    if draw < 0.025:
        _give_oldest_tracker(visitor, rng)
    elif draw < 0.032:
        visitor.tracker = "timestamped"
        visitor.clock_error_ms = rng.choice((-56, 73)) * 365 * 24 * HOUR
    lift = EXPERIMENT_LIFT if visitor.variant == "treatment" else 1
    visitor.is_buyer = rng.random() < CHANCE_TO_BUY * lift
    return visitor


def _give_oldest_tracker(visitor: Visitor, rng: Random) -> None:
    visitor.tracker = "single"
    visitor.compresses = False
    visitor.variant = None
    visitor.snake_case = rng.random() < 0.3
    if rng.random() < 0.3:
        visitor.client_id = None
        visitor.sends_session_id = rng.random() < 0.8


def _draw_clock_error(rng: Random) -> int:
    draw = rng.random()
    if draw < 0.03:
        return rng.choice((-1, 1)) * rng.randrange(2 * MINUTE, 50 * MINUTE)
    if draw < 0.045:
        return rng.choice((-1, 1)) * rng.randrange(1 * HOUR, 30 * HOUR)
    return round(rng.gauss(0, 300))


def _draw_ip(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.2:
        return f"2001:db8:{rng.randrange(65536):x}:{rng.randrange(65536):x}::{rng.randrange(1, 65536):x}"
    return f"{'203.0.113' if draw < 0.6 else '198.51.100'}.{rng.randrange(1, 255)}"


def _draw_accounts(rng: Random, number: int, previous: Visitor | None) -> tuple[str, ...]:
    draw = rng.random()
    if draw < 0.06 and previous is not None and len(previous.accounts) == 1:
        return previous.accounts  # the same person's second device
    if draw < 0.10:
        return f"u-{2 * number}", f"u-{2 * number + 1}"  # a family computer
    if draw < 0.40:
        return (f"u-{2 * number}",)
    return ()
