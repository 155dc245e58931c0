"""A small shop's history, in which a few people are known by ids that are hard to find and to quote."""

import gzip
import json
from typing import Any
from urllib.parse import quote

USER = """Zoë "O'Hara" 100%_\\客-77"""
CLIENT = "c9f8e7d6-Device.1"
SECOND_CLIENT = "tablet-of-zoe-0002"
ALL_OF_HER = ("--user-id", USER, "--client-id", CLIENT, "--client-id", SECOND_CLIENT)
MAIL = "zoe@mail.example"
ADDRESS = "203.0.113.77"
AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1"
)
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


def sent(number: int, name: str, hour: int, minute: int, **fields: Any) -> dict[str, Any]:
    moment = f"2026-03-{4 + hour // 24:02}T{hour % 24:02}:{minute:02}:00Z"
    return {
        "eventId": f"e{number}",
        "eventName": name,
        "eventTimestamp": moment,
        **fields,
        "_ingest": {
            "receivedAt": moment,
            "userAgent": AGENT,
            "sourceIp": ADDRESS,
            "requestId": f"r-{number}",
        },
    }


SHOP = "https://shop.example"
HERS: list[dict[str, Any]] = [
    sent(1, "page_view", 12, 0, clientId=CLIENT, sessionId=f"s-{CLIENT}", referrer=f"https://mail.example/?u={MAIL}",
         pageUrl=f"{SHOP}/?utm_source=news&utm_medium=email&gclid=abc&mail={MAIL}#me"),
    sent(2, "product_view", 12, 1, client_id=f" {CLIENT} ", pageUrl=f"{SHOP}/p/1?x={quote(USER)}",
         product={"id": 42, "name": "Notebook", "price": 10.50}),
    sent(3, "add_to_cart_click", 12, 2, clientId=CLIENT, product={"id": 42, "price": 10.50},
         element={"text": "Add, Zoë", "dataset": {"cartId": "cart-z", "name": MAIL}}),
    sent(4, "checkout_start", 12, 3, clientId=CLIENT, userId=USER, email=MAIL),
    sent(5, "checkout_complete", 12, 4, clientId=CLIENT, user_id=f"\t{USER} ",
         form={"street": "Way 1", "deep": [MAIL]},
         element={"dataset": {"orderId": "o-1", "total": "1e1", "cartId": "cart-z"}},
         items=[{"id": 42, "price": 1e1, "quantity": 1, "note": MAIL}], experiments={"exp": "b"}),
    sent(6, "page_view", 30, 0, clientId=SECOND_CLIENT, userId=USER,
         pageUrl=f"{SHOP}/account/orders"),
    sent(7, "page_view", 30, 1, clientId=SECOND_CLIENT, pageUrl=f"{SHOP}/"),
    sent(8, "page_view", 50, 1, userId=USER, pageUrl=f"{SHOP}/"),
]  # fmt: skip


def like_hers(letter: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Somebody else who did the same: user, client and second client, and what they sent."""
    ids = (f"{letter}-user-0001", f"{letter}-phone-0001", f"{letter}-tablet-0001")
    known = dict(zip((USER, CLIENT, SECOND_CLIENT), ids, strict=True))
    known |= {MAIL: f"{letter}@mail.example", "cart-z": f"cart-{letter}", "o-1": f"o-{letter}"}
    text = json.dumps(HERS).replace(quote(USER), "somebody")
    for old, new in known.items():
        text = text.replace(json.dumps(old)[1:-1], new)
    return ids, [{**event, "eventId": event["eventId"] + letter} for event in json.loads(text)]


OTHERS: list[dict[str, Any]] = [
    sent(20, "page_view", 12, 0, clientId="c-b", sourceIp="1.2.3.4",
         pageUrl=f"{SHOP}/?mail=b@b.example"),
    sent(21, "product_view", 12, 5, clientId="c-b", userId="42", product={"id": 42, "name": "Notebook"}),
    sent(22, "checkout_complete", 13, 5, clientId="c-b", userId="42",
         element={"dataset": {"orderId": "o-2", "total": 99999999999999999999.10}}, experiments={"exp": "a"}),
    sent(23, "page_view", 14, 0, clientId=f"{CLIENT}0", pageUrl=f"{SHOP}/p/42"),
]  # fmt: skip
NAMELESS = {**sent(9, "", 12, 6, clientId=CLIENT), "eventName": None}
BROKEN = f'{{"clientId": "{CLIENT}", "mail": "{MAIL}", "broken": tru}}'
# Others' events that name her are theirs, as are the events of who is called almost like her.
OF_OTHERS: list[dict[str, Any]] = [
    sent(30, "page_view", 12, 0, clientId="c-b", pageUrl=f"{SHOP}/gifts/{CLIENT}?for={quote(USER)}", to=USER),
    sent(31, "page_view", 12, 1, clientId=CLIENT.upper(), userId=quote(USER), note=CLIENT),
    sent(32, "page_view", 12, 2, clientId=USER, userId=CLIENT, price=99999999999999999999.10),
]
FIRST_HOUR = "events/2026/03/04/12"


def lines(*documents: Any) -> bytes:
    texts = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in documents]
    return "".join(f"{text}\n" for text in texts).encode()


def history() -> dict[str, bytes]:
    """By key. Escaped and not, packed and not, a document over many lines, and an array."""
    return {
        f"{FIRST_HOUR}/events-a.json": lines(HERS[0], OTHERS[0], BROKEN, HERS[1], OTHERS[1]),
        f"{FIRST_HOUR}/events-b.json.gz": gzip.compress(lines(OTHERS[2], HERS[2], NAMELESS)),
        f"{FIRST_HOUR}/events-c.json": json.dumps(HERS[3], indent=2).encode() + b"\n" + lines(OTHERS[3]),
        f"{FIRST_HOUR}/events-d.json": json.dumps([HERS[4], OTHERS[2]]).encode(),
        f"{FIRST_HOUR}/events-e.json": lines(OTHERS[2], OTHERS[3]),
    }


def later_history() -> dict[str, bytes]:
    return {"events/2026/03/05/06/events-f.json": lines(HERS[5], HERS[6], HERS[0], HERS[7])}
