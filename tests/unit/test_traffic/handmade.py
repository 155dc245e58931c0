"""Requests so few that what is true of them can be worked out by hand."""

import json
from itertools import count as counter
from typing import Any

from local_stack.traffic import Request

START = 1_767_225_600_000  # 2026-01-01T00:00Z
DAY = 86_400
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
ROBOT = "Mozilla/5.0 (compatible; examplebot/1.0)"
_numbers = counter()

Event = dict[str, Any]


def post(seconds: float, *events: object, agent: str | None = PERSON, body: bytes | None = None) -> Request:
    headers = {"content-type": "application/json"} | ({"user-agent": agent} if agent else {})
    body = json.dumps(events).encode() if body is None else body
    return Request(START + round(seconds * 1_000), "203.0.113.1", headers, body, f"request-{next(_numbers)}")


def event(name: str = "page_view", client: str = "c-1", **fields: object) -> Event:
    return {"eventName": name, "clientId": client, **fields}


def order(order_id: str | None, total: object, **fields: object) -> Event:
    return event("checkout_complete", element={"dataset": {"orderId": order_id, "total": total}}, **fields)


def at(seconds: float) -> int:
    return START + round(seconds * 1_000)
