"""What is no event is named with its reason; everything around it is kept."""

import gzip
import zlib

import pytest

from loader_lambda import records
from loader_lambda.faults import MAX_DOCUMENT_BYTES
from loader_lambda.objects import unpacked
from loader_lambda.records import Event, read_records

LARGE = b'{"a":"%s"}' % (b"x" * (5 * MAX_DOCUMENT_BYTES))
DEEP = b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def read(data, size=1_000_000):
    return list(read_records(unpacked(data[at : at + size] for at in range(0, len(data), size))))


def outline(found):
    """Events by their bytes, rejects by their reason."""
    return [each.payload if isinstance(each, Event) else each.reason for each in found]


FAULTS = {
    "not JSON": (b"nonsense", "malformed_json"),
    "NaN": (b'{"a":NaN}', "malformed_json"),
    "Infinity": (b'{"a":-Infinity}', "malformed_json"),
    "single quotes": (b"{'a':1}", "malformed_json"),
    "trailing comma": (b'{"a":1,}', "malformed_json"),
    "number of a kind": (b'{"a":01}', "malformed_json"),
    "open": (b'{"a":1', "malformed_json"),
    "open string": (b'{"a":"1', "malformed_json"),
    "open inside": (b'{"a":{"b":[1,2', "malformed_json"),
    "headless": (b'e":"x","product":{"id":1}', "malformed_json"),
    "invalid UTF-8": (b'{"a":"\xff"}', "malformed_json"),
    "overlong UTF-8": (b'{"a":"\xc0\x80"}', "malformed_json"),
    "raw surrogate": (b'{"a":"\xed\xa0\x80"}', "malformed_json"),
    "raw control character": (b'{"a":"\x01"}', "malformed_json"),
    "raw NUL": (b'{"a":"\0"}', "malformed_json"),
    "wrong escape": (rb'{"a":"\x41"}', "malformed_json"),
    "escaped NUL": (rb'{"a":"\u0000"}', "unstorable_text"),
    "escaped NUL in a key": (rb'{"\u0000":1}', "unstorable_text"),
    "escaped NUL behind a backslash": (rb'{"a":"\\\u0000"}', "unstorable_text"),
    "high surrogate": (rb'{"a":"\ud83d"}', "unstorable_text"),
    "low surrogate": (rb'{"a":"\uDE00 and text"}', "unstorable_text"),
    "surrogates in wrong order": (rb'{"a":"\ude00\ud83d"}', "unstorable_text"),
    "NUL and a large number": (rb'{"a":"\u0000","b":1e400}', "unstorable_text"),
    "number too large": (b'{"a":1e999999}', "unstorable_text"),
    "number too small": (b'{"a":1e-99999}', "unstorable_text"),
    "number far too small": (b'{"a":1E-99999999999999999999}', "unstorable_text"),
    "zero of an absurd exponent": (b'{"a":0e99999999999}', "unstorable_text"),
    "too many digits": (b'{"a":' + b"9" * 131_073 + b"}", "unstorable_text"),
    "too long a fraction": (b'{"a":0.' + b"1" * 16_384 + b"}", "unstorable_text"),
    "too deep": (DEEP, "too_deep"),
    "too large": (LARGE, "too_large"),
    "scalar": (b"17", "not_an_object"),
    "large scalar": (b"1e400", "not_an_object"),
}
FINE = {
    "escaped backslash before u0000": rb'{"a":"\\u0000"}',
    "pair of surrogates": rb'{"a":"\ud83d\ude00"}',
    "text of a surrogate": rb'{"a":"\\ud83d"}',
    "NUL as picture": rb'{"a":"\u2400"}',
    "large exponent": b'{"a":1e400,"b":-1.5E+131071}',
    "small number": b'{"a":1e-16383}',
    "exponent with many zeros": b'{"a":1e-0000000000001,"b":1e+0000000000400}',
    "as many digits as may be": b'{"a":' + b"9" * 131_072 + b"}",
    "as long a fraction as may be": b'{"a":0.' + b"1" * 16_383 + b"}",
    "digits in text": b'{"a":"' + b"9" * 200_000 + b' 1e-99999"}',
    "no character": '{"a":"\uffff \x7f"}'.encode(),
    "as large as may be": b'{"a":"' + b"x" * (MAX_DOCUMENT_BYTES - 8) + b'"}',
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_line_among_good_ones(name):
    bad, reason = FAULTS[name]
    found = read(b'{"n":1}\n' + bad + b'\n{"n":2}\n{"n":{"m":[3]}}\n')
    assert outline(found) == [b'{"n":1}', reason, b'{"n":2}', b'{"n":{"m":[3]}}']
    assert [record.line_number for record in found] == [1, 2, 3, 4]
    raw_text = bad[: records.MAX_RAW_TEXT_BYTES].decode("utf-8", "replace").replace("\0", "\\u0000")
    assert found[1].raw_text == raw_text
    assert "\n" not in found[1].detail


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_document_alone(name):
    bad, reason = FAULTS[name]
    assert outline(read(bad)) == outline(read(bad + b"\r\n")) == outline(read(gzip.compress(bad))) == [reason]


CLOSED = [name for name in FAULTS if not name.startswith(("open", "headless"))]


@pytest.mark.parametrize("name", [name for name in CLOSED if name != "too large"])
@pytest.mark.parametrize("comma", [b",", b",\n", b"\n,\n  "])
def test_a_bad_element_of_an_array(name, comma):
    bad, reason = FAULTS[name]
    found = read(b"[" + comma.join([b'{"n":1}', bad, b'{"n":[2]}']) + b"]")
    assert outline(found) == [b'{"n":1}', reason, b'{"n":[2]}']


@pytest.mark.parametrize("name", FINE)
def test_what_only_looks_bad_is_an_event(name):
    assert read(FINE[name]) == [Event(1, FINE[name])]
    assert outline(read(FINE[name] + b"\nnonsense")) == [FINE[name], "malformed_json"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a":{\n{"n":1}\n}}\n{"n":2}', ["malformed_json", b'{"n":1}', "malformed_json", b'{"n":2}']),
        (b'{"a":[{\n{"n":1}\n{"n":2}\n}]}', ["malformed_json", b'{"n":1}', b'{"n":2}', "malformed_json"]),
        (b'[{"n":1},{"n":2},{"n', [b'{"n":1}', b'{"n":2}', "malformed_json"]),
        (b'[{"n":1},{"n":2},', [b'{"n":1}', b'{"n":2}']),
        (b'[{"n":1},{"n":2}', [b'{"n":1}', b'{"n":2}']),
        (b'[\n{"n":1},\n{"n":2},\n{"n', [b'{"n":1}', b'{"n":2}', "malformed_json"]),
        (b'[\n{"n":1},\n{"n":,\n{"n":2}\n]', [b'{"n":1}', "malformed_json", b'{"n":2}']),
        (b'[\n{"n":1},\n{"n":{\n{"n":2},{"n":3}\n]', [b'{"n":1}', "malformed_json", b'{"n":2}', b'{"n":3}']),
        (b'[{"n":1}]\n[{"n":\n[{"n":2},{"n":3}]\n', [b'{"n":1}', "malformed_json", b'{"n":2}', b'{"n":3}']),
        (b'{"n":1}{"n":2}{"n', [b'{"n":1}', b'{"n":2}', "malformed_json"]),
        (b'{"n":1} tail\n{"n":2}', [b'{"n":1}', "malformed_json", b'{"n":2}']),
        (b'{\n "n": 1\n}\n{\n "n": oops\n}\n{"n":2}', [b'{\n "n": 1\n}', "malformed_json", b'{"n":2}']),
        (b"]", []),
        (b"}", ["malformed_json"]),
    ],
)  # fmt: skip
def test_broken_brackets_cost_what_they_enclose_at_most(data, expected):
    assert outline(read(data)) == expected


