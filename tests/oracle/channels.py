"""Where a session came from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.oracle.cleaning import Event
from tests.oracle.seeds import Seeds
from tests.oracle.sessions import Session

PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
SHOPPING = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
DISPLAY = ("display", "banner", "expandable", "interstitial", "cpm")
SOCIAL = ("social", "social-network", "social-media", "sm", "social network", "social media")
EMAIL = ("email", "e-mail", "e_mail", "e mail")


@dataclass(frozen=True)
class Origin:
    utm_source: str = ""
    medium: str = ""
    campaign: str = ""
    external_host: str = ""
    click_source: str = ""
    click_is_paid: bool = False

    @property
    def source(self) -> str:
        return self.utm_source or self.click_source or self.external_host


def follow(sessions: list[Session], seeds: Seeds) -> None:
    """One visitor's sessions, from the first on."""
    previous: Session | None = None
    for session in sessions:
        landing = session.landing
        if previous and landing and _comes_from_inside(landing, seeds):
            session.channel = previous.channel
            session.is_touch = False
        else:
            session.channel = channel(origin(landing, seeds), seeds)
        previous = session


def origin(landing: Event | None, seeds: Seeds) -> Origin:
    if landing is None:
        return Origin()
    query = {name: value.lower() for name, value in landing.query.items()}
    click_id = next((known for known in seeds.click_ids if query.get(known.parameter)), None)
    is_external = landing.referrer_host is not None and not _comes_from_inside(landing, seeds)
    return Origin(
        utm_source=query.get("utm_source", ""),
        medium=query.get("utm_medium", ""),
        campaign=query.get("utm_campaign", ""),
        external_host=landing.referrer_host or "" if is_external else "",
        click_source=click_id.source if click_id else "",
        click_is_paid=click_id.is_paid if click_id else False,
    )


def channel(found: Origin, seeds: Seeds) -> str:
    medium = found.medium
    source_type = _source_type(found.source, seeds)
    is_paid = found.click_is_paid or bool(PAID.match(medium))
    if not (found.utm_source or medium or found.external_host or found.click_source):
        return "Direct"
    if is_paid and (source_type == "shopping" or SHOPPING.match(found.campaign)):
        return "Paid Shopping"
    if is_paid and source_type in ("search", "social", "video"):
        return f"Paid {source_type.title()}"
    if medium in DISPLAY:
        return "Display"
    if is_paid:
        return "Paid Other"
    return _unpaid_channel(found, source_type)


def _unpaid_channel(found: Origin, source_type: str) -> str:
    source, medium = found.source, found.medium
    if source_type == "shopping" or SHOPPING.match(found.campaign):
        return "Organic Shopping"
    if source_type == "social" or medium in SOCIAL:
        return "Organic Social"
    if source_type == "video" or "video" in medium:
        return "Organic Video"
    if source_type == "search" or medium == "organic":
        return "Organic Search"
    if source_type == "ai":
        return "AI Assistants"
    if source_type == "email" or source in EMAIL or medium in EMAIL:
        return "Email"
    if medium in ("affiliate", "affiliates"):
        return "Affiliates"
    if "sms" in (source, medium):
        return "SMS"
    if medium.endswith("push") or "mobile" in medium or "notification" in medium or source == "firebase":
        return "Push"
    if found.external_host or medium in ("referral", "app", "link"):
        return "Referral"
    return "Unassigned"


def _comes_from_inside(landing: Event, seeds: Seeds) -> bool:
    host = landing.referrer_host
    if host is None:
        return False
    inside = (*seeds.own_hosts, *seeds.payment_hosts)
    return host == landing.page_host or _longest(inside, host) is not None


def _source_type(source: str, seeds: Seeds) -> str:
    host = _longest(seeds.source_types, source)
    return seeds.source_types[host] if host else ""


def _longest(hosts: Iterable[str], name: str) -> str | None:
    found = [host for host in hosts if f".{host}." in f".{name}."]
    return min(found, key=lambda host: (-len(host), host), default=None)
