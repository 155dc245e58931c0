"""The bytes of the corpus, changed by chance: what nobody thought of writing down."""

import time
from collections.abc import Callable
from itertools import count
from random import SystemRandom
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.cases import bytes_of, cases
from tests.soak import SOAK

# Larger ones hold nothing that small ones do not, and take all the time.
MAX_BYTES = 8_192
MAX_SEED = 2**32

PIECES = [
    *(bytes([mark]) for mark in b'[]{},:"\\\n\r\t 01-.eE\0\x1f\xff'),
    *(b'{"a":1}', b'{"eventName":"x"}', b'"\\u0000"', b'"\\ud800"', b"1e400", b"1e-99999", b"null", b"\n{"),
    *(
        b"\x1f\x8b",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\\\\",
        b'\\"',
        b'"_ingest":',
        b'"eventId":""',
        b"}\n{",
    ),
]


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
        case _:
            return data[:start] + edit.piece[int(edit.length * len(edit.piece)) :]


def mutants(bodies: list[bytes]) -> st.SearchStrategy[bytes]:
    """What becomes of one of these bodies by some edits, of which some bring a part of another."""
    small = st.sampled_from([body for body in bodies if len(body) <= MAX_BYTES])
    share = st.floats(0, 1, exclude_max=True)
    edits = st.builds(Edit, st.sampled_from(KINDS), share, share, st.sampled_from(PIECES) | small)
    return st.builds(apply_all, small, st.lists(edits, max_size=8))


def apply_all(body: bytes, edits: list[Edit]) -> bytes:
    for edit in edits:
        body = edited(body, edit)[:MAX_BYTES]
    return body


def bodies(*folders: str) -> list[bytes]:
    found = [case for folder in folders for case in cases(folder).values()]
    return [bytes_of(case["body"]) for case in found if "body" in case]


def examine(
    check: Callable[[Any], None], inputs: st.SearchStrategy[Any], *, examples: int, minutes: float
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
        print(f"{check.__name__}: round {number}, seed {chosen}", flush=True)
        seed(chosen)(usual(given(inputs)(check)))()
        if time.monotonic() > deadline:
            return