@pytest.mark.parametrize("bad", [b'{"a":', b'{"a":{"b":[1,2', b'[{"a":', b"nonsense", b"}}", b'"'])
@pytest.mark.parametrize("ending", [b"\n", b",\n"], ids=["lines", "array"])
def test_a_bad_line_far_from_both_ends(bad, ending):
    good = [b'{"n":%d,"pad":"%s"}' % (n, b"x" * 300) for n in range(12_000)]
    data = ending.join([*good[:5_000], bad, *good[5_000:]])
    found = read(b"[\n" + data + b"\n]" if ending != b"\n" else data)
    assert outline(found) == [*good[:5_000], "malformed_json", *good[5_000:]]


def test_two_bad_lines_far_apart_that_balance_each_other():
    good = [b'{"n":%d,"pad":"%s"}' % (n, b"x" * 300) for n in range(4_000)]
    found = read(b"\n".join([b'{"a":{', *good, b"}}"]))
    assert outline(found) == ["malformed_json", *good, "malformed_json"]


@pytest.mark.parametrize("large", [LARGE, b"x" * len(LARGE), b"[" + LARGE, LARGE[:-1]])
def test_of_what_is_too_large_only_the_beginning_is_kept(large):
    found = read(b'{"n":1}\n' + large + b'\n{"n":2}\n')
    assert outline(found) == [b'{"n":1}', "too_large", b'{"n":2}']
    assert len(found[1].raw_text) == records.MAX_RAW_TEXT_BYTES


@pytest.mark.parametrize(("indent", "count"), [(b"  ", 400_000), (b"", 120_000)], ids=["blocks", "one block"])
def test_a_document_too_large_does_not_give_away_its_parts(indent, count):
    rows = b",\n".join(indent + b'{"id": %d}' % n for n in range(count))
    found = read(b'{"n":1}\n{"rows": [\n' + rows + b'\n]}\n{"n":2}\n')
    assert outline(found) == [b'{"n":1}', "too_large", b'{"n":2}']


LINES = b"".join(b'{"n":%d}\n' % n for n in range(30_000))


@pytest.mark.parametrize("cut", [3, 10, 1_000, 30_000, -9, -1])
def test_of_gzip_cut_short_the_complete_lines_are_kept(cut):
    packed = gzip.compress(LINES)[:cut]
    inflated = zlib.decompressobj(wbits=31).decompress(packed)
    found = read(packed)
    assert outline(found) == [*inflated[: inflated.rfind(b"\n") + 1].splitlines(), "unreadable_object"]
    assert (found[-1].line_number, found[-1].raw_text) == (0, "")


def test_of_gzip_with_a_flaw_what_came_before_is_kept():
    packed = bytearray(gzip.compress(LINES))
    packed[len(packed) // 2] ^= 0xFF
    found = read(bytes(packed))
    assert found[-1].reason == "unreadable_object"
    events = [record for record in found if isinstance(record, Event)]
    assert len(events) > 1_000
    assert found[-2].line_number == len(found) - 1
    assert [event.payload for event in events[:1_000]] == LINES.splitlines()[:1_000]


def test_after_gzip_may_come_padding_but_no_garbage():
    packed = gzip.compress(b'{"n":1}\n')
    assert outline(read(packed + b"\0" * 100_000)) == [b'{"n":1}']
    assert outline(read(packed + b"\0\0" + packed, size=1)) == [b'{"n":1}'] * 2
    assert outline(read(packed + b"garbage")) == [b'{"n":1}', "unreadable_object"]
