"""The dashboards: each question that a page asks, and what people at a browser wait for.

Measures the platform that is up, however large: CLICKMART_HOME=… make bench PARTS=dashboards, after
CLICKMART_HOME=… python -m bench.history 600 has made ten million events for it."""

import csv
import math
import os
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from bench.table import Figure, Reach
from local_stack import dashboards, home, processes
from local_stack.home import PROJECT
from local_stack.platform import DASHBOARDS, Platform, open_platform, stop_dashboards

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGES = [
    *("overview", "trends", "journeys", "funnel", "products", "marketing"),
    *("customers", "experiments", "anomalies", "health", "events"),
]
CHART = ".page:not([hidden]) .chart[data-drawn], .page:not([hidden]) tbody td"
PEOPLE = 10
# Another period each time: what was asked before is answered from memory.
PERIODS = ["7d", "28d", "90d", "all", "365d"]


def figures() -> Iterator[Figure]:
    running = open_platform(home.current())
    yield from questions(running)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield from first_charts(running, browser)
        yield filter_changes(running, browser)
        yield at_once(running, browser)
        browser.close()


def questions(running: Platform) -> Iterator[Figure]:
    """Milliseconds until a question is answered, in the periods and with the filters of the script."""
    done = subprocess.run(
        ["/usr/bin/Rscript", "--vanilla", PROJECT / "bench" / "dashboard_queries.R", PROJECT / "shiny"],
        env={**os.environ, **running.warehouse_environment("clickmart_dashboard")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    pages: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for page, question, _, _, milliseconds in csv.reader(done.stdout.splitlines()):
        pages[page][question].append(float(milliseconds))
    for page, asked in pages.items():
        waits = [wait for answered in asked.values() for wait in answered]
        dearest = max((p95(answers), question) for question, answers in asked.items())
        yield Figure(
            f"dashboards, {page}: p95 of {len(waits)} answers",
            f"{p95(waits):.0f} ms",
            f"p50 {statistics.median(waits):.0f} ms; dearest: {dearest[1]}, p95 {dearest[0]:.0f} ms",
            Reach("≤", 100, "ms"),
            p95(waits),
        )


def first_charts(running: Platform, browser: Browser) -> Iterator[Figure]:
    for page in PAGES:
        cold = first_chart(anew(running), browser, page)
        # What it answered before is about something else: nothing of the page is remembered.
        address = anew(running)
        first_chart(address, browser, "customers" if page == "overview" else "overview")
        warm = first_chart(address, browser, page)
        beside = f"of a process just started {cold:.2f} s"
        yield Figure(f"dashboards, {page}: first chart", f"{warm:.2f} s", beside, Reach("≤", 2.5, "s"), warm)


def first_chart(address: str, browser: Browser, page: str) -> float:
    """In a browser that has loaded nothing yet."""
    context = browser.new_context()
    window = context.new_page()
    started = time.monotonic()
    window.goto(f"{address}/?page={page}")
    window.wait_for_selector(CHART)
    seconds = time.monotonic() - started
    context.close()
    return seconds


def filter_changes(running: Platform, browser: Browser) -> Figure:
    address = anew(running)
    window = browser.new_page()
    window.goto(f"{address}/?page=overview")
    settled(window)
    seconds = []
    for period in PERIODS:
        seconds.append(time_of(window, partial(window.select_option, "#period", period)))
    for device in ("desktop", "mobile"):
        seconds.append(time_of(window, partial(window.select_option, "#choice-device", device)))
    window.close()
    median = statistics.median(seconds)
    what, worst = "dashboards, filter change on overview, median", f"worst {max(seconds):.2f} s"
    return Figure(what, f"{median:.2f} s", worst, Reach("≤", 0.6, "s"), median)


def at_once(running: Platform, browser: Browser) -> Figure:
    """Ten people who are there already choose another period in the same moment: one at a window, and nine
    whose browsers are elsewhere, so that only what they ask and are told happens here."""
    address = anew(running)
    asked = [frames_sent(browser, f"{address}/?page={PAGES[number % 6]}") for number in range(1, PEOPLE)]
    window = browser.new_page()
    window.goto(f"{address}/?page={PAGES[0]}")
    settled(window)
    window.evaluate(REMOTE_PEOPLE)
    window.evaluate("asked => Promise.all(asked.map(come))", asked)
    settled(window)
    count, busy_before = drawn(window), busy_seconds(running)
    started = time.monotonic()
    # The others ask first: whoever is last is answered after all of them.
    window.evaluate("() => { window.answered = Promise.all(people.map((person) => person.choose())); }")
    window.select_option("#period", "28d")
    wait_for_more(window, count)
    seen = time.monotonic() - started
    told = window.evaluate("() => answered.then((waits) => Math.max(...waits))")
    busy = busy_seconds(running) - busy_before
    window.close()
    return Figure(
        f"dashboards, {PEOPLE} people choose another period at once",
        f"{seen:.2f} s at the window",
        f"the last of the others is answered after {told:.2f} s; R is busy for {busy:.2f} s",
        Reach("≤", 1.5, "s"),
        seen,
    )


def frames_sent(browser: Browser, address: str) -> list[str]:
    """What a browser says on the way to a page that is shown."""
    window = browser.new_page()
    frames: list[str] = []
    window.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(str(frame))))
    window.goto(address)
    settled(window)
    window.close()
    return frames


REMOTE_PEOPLE = """() => {
  window.people = [];
  window.come = (frames) => new Promise((there) => {
    const socket = new WebSocket(`ws://${location.host}/websocket/`);
    const told = [];
    const page = frames.map(JSON.parse).map(({ data }) => data.query).filter(Boolean).at(-1).page;
    const isAnswer = (text) => text.includes('"values":{') && text.includes(`"${page}-`);
    socket.onopen = () => frames.forEach((frame) => socket.send(frame));
    socket.onmessage = ({ data }) => { if (isAnswer(data)) { there(); told.shift()?.(); } };
    people.push({ choose: () => {
      const started = performance.now();
      socket.send(JSON.stringify({ method: "update", data: { query: { page, period: "28d" } } }));
      return new Promise((answered, failed) => {
        told.push(() => answered((performance.now() - started) / 1000));
        setTimeout(() => failed(new Error(`${page} was not answered`)), 30000);
      });
    } });
  });
}"""


def busy_seconds(running: Platform) -> float:
    record = processes.read_record(running.home, DASHBOARDS)
    spent = psutil.Process(int(record["pid"])).cpu_times() if record else None
    return spent.user + spent.system if spent else 0.0


def anew(running: Platform) -> str:
    stop_dashboards(running.home)
    return dashboards.start(running)[0]


def settled(window: Page) -> None:
    window.wait_for_selector(CHART)
    window.wait_for_selector("html:not(.shiny-busy)")
    window.wait_for_timeout(500)


def drawn(window: Page) -> int:
    return int(
        window.locator(".page:not([hidden]) .chart[data-drawn]").first.get_attribute("data-drawn") or 0
    )


def time_of(window: Page, change: Callable[[], object]) -> float:
    count = drawn(window)
    started = time.monotonic()
    change()
    wait_for_more(window, count)
    seconds = time.monotonic() - started
    settled(window)
    return seconds


def wait_for_more(window: Page, count: int) -> None:
    window.wait_for_selector(f".page:not([hidden]) .chart[data-drawn='{count + 1}']")


def p95(times: list[float]) -> float:
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]
