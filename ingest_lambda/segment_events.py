"""What a call to Segment's API means here: our names for its fields, whose values keep their bytes.

Traits are dropped, and so is of the context what is not named here; properties stay, but for a person's."""

import re
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from ingest_lambda.events import ingest_stamp, read_event
from ingest_lambda.fields import Fields, RejectedError, first, is_missing, object_in, raw, take_all, text
from ingest_lambda.request import Request, clean
from ingest_lambda.segment_shop import EVENT_NAMES, Maybe, object_or_none, shop_fields

CALLS = ("track", "page", "screen", "identify", "group", "alias")
PAGES = ("page", "screen")
HOME = ("home", "homepage", "home_page")
CAMPAIGN = {"source": "source", "medium": "medium", "campaign": "name", "term": "term", "content": "content"}
PERSONAL = {
    *("address", "age", "avatar", "birthday", "email", "firstname", "gender", "lastname", "phone", "traits"),
    "username",
}
WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s./:_-]+")
TAGGED = re.compile(r"[?&]utm_")


class Envelope(NamedTuple):
    """What a batch says of all its calls."""

    context: Fields
    sent_at: Maybe


def event_of(request: Request, envelope: Envelope, call: str | None, document: bytes) -> Fields:
    sent = read_event(document)
    call = call or text(sent, "type")
    if call not in CALLS:
        raise RejectedError("unknown_type")
    context = {**envelope.context, **object_in(sent, "context")}
    page = object_in(context, "page")
    properties = object_in(sent, "properties") if call in (*PAGES, "track") else {}
    name = event_name(call, sent, properties)
    if call in PAGES:
        page = {**page, **take_all(properties, "url", "referrer")}
        if not is_missing(sent, "name"):
            properties.setdefault("name", sent["name"])
    event: dict[str, Maybe] = {
        "eventName": raw(name),
        "eventId": first(sent, "messageId"),
        "eventTimestamp": first(sent, "timestamp", "originalTimestamp"),
        # A call may have waited for its batch, whose clock is the one that sends.
        "sentAt": envelope.sent_at or first(sent, "sentAt"),
        "pageUrl": with_campaign(page, object_in(context, "campaign")),
        "referrer": first(page, "referrer"),
        "userId": first(sent, "userId"),
        "userLoginState": raw("logged_in" if has_id(sent, "userId") else "anonymous"),
        "clientId": first(sent, "anonymousId", *(["previousId"] if call == "alias" else [])),
        **shop_fields(name, properties),
        "properties": object_or_none(impersonal(properties)),
        "_ingest": forwarded(request, context),
    }
    return {field: value for field, value in event.items() if value is not None}


def event_name(call: str, sent: Fields, properties: Fields) -> str:
    if call == "track":
        name = snake_case(text(sent, "event"))
        return EVENT_NAMES.get(name, name)
    if call in PAGES:
        name = snake_case(text(sent, "name") or text(properties, "name"))
        return "home_view" if name in HOME else "page_view"
    return call


def with_campaign(page: Fields, campaign: Fields) -> Maybe:
    """The warehouse reads campaigns from addresses, so one that an address does not show is added to it."""
    address, mark, fragment = text(page, "url").partition("#")
    said = {ours: clean(text(campaign, theirs).strip()) for ours, theirs in CAMPAIGN.items()}
    tags = "&".join(f"utm_{name}={quote(value, safe='')}" for name, value in said.items() if value)
    if not address or not tags or TAGGED.search(address):
        return first(page, "url")
    return raw(f"{address}{'&' if '?' in address else '?'}{tags}{mark}{fragment}")


def forwarded(request: Request, context: Fields) -> msgspec.Raw | None:
    """A browser speaks for itself. A shop's server or an app says for whom it speaks, and is no visitor:
    were its own name kept, everybody would be a bot called axios."""
    if (request.user_agent or "").startswith("Mozilla/"):
        return None
    user_agent, source_ip = clean(text(context, "userAgent")), clean(text(context, "ip"))
    return ingest_stamp(replace(request, user_agent=user_agent, source_ip=source_ip))


def has_id(sent: Fields, name: str) -> bool:
    return not is_missing(sent, name) and not bytes(sent[name]).startswith((b"{", b"[", b"true", b"false"))


def impersonal(properties: Fields) -> dict[str, Maybe]:
    return {
        name: value for name, value in properties.items() if WORD_ENDS.sub("", name).lower() not in PERSONAL
    }


def snake_case(name: str) -> str:
    return WORD_ENDS.sub("_", name.strip()).lower()
