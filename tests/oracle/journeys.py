"""The ways that sessions took through the shop."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import Any

from tests.oracle.sessions import Session

Row = dict[str, Any]

LONGEST_JOURNEY = 10
NODES_OF_A_PATH = 5
LONGEST_FLOW = 5
STEPS_KEPT = 100


def nodes(session: Session) -> list[str]:
    every = (event.meaning.page_type or event.event_name for event in session.events)
    return [node for node, _ in groupby(every)]


def journey_transitions_daily(people: Iterable[Session]) -> list[Row]:
    counts: Counter[tuple[Any, ...]] = Counter()
    for session in people:
        steps = list(pairwise(["(start)", *nodes(session), "(end)"]))
        for number, (from_node, to_node) in enumerate(steps[:LONGEST_JOURNEY], start=1):
            counts[session.started_on, number, from_node, to_node] += 1
    return [
        {
            "activity_date": date,
            "step_number": number,
            "from_node": from_node,
            "to_node": to_node,
            "session_count": count,
        }
        for (date, number, from_node, to_node), count in counts.items()
    ]


def journey_flows_daily(people: Iterable[Session]) -> list[Row]:
    counts: Counter[tuple[Any, ...]] = Counter()
    for session in people:
        way = ["(start)", *nodes(session), "(end)"][: STEPS_KEPT + 1]
        steps = list(pairwise(way))
        for anchor in set(way) - {"(start)"}:
            first = way.index(anchor)
            last = len(way) - 1 - way[::-1].index(anchor)
            flows = {"forward": steps[first:], "back": steps[:last][::-1]}
            for direction, flow in flows.items():
                for number, (from_node, to_node) in enumerate(flow[:LONGEST_FLOW], start=1):
                    counts[session.started_on, direction, anchor, number, from_node, to_node] += 1
    return [
        {
            "activity_date": date,
            "direction": direction,
            "anchor_node": anchor,
            "step_number": number,
            "from_node": from_node,
            "to_node": to_node,
            "session_count": count,
        }
        for (date, direction, anchor, number, from_node, to_node), count in counts.items()
    ]


def session_paths_daily(people: Iterable[Session]) -> list[Row]:
    session_counts: Counter[tuple[Any, str]] = Counter()
    order_counts: Counter[tuple[Any, str]] = Counter()
    for session in people:
        path = session.started_on, " > ".join(nodes(session)[:NODES_OF_A_PATH])
        session_counts[path] += 1
        order_counts[path] += len(session.orders)
    return [
        {
            "activity_date": date,
            "path": path,
            "session_count": count,
            "order_count": order_counts[date, path],
        }
        for (date, path), count in session_counts.items()
    ]
