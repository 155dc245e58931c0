"""Histories of a small shop: what its visitors sent, how it came in loads, and what dbt did after each."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.oracle import vocabulary
from tests.oracle.events import Sent
from tests.oracle.steps import Step, some_step

# Half an hour to midnight, so that most visits span it.
OPENING = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
LATER_STARTS = (0, 60, 1_800, 86_400, 35 * 86_400)
# Seconds between a visitor's events, and how likely. 1,800 is the longest gap within a session.
GAPS = {
    **{0: 14, 1: 6, 9: 3, 10: 5, 60: 30, 600: 12, 900: 8, 1_500: 5},
    **{1_799: 1, 1_800: 5, 1_801: 3, 3_600: 1, 43_200: 1, 86_400: 2, 86_401: 1, 40 * 86_400: 1},
}
# Seconds from event to receipt; up to 259,200 before it and 300 after it the client's clock is believed.
# From the opening to the hour at which its day is closed it takes 23,400.
DELAYS = {
    **{0: 40, 1: 20, 60: 10, 7_200: 4, 23_399: 1, 23_400: 2},
    **{259_200: 2, 259_201: 1, -300: 1, -301: 1},
}
# Seconds from a click to some of the orders: 3,600 is the longest after which it is thanked.
FROM_CLICK_TO_ORDER = (3_599, 3_600, 3_600, 3_601)
HOURS_OF_RECEIPT = ("04/23", "05/00", "05/06")


@dataclass(frozen=True)
class History:
    loads: list[list[Sent]] = field(repr=False)
    steps: list[Step]  # one after each load but the first, which is built whole

    @property
    def sent(self) -> list[Sent]:
        return [sent for load in self.loads for sent in load]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For Hypothesis, which otherwise prints all events of what failed."""
        printer.text(f"{self.steps} after loads of {[len(load) for load in self.loads]} events")


def random_history(rng: Random) -> History:
    visits = [visit for number in range(rng.randint(10, 16)) for visit in _visitor(rng, number)]
    loads = _in_loads(rng, visits, rng.randint(3, 6))
    return History(loads, [some_step(rng) for _ in loads[1:]])


# Drawn from a seed rather than choice by choice: so the first to be tried is as rich as any.
histories = st.builds(random_history, st.randoms(use_true_random=True))


def _visitor(rng: Random, number: int) -> list[list[Sent]]:
    """What a visitor sent, in pieces that each come in one load."""
    who = vocabulary.somebody(rng, number)
    moment = OPENING + timedelta(seconds=rng.choice(LATER_STARTS))
    pieces: list[list[Sent]] = [[]]
    clicked_at: list[datetime] = []
    name = ""
    for _ in range(rng.randint(4, 26)):
        gap = _weighted(rng, GAPS)
        if gap > 3_600 or rng.random() < 0.1:
            pieces.append([])
        moment += timedelta(seconds=gap)
        name = vocabulary.some_name(rng, name)
        if clicked_at and rng.random() < 0.06:
            an_hour = timedelta(seconds=rng.choice(FROM_CLICK_TO_ORDER))
            moment, name = max(moment, rng.choice(clicked_at[-3:]) + an_hour), vocabulary.ORDERS[0]
        if name in vocabulary.CLICKS:
            clicked_at.append(moment)
        sent = _event(rng, moment, who, name)
        # Stragglers come in any load, and tie sessions together that were two before.
        if rng.random() < 0.15:
            pieces.insert(0, [sent])
        else:
            pieces[-1].append(sent)
        if rng.random() < 0.1:
            pieces.insert(0, [_duplicate(rng, sent)])
    return pieces


def _event(rng: Random, moment: datetime, who: vocabulary.Somebody, name: str) -> Sent:
    client_time = None if rng.random() < 0.03 else moment
    return Sent(
        load_id=0,
        object_key="",
        line_number=0,
        event_id=f"{rng.getrandbits(48):012x}",
        event_timestamp=client_time,
        received_at=moment + timedelta(seconds=_weighted(rng, DELAYS)),
        **who.speaks(rng),
        **vocabulary.said(rng, who, name),
    )


def _duplicate(rng: Random, sent: Sent) -> Sent:
    """The same event again, or another one that took its id."""
    if rng.random() < 0.4:
        return replace(sent, received_at=sent.received_at + timedelta(seconds=rng.choice((0, 1, 60))))
    moment = sent.received_at + timedelta(seconds=rng.choice((-3_600, -1, 0, 0, 1, 1_800, 86_400)))
    other = _event(rng, moment, vocabulary.somebody(rng, rng.randint(0, 12)), vocabulary.some_name(rng))
    return replace(other, event_id=sent.event_id)


def _in_loads(rng: Random, pieces: list[list[Sent]], load_count: int) -> list[list[Sent]]:
    loads: list[list[Sent]] = [[] for _ in range(load_count)]
    for piece in pieces:
        rng.choice(loads).extend(piece)
    # Keys of one length, so that they sort alike in every collation, and not in the order of the loads.
    keys = [
        f"events/2026/03/{rng.choice(HOURS_OF_RECEIPT)}/events-{number}.json"
        for number in rng.sample(range(100, 999), 24)
    ]
    return [
        _in_objects(rng, load, load_id, keys[4 * load_id - 4 : 4 * load_id])
        for load_id, load in enumerate(loads, start=1)
    ]


def _in_objects(rng: Random, load: list[Sent], load_id: int, keys: list[str]) -> list[Sent]:
    rng.shuffle(load)
    return [
        replace(sent, load_id=load_id, object_key=rng.choice(keys), line_number=line_number)
        for line_number, sent in enumerate(load, start=1)
    ]


def _weighted(rng: Random, weights: dict[int, int]) -> int:
    return rng.choices(list(weights), list(weights.values()))[0]
