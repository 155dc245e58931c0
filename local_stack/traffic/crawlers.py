"""Robots that run the shop's scripts, and so its tracker."""

from collections.abc import Iterator
from random import Random

from local_stack.traffic.browsing import Login, Tab
from local_stack.traffic.catalogue import CATEGORIES, PRODUCTS
from local_stack.traffic.chance import draw_uuid
from local_stack.traffic.people import Visitor
from local_stack.traffic.plans import PlannedVisit
from local_stack.traffic.rhythm import Rhythm
from local_stack.traffic.sources import Source
from local_stack.traffic.visits import Visit

COMPATIBLE = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible;"
CRAWLERS = [
    f"{COMPATIBLE} Googlebot/2.1; +http://www.google.com/bot.html) Chrome/126.0.0.0 Safari/537.36",
    f"{COMPATIBLE} bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
    f"{COMPATIBLE} GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
]
HOARDER = "Mozilla/5.0 (compatible; PriceSpider/3.1; +https://prices.example/bot)"
NOWHERE = Source(0, 0)


def plan_crawls(*, seed: int, visitors: int, rhythm: Rhythm) -> Iterator[PlannedVisit]:
    """Crawlers keep no cookies, so each crawl is a visitor. A big shop also meets a hoarder of prices."""
    rng = Random(f"{seed}/crawlers")
    for number in range(round(visitors * 0.02)):
        yield _plan(rng, rhythm, visitors + number, rng.choice(CRAWLERS))
    if visitors >= 200:
        yield _plan(rng, rhythm, 2 * visitors, HOARDER)


def _plan(rng: Random, rhythm: Rhythm, number: int, user_agent: str) -> PlannedVisit:
    crawler = Visitor(
        number=number,
        client_id=draw_uuid(rng),
        user_agent=user_agent,
        is_mobile=False,
        home_ip=f"198.51.100.{rng.randrange(1, 255)}",
        crawls=True,
    )
    return PlannedVisit(rhythm.moment(rng), crawler, 0, NOWHERE, is_first=True, is_last=True)


def crawl(plan: PlannedVisit, rng: Random) -> Visit:
    pages = rng.randrange(400, 800) if plan.visitor.user_agent == HOARDER else rng.randrange(2, 25)
    tab = Tab(rng, now_ms=plan.start_ms, login=Login(), is_first_visit=True)
    for _ in range(pages):
        if rng.random() < 0.9:
            tab.open_product(rng.choice(PRODUCTS))
        else:
            tab.open_category(rng.choice(CATEGORIES))
        tab.wait(1, 6)
    return Visit(tab.hits, tab.now_ms)
