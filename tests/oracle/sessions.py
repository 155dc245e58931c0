"""Visits: cut out of each visitor's events, then judged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from tests.oracle.cleaning import Event

if TYPE_CHECKING:
    from tests.oracle.orders import Order

LONGEST_GAP = timedelta(seconds=1_800)
LONGEST_SESSION = timedelta(hours=24)
ENGAGED_SECONDS = 10
ENGAGED_PAGE_VIEWS = 2

T = TypeVar("T")


@dataclass
class Session:
    visitor_id: str
    number: int
    visit_started_at: datetime
    events: list[Event] = field(default_factory=list)
    # Filled in later, by those who know.
    orders: list["Order"] = field(default_factory=list)
    stitched_user_id: str | None = None
    channel: str = ""
    is_touch: bool = True

    @property
    def first_event_id(self) -> str:
        return self.events[0].event_id

    @property
    def started_at(self) -> datetime:
        return self.events[0].event_timestamp

    @property
    def started_on(self) -> date:
        return self.started_at.date()

    @property
    def ended_at(self) -> datetime:
        return self.events[-1].event_timestamp

    @property
    def duration_seconds(self) -> int:
        return (self.ended_at - self.started_at) // timedelta(seconds=1)

    @property
    def page_view_count(self) -> int:
        return sum(event.meaning.is_page_view for event in self.events)

    @property
    def revenue(self) -> Decimal:
        return sum((order.total for order in self.orders), Decimal(0))

    @property
    def is_converted(self) -> bool:
        return bool(self.orders)

    @property
    def is_engaged(self) -> bool:
        return (
            self.duration_seconds >= ENGAGED_SECONDS
            or self.page_view_count >= ENGAGED_PAGE_VIEWS
            or self.is_converted
        )

    @property
    def is_bot(self) -> bool:
        return any(event.is_bot for event in self.events)

    @property
    def user_id(self) -> str | None:
        return self.last(lambda event: event.sent.user_id)

    @property
    def user_login_state(self) -> str | None:
        return self.last(lambda event: event.sent.user_login_state)

    @property
    def device_type(self) -> str | None:
        return self.first(lambda event: event.device_type)

    @property
    def landing_page_path(self) -> str | None:
        return self.first(lambda event: event.page_path)

    @property
    def exit_page_path(self) -> str | None:
        return self.last(lambda event: event.page_path)

    @property
    def landing(self) -> Event | None:
        return next((event for event in self.events if event.sent.page_url), None)

    @property
    def person_id(self) -> str:
        return self.stitched_user_id or self.visitor_id

    def first(self, value: Callable[[Event], T | None]) -> T | None:
        return next((found for event in self.events if (found := value(event)) is not None), None)

    def last(self, value: Callable[[Event], T | None]) -> T | None:
        return next((found for event in reversed(self.events) if (found := value(event)) is not None), None)

    def count(self, event_name: str) -> int:
        return sum(event.event_name == event_name for event in self.events)


def cut(events: Iterable[Event], longest: timedelta = LONGEST_SESSION) -> list[list[Session]]:
    """The sessions of each visitor, from events in the one order."""
    visitors: dict[str, list[Session]] = {}
    for event in events:
        sessions = visitors.setdefault(event.visitor_id, [])
        now = event.event_timestamp
        if not sessions or now - sessions[-1].ended_at > LONGEST_GAP:
            sessions.append(Session(event.visitor_id, len(sessions) + 1, visit_started_at=now))
        elif _span(now, sessions[-1], longest) > _span(sessions[-1].started_at, sessions[-1], longest):
            sessions.append(Session(event.visitor_id, len(sessions) + 1, sessions[-1].visit_started_at))
        sessions[-1].events.append(event)
    return list(visitors.values())


def _span(moment: datetime, session: Session, longest: timedelta) -> int:
    """A visit that never pauses is cut into spans of the longest a session may be: the number of one."""
    return (moment - session.visit_started_at) // longest


def stitch(sessions: list[Session]) -> None:
    """One visitor's sessions: who was it, where nobody said so?"""
    for position, session in enumerate(sessions):
        own_then_next_then_previous = [*sessions[position:], *reversed(sessions[:position])]
        session.stitched_user_id = next(
            (other.user_id for other in own_then_next_then_previous if other.user_id is not None), None
        )
