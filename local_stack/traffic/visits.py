"""What a person does in a visit."""

from dataclasses import dataclass
from random import Random

from local_stack.traffic.browsing import Hit, Login, Tab
from local_stack.traffic.checkout import (
    add_to_cart,
    complete_checkout,
    log_in,
    open_cart,
    remove_from_cart,
    start_checkout,
)
from local_stack.traffic.people import Visitor
from local_stack.traffic.plans import PlannedVisit
from local_stack.traffic.rhythm import DAY, MINUTE, SECOND

SHARE_BOUNCED = 0.36
SHARE_WITH_CART = 0.17


@dataclass(frozen=True, slots=True)
class Visit:
    hits: list[Hit]
    ends_ms: int


def make_visit(plan: PlannedVisit, rng: Random) -> Visit:
    visitor = plan.visitor
    account = _account_of_the_day(plan)
    login = _remembered_login(plan, account, rng)
    tab = Tab(
        rng,
        now_ms=plan.start_ms,
        login=login,
        is_first_visit=plan.is_first,
        came_from=plan.source.referrer,
    )
    other_tab: Tab | None = None
    tab.land(plan.source.query(rng))
    if plan.is_first and rng.random() < 0.6:
        tab.wait(1, 4)
        tab.click("Accept cookies", tag="button", role="button")
    draw = rng.random()
    if visitor.has_postponed_order:
        _come_back_to_buy(visitor, tab, account)
    elif draw < SHARE_BOUNCED:
        tab.wait(1, 40)
    else:
        _look_around(tab)
        if rng.random() < 0.08:
            other_tab = _open_second_tab(tab)
        if account and login.user_id is None and rng.random() < 0.35:
            log_in(visitor, tab, account)
        if draw < SHARE_BOUNCED + SHARE_WITH_CART:
            _fill_cart(visitor, tab)
            _decide(plan, tab, account)
        _maybe_log_out(visitor, tab)
        tab.wait(2, 60)
    if other_tab is None:
        return Visit(tab.hits, tab.now_ms)
    hits = sorted([*tab.hits, *other_tab.hits], key=lambda hit: hit.at_ms)
    return Visit(hits, max(tab.now_ms, other_tab.now_ms))


def _account_of_the_day(plan: PlannedVisit) -> str | None:
    """A family computer has another user on another day."""
    accounts = plan.visitor.accounts
    return accounts[plan.start_ms // DAY % len(accounts)] if accounts else None


def _remembered_login(plan: PlannedVisit, account: str | None, rng: Random) -> Login:
    visitor = plan.visitor
    was_here_before_the_window = plan.number == 0 and not plan.is_first
    is_known = was_here_before_the_window or visitor.logged_in_as == account
    if account and is_known and rng.random() < 0.7:
        visitor.logged_in_as = account
        return Login(account, "logged_in")
    visitor.logged_in_as = None
    return Login()


def _look_around(tab: Tab) -> None:
    for _ in range(1 + int(tab.rng.expovariate(1 / 2))):
        tab.wait(2, 200)
        if tab.rng.random() < 0.012:
            tab.now_ms += tab.rng.randrange(15 * MINUTE, 50 * MINUTE)  # the phone rings
        tab.stroll()


def _open_second_tab(tab: Tab) -> Tab:
    """Two tabs share the browser and its login, not their session id; they are used at the same time."""
    started_ms = max(tab.hits[0].at_ms + SECOND, tab.now_ms - 2 * MINUTE)
    other = Tab(
        tab.rng, now_ms=started_ms, login=tab.login, is_first_visit=tab.is_first_visit, came_from=tab.url
    )
    other.open_product(tab.product)
    for _ in range(tab.rng.randrange(1, 5)):
        other.wait(4, 60)
        other.go_to_product()
    other.wait(2, 30)
    return other


def _fill_cart(visitor: Visitor, tab: Tab) -> None:
    for _ in range(tab.rng.choices((1, 2, 3), weights=(70, 22, 8))[0]):
        tab.wait(2, 120)
        tab.go_to_product()
        tab.wait(2, 150)
        add_to_cart(visitor, tab)
    if tab.rng.random() < 0.12:
        remove_from_cart(visitor, tab)


def _decide(plan: PlannedVisit, tab: Tab, account: str | None) -> None:
    """Whether a visitor ever buys is decided before the first visit; here only when."""
    visitor, rng = plan.visitor, tab.rng
    if not visitor.cart:
        return
    open_cart(visitor, tab)
    is_first_order = visitor.is_buyer and not visitor.order_count
    puts_off = is_first_order and not plan.is_last and rng.random() < 0.3
    buys = not puts_off and visitor.is_buyer and (is_first_order or rng.random() < 0.5)
    visitor.has_postponed_order = puts_off
    if buys or rng.random() < 0.4:
        start_checkout(visitor, tab, account)
    if buys:
        complete_checkout(visitor, tab)


def _come_back_to_buy(visitor: Visitor, tab: Tab, account: str | None) -> None:
    tab.wait(3, 30)
    open_cart(visitor, tab)
    start_checkout(visitor, tab, account)
    complete_checkout(visitor, tab)


def _maybe_log_out(visitor: Visitor, tab: Tab) -> None:
    if tab.login.user_id and tab.rng.random() < 0.08:
        tab.wait(2, 20)
        tab.record("logout", element={"tag": "button", "text": "Log out", "dataset": {}})
        tab.login.user_id = visitor.logged_in_as = None
        tab.login.state = "anonymous"
