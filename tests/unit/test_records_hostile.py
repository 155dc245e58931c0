"""Objects made to hurt: they cost time in proportion to their size, and no more memory than others."""

import gzip
import subprocess
import sys
import time
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loader_lambda.objects import unpacked
from loader_lambda.records import Event, Reject, read_records

# The same bytes in every process: they stand in the names of tests.
compress = partial(gzip.compress, mtime=0)

REASONS = {"malformed_json", "not_an_object", "unstorable_text", "too_deep", "too_large", "unreadable_object"}

FRAGMENTS = [
    *(bytes([mark]) for mark in b'[]{},:"\\\n\r 01-.eE'),
    *(b'{"a":1}', b'{"a":', b'"\\u0000"', b'"\\ud800"', b"1e400", b"1e-99999", b"null", b'{"a":{"b":[2]}}\n'),
    *(b"\x1f\x8b", b"\xef\xbb\xbf", b"\xff", compress(b'{"a":1}')),
]
fragments = st.sampled_from(FRAGMENTS)


@settings(deadline=None, max_examples=300)
@given(st.lists(fragments | st.binary(max_size=3), max_size=30).map(b"".join), st.integers(1, 50))
@example(b"\x1f\x8b", 1)
@example(b"\x1f\x8b\x08\x00", 3)
def test_any_bytes_give_records_in_order(data, size):
    found = list(read_records(unpacked(data[at : at + size] for at in range(0, len(data), size))))
    readable = [record for record in found if record.line_number]
    assert [record.line_number for record in readable] == list(range(1, len(readable) + 1))
    assert found[: len(readable)] == readable
    for record in found:
        assert isinstance(record, Event) or (isinstance(record, Reject) and record.reason in REASONS)


HOSTILE = {
    "open brackets": lambda n: b"[" * n,
    "open objects": lambda n: b'{"a":' * n,
    "closing brackets": lambda n: b"}" * n,
    "brackets a line": lambda n: b"[\n" * n,
    "quotes": lambda n: b'"' * n,
    "quotes a line": lambda n: b'"\n' * n,
    "backslashes": lambda n: b'"' + b"\\" * n,
    "backslashes then NUL": lambda n: b'{"a":"' + b"\\" * (2 * n) + b'"}\n{"a":"\\u0000"}',
    "commas": lambda n: b"," * n,
    "commas in an array": lambda n: b"[" + b"," * n,
    "digits": lambda n: b'{"a":' + b"1" * n,
    "digits apart": lambda n: b'{"a":[' + b"1e-9999," * n,
    "surrogates": lambda n: b'{"a":"' + rb"\ud800" * n + b'"}',
    "garbage before brackets": lambda n: b"x{}" * n,
    "spaces": lambda n: b'{"a"' + b" " * n,
    "bad lines": lambda n: b'{"a":{\n{"a":1}\n' * (n // 3),
    "gzip members": lambda n: compress(b"{}\n") * (n // 3),
    "empty gzip members": lambda n: compress(b"") * n,
}


def seconds(data):
    started = time.process_time()
    for _ in read_records(unpacked([data])):
        pass
    return time.process_time() - started


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_bytes_take_twice_the_time(name):
    """Generously: what is quadratic takes sixteen times as long for four times the bytes."""
    once = min(seconds(HOSTILE[name](10_000)) for _ in range(2))
    assert min(seconds(HOSTILE[name](40_000)) for _ in range(2)) < 9 * once + 0.1


BOMBS = {
    "one endless line": b"x" * 1000,
    "one endless string": b'{"a":"' + b"x" * 1000,
    "empty objects": b"{}\n" * 300,
    "scalars": b"11\n" * 300,
    "one array": b"{}," * 300,
    "pretty printed": b'{\n "a": 1\n}\n' * 80,
    "open brackets": b"[" * 1000,
}

# Prints the kilobytes that reading took at its height.
INFLATE = """
import ast, itertools, resource, sys, zlib
from loader_lambda.objects import unpacked
from loader_lambda.records import read_records
pattern = ast.literal_eval(sys.argv[1])
deflate = zlib.compressobj(wbits=31)
piece = pattern * (100_000 // len(pattern))
start = b"[" if pattern.endswith(b",") else b""
data = deflate.compress(start) + b"".join(deflate.compress(piece) for _ in range(400)) + deflate.flush()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in itertools.islice(read_records(unpacked([data])), 200_000):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_object_that_inflates_without_end_fits_in_memory(name):
    done = subprocess.run(
        [sys.executable, "-c", INFLATE, repr(BOMBS[name])], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 100 * 1024, "kB more than before"
