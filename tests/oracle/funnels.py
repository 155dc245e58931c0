"""How far each session came in each funnel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.oracle.seeds import Seeds, Step
from tests.oracle.sessions import Session

Row = dict[str, Any]
NOTHING = {"session_count": 0, "open_session_count": 0, "seconds_from_previous_sum": 0}


def session_funnels(sessions: Iterable[Session], seeds: Seeds) -> list[Row]:
    rows = []
    for session in sessions:
        for funnel_name, steps in seeds.funnels.items():
            done = open_steps(session, steps)
            if not done:
                continue
            passed = closed_steps(session, steps)
            rows.append(
                {
                    "first_event_id": session.first_event_id,
                    "visitor_id": session.visitor_id,
                    "funnel_name": funnel_name,
                    "steps_reached": len(passed),
                    "is_completed": len(passed) == len(steps),
                    "step_timestamps": passed,
                    "open_steps": done,
                }
            )
    return rows


def funnel_daily(people: Iterable[Session], seeds: Seeds) -> list[Row]:
    rows: dict[tuple[Any, ...], Row] = {}
    for session in people:
        for funnel_name, steps in seeds.funnels.items():
            passed = closed_steps(session, steps)
            done = open_steps(session, steps)
            for position, step in enumerate(steps):
                key = {
                    "activity_date": session.started_on,
                    "funnel_name": funnel_name,
                    "step_number": step.number,
                    "step_name": step.name,
                    "channel": session.channel,
                    "device_type": session.device_type or "(none)",
                    "user_login_state": session.user_login_state or "(none)",
                }
                if position >= len(passed) and step.number not in done:
                    continue
                row = rows.setdefault(tuple(key.values()), {**key, **NOTHING})
                row["open_session_count"] += step.number in done
                if position < len(passed):
                    row["session_count"] += 1
                    previous = passed[position - 1] if position else passed[0]
                    row["seconds_from_previous_sum"] += (passed[position] - previous).total_seconds()
    return list(rows.values())


def closed_steps(session: Session, steps: list[Step]) -> list[datetime]:
    """When each step was passed that came after all steps before it."""
    passed: list[datetime] = []
    for event in session.events:
        if len(passed) < len(steps) and event.event_name == steps[len(passed)].event_name:
            passed.append(event.event_timestamp)
    return passed


def open_steps(session: Session, steps: list[Step]) -> list[int]:
    """The steps done at all, whatever came before them."""
    return [step.number for step in steps if session.count(step.event_name)]
