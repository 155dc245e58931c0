"""What was sent, and whether exactly that has arrived."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

HOUR = "events/2026/01/05/10/"
BROKEN = "nonsense"
EVENTS = "select payload ->> 'eventId', object_key, line_number from raw.events"


@dataclass
class Sent:
    """Every event by its id, every document that is none, and every object with the number of both."""

    events: list[tuple[str, str, int]] = field(default_factory=list)
    rejects: list[tuple[str, int, str]] = field(default_factory=list)
    objects: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def keys(self):
        return [key for key, _, _ in self.objects]

    def note(self, key, lines):
        for number, line in enumerate(lines, start=1):
            if line == BROKEN:
                self.rejects.append((key, number, "malformed_json"))
            else:
                self.events.append((json.loads(line)["eventId"], key, number))
        broken = lines.count(BROKEN)
        self.objects.append((key, len(lines) - broken, broken))


def send(bucket, count, prefix=HOUR, *, pad=0, into=None):
    """Objects of three events and something broken between them. `pad` makes an event as large as that."""
    sent = Sent() if into is None else into
    bodies = {}
    for number in range(count):
        key = f"{prefix}{number:05}.json"
        lines = [event(f"{key}#{place}", pad) for place in range(3)]
        lines.insert(2, BROKEN)
        sent.note(key, lines)
        bodies[key] = "\n".join(lines).encode()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bucket.put, bodies, bodies.values()))
    return sent


def event(identity, pad):
    return json.dumps({"eventName": "page_view", "eventId": identity, "pad": "x" * pad})


def assert_exactly_once(warehouse, sent, *, is_clock_steady=True):
    """Both ways: nothing missing, nothing extra, nothing twice; and whatever counts them agrees."""
    assert_same(sent.events, warehouse.rows(EVENTS))
    rejected = warehouse.rows("select object_key, line_number, reason from raw.rejected_events")
    assert_same(sent.rejects, rejected)
    ledger = warehouse.rows("select object_key, event_count, rejected_count from raw.loaded_objects")
    assert_same(sent.objects, ledger)
    assert warehouse.rows(MISCOUNTED_LOADS) == []
    assert_loads_are_closed(warehouse, is_clock_steady)


def assert_nothing_extra(warehouse, sent):
    """Whatever is missing yet."""
    _, extra = difference(sent.events, warehouse.rows(EVENTS))
    assert not extra, f"extra: {extra}"


def assert_same(sent, arrived):
    missing, extra = difference(sent, arrived)
    assert not missing and not extra, f"missing: {missing}, extra: {extra}"


def difference(sent, arrived):
    """What is missing, and what is too much; ten of each tell enough."""
    sent, arrived = Counter(sent), Counter(arrived)
    return sorted(sent - arrived)[:10], sorted(arrived - sent)[:10]


MISCOUNTED_LOADS = """
select load_id, object_count, event_count, rejected_count
from raw.loads as load
where
    object_count <> (select count(*) from raw.loaded_objects where load_id = load.load_id)
    or event_count <> (select count(*) from raw.events where load_id = load.load_id)
    or rejected_count <> (select count(*) from raw.rejected_events where load_id = load.load_id)
"""


def assert_loads_are_closed(warehouse, is_clock_steady):
    """And in order: readers take load_id as a watermark, so none may close before one that is older."""
    rows = warehouse.rows("select started_at, finished_at from raw.loads order by load_id")
    assert all(finished is not None for _, finished in rows)
    if is_clock_steady:
        assert all(finished <= started for (_, finished), (started, _) in pairwise(rows))
