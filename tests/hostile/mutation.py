"""The bytes of the corpus, changed by chance: what nobody thought of writing down."""

import re
import time
from collections.abc import Callable
from itertools import count
from random import SystemRandom
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.cases import bytes_of, cases, event_of
from tests.soak import SOAK

# Larger ones hold nothing that small ones do not, and take all the time.
MAX_BYTES = 8_192
MAX_SEED = 2**32

# Values as good JSON has them, up to the edges of what can be stored.
VALUES = [
    *(
        b"null",
        b"true",
        b"-0.0",
        b"1e400",
        b"1e131072",
        b"0.1e131072",
        b"1e-16384",
        b"1e-99999",
        b'""',
        b'" x "',
    ),
    *(
        rb'"\u0000"',
        rb'"\\u0000"',
        rb'"\ud800"',
        rb'"\ud83d\ude00"',
        b'"\xe2\x80\xa8"',
        b'"\xff"',
        b"[]",
        b"{}",
    ),
    *(rb'{"\u0000":1}', rb'{"":[{"":null}]}', b"[" * 300 + b"]" * 300, b"9" * 500 + b".5", b'{\n"a": 1\n}'),
]
MARKS = [bytes([mark]) for mark in b'[]{},:"\\\n']
PIECES = [
    *(*MARKS, *(bytes([mark]) for mark in b"\r\t 01-.eE\0\x1f\xff")),
    *(
        b'{"a":1}',
        b'{"eventName":"x"}',
        b"\n{",
        b"}\n{",
        b"\x1f\x8b",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\\\\",
    ),
    *(b'\\"', b'"_ingest":', b'"eventId":""', *VALUES),
]
VALUE_ENDS = re.compile(rb"[,}\]]|$")


class Edit(NamedTuple):
    kind: str
    start: float
    length: float
    piece: bytes


KINDS = ("flip", "insert", "delete", "repeat", "splice")


def edited(data: bytes, edit: Edit) -> bytes:
    start = int(edit.start * len(data))
    end = start + max(1, int(edit.length * (len(data) - start)))
    match edit.kind:
        case "flip":
            flipped = bytes(byte ^ 1 << len(edit.piece) % 8 for byte in data[start : start + 1])
            return data[:start] + flipped + data[start + 1 :]
        case "insert":
            return data[:start] + edit.piece + data[start:]
        case "delete":
            return data[:start] + data[end:]
        case "repeat":
            return data[:end] + data[start:end] + data[end:]
        case "splice":
            return data[:start] + edit.piece[int(edit.length * len(edit.piece)) :]
    value = data.find(b":", start) + 1
    after = VALUE_ENDS.search(data, value)
    return data[:value] + edit.piece + data[after.start() :] if value and after else data


def mutants(bodies: list[bytes]) -> st.SearchStrategy[bytes]:
    """What becomes of one of these by a few edits. Some bring a part of another; some leave good JSON."""
    small = st.sampled_from([body for body in bodies if len(body) <= MAX_BYTES])
    share = st.floats(0, 1, exclude_max=True)
    rough = st.builds(Edit, st.sampled_from(KINDS), share, share, st.sampled_from(PIECES) | small)
    gentle = st.builds(Edit, st.just("value"), share, share, st.sampled_from(VALUES))
    return st.builds(apply_all, small, st.lists(gentle, max_size=3) | st.lists(rough | gentle, max_size=4))


def apply_all(body: bytes, edits: list[Edit]) -> bytes:
    for edit in edits:
        body = edited(body, edit)[:MAX_BYTES]
    return body


def bodies(folder: str) -> list[bytes]:
    """Those of a folder, and the events, which anybody takes."""
    found = [bytes_of(case["body"]) for case in cases(folder).values() if "body" in case]
    return found + [event_of(case) for case in cases("events").values()]


def examine(
    tell: Callable[[str], None],
    check: Callable[[Any], None],
    inputs: st.SearchStrategy[Any],
    *,
    examples: int,
    minutes: float,
) -> None:
    """So many inputs, always the same ones. In a soak so many minutes of others, round by round."""
    usual = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
    )
    deadline = time.monotonic() + 60 * minutes
    for number in count(1):
        if not SOAK:
            usual(given(inputs)(check))()
            return
        chosen = SystemRandom().randrange(MAX_SEED)
        tell(f"round {number} of {examples} inputs, seed {chosen}")
        seed(chosen)(usual(given(inputs)(check)))()
        if time.monotonic() > deadline:
            return
