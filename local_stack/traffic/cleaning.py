"""Events as the warehouse should see them: which visitor, when, what."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from local_stack.traffic.acceptance import Event
from local_stack.traffic.request import Request
from local_stack.traffic.rhythm import HOUR, MINUTE

OLDEST_AT_RECEIPT = 72 * HOUR
NEWEST_AT_RECEIPT = 5 * MINUTE
ALIASES = {"view_product": "product_view"}
BOT = re.compile(r"bot\b|spider|crawl", re.IGNORECASE)
NO_BOT = re.compile(r"\bcubot\b", re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NUMBER = re.compile(r"-?\d{1,30}(\.\d+)?")

Order = tuple[int, int, str, int]


@dataclass(frozen=True, slots=True)
class Clean:
    # Event time, receipt, object, line. Object keys are random; the request's id stands in for them.
    order: Order
    event_id: str
    visitor_id: str
    name: str
    is_bot: bool
    dataset: Event

    @property
    def order_id(self) -> str | None:
        return text_of(self.dataset, "orderId") or text_of(self.dataset, "orderNumber")

    @property
    def total(self) -> Decimal:
        """What is no number is NULL, and that counts 0."""
        total = text_of(self.dataset, "total")
        return Decimal(total) if total and NUMBER.fullmatch(total) else Decimal(0)


def clean(event: Event, request: Request, position: int) -> Clean:
    event_id = text_of(event, "eventId") or f"{request.request_id} {position}"
    if UUID.fullmatch(event_id):
        event_id = event_id.lower()
    received_ms = request.received_at_ms
    name = (text_of(event, "eventName") or "").lower()
    element = event.get("element")
    dataset = element.get("dataset") if isinstance(element, dict) else None
    return Clean(
        order=(_event_time(event, received_ms), received_ms, request.request_id, position),
        event_id=event_id,
        visitor_id=_visitor_id(event, event_id),
        name=ALIASES.get(name, name),
        is_bot=is_bot(request.headers.get("user-agent", "")),
        dataset=dataset if isinstance(dataset, dict) else {},
    )


@cache
def is_bot(user_agent: str) -> bool:
    return bool(BOT.search(NO_BOT.sub("", user_agent)))


def text_of(event: Event, name: str) -> str | None:
    """By its camelCase name or its snake_case one; a number is its own text, anything else is none."""
    value = event.get(name, event.get(_snake_case(name)))
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    return str(value).strip() or None


@cache
def _snake_case(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def _visitor_id(event: Event, event_id: str) -> str:
    for kind, name in (("client", "clientId"), ("user", "userId"), ("session", "sessionId")):
        value = text_of(event, name)
        if value:
            return f"{kind}:{value}"
    return f"event:{event_id}"


def _event_time(event: Event, received_ms: int) -> int:
    happened_ms = _moment(text_of(event, "eventTimestamp"))
    sent_ms = _moment(text_of(event, "sentAt"))
    if happened_ms is None:
        return received_ms
    if sent_ms is not None:
        happened_ms += received_ms - sent_ms
    is_plausible = received_ms - OLDEST_AT_RECEIPT <= happened_ms <= received_ms + NEWEST_AT_RECEIPT
    return happened_ms if is_plausible else received_ms


def _moment(text: str | None) -> int | None:
    """Milliseconds, of a number of seconds or milliseconds or of ISO text with an offset."""
    if text is None:
        return None
    if NUMBER.fullmatch(text):
        number = Decimal(text)
        return round(number if abs(number) >= 10**11 else number * 1_000)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.utcoffset() is None else round(moment.timestamp() * 1_000)
