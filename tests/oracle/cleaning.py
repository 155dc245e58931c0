"""What was sent, as it is analysed: named, once per id, at a time that can be believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.oracle.events import Product, Sent
from tests.oracle.seeds import Meaning, Seeds

OLDEST_AT_RECEIPT = timedelta(hours=72)
NEWEST_AT_RECEIPT = timedelta(minutes=5)

Order = tuple[datetime, datetime, str, int]


@dataclass(frozen=True)
class Event:
    sent: Sent
    order: Order  # the one order everywhere
    event_name: str
    meaning: Meaning
    visitor_id: str
    product: Product | None  # never on category_view
    category_id: str | None
    page_host: str | None
    page_path: str | None
    query: dict[str, str]
    referrer_host: str | None
    device_type: str | None
    is_bot: bool

    @property
    def event_id(self) -> str:
        return self.sent.event_id

    @property
    def event_timestamp(self) -> datetime:
        return self.order[0]

    @property
    def product_id(self) -> str | None:
        return self.product.get("id") if self.product else None


def analysed(sent_events: Iterable[Sent], seeds: Seeds) -> list[Event]:
    """In the one order."""
    first_loaded: dict[str, Event] = {}
    for sent in sent_events:
        if not sent.event_name:
            continue
        event = _clean(sent, seeds)
        known = first_loaded.get(event.event_id)
        if known is None or _loaded(event) < _loaded(known):
            first_loaded[event.event_id] = event
    return sorted(first_loaded.values(), key=lambda event: event.order)


def _loaded(event: Event) -> tuple[int, Order]:
    return event.sent.load_id, event.order


def loaded_before(event: Event, other: Event) -> bool:
    return _loaded(event) < _loaded(other)


def _clean(sent: Sent, seeds: Seeds) -> Event:
    name = (sent.event_name or "").lower()
    name = seeds.aliases.get(name, name)
    shows_category = name == "category_view"
    page = urlsplit(sent.page_url or "")
    return Event(
        sent=sent,
        order=(_happened(sent), sent.received_at, sent.object_key, sent.line_number),
        event_name=name,
        meaning=seeds.meaning(name),
        visitor_id=_visitor_id(sent),
        product=None if shows_category else sent.product,
        category_id=(sent.product or {}).get("id") if shows_category else None,
        page_host=page.hostname,
        page_path=page.path or None,
        query={name: values[0].strip() for name, values in parse_qs(page.query).items() if values[0].strip()},
        referrer_host=urlsplit(sent.referrer or "").hostname,
        device_type=_device_type(sent.user_agent),
        is_bot=_is_bot(sent.user_agent, seeds),
    )


def _happened(sent: Sent) -> datetime:
    if sent.event_timestamp is None:
        return sent.received_at
    age = sent.received_at - sent.event_timestamp
    return sent.event_timestamp if -NEWEST_AT_RECEIPT <= age <= OLDEST_AT_RECEIPT else sent.received_at


def _visitor_id(sent: Sent) -> str:
    if sent.client_id:
        return f"client:{sent.client_id}"
    if sent.user_id:
        return f"user:{sent.user_id}"
    if sent.session_id:
        return f"session:{sent.session_id}"
    return f"event:{sent.event_id}"


def _device_type(user_agent: str | None) -> str | None:
    """Good enough for the few user agents of our histories."""
    if user_agent is None:
        return None
    if "iPad" in user_agent:
        return "tablet"
    return "mobile" if "Mobile" in user_agent else "desktop"


def _is_bot(user_agent: str | None, seeds: Seeds) -> bool:
    text = (user_agent or "").lower()
    for token in seeds.harmless_tokens:
        text = text.replace(token, "")
    return any(token in text for token in seeds.bot_tokens)
