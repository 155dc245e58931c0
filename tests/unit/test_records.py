"""Every layout of the same documents gives the same records."""

import gzip
import json
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader_lambda import records
from loader_lambda.objects import unpacked
from loader_lambda.records import Event, Reject, read_records

# The same bytes in every process: they stand in the names of tests.
compress = partial(gzip.compress, mtime=0)

MARK = b"\xef\xbb\xbf"


def read(*chunks):
    return list(read_records(unpacked(chunks)))


def indented(document):
    return json.dumps(document, indent=2).encode()


def dense(document):
    return json.dumps(document).encode()


LAYOUTS = {
    "lines": lambda events: b"".join(dense(event) + b"\n" for event in events),
    "lines without a last break": lambda events: b"\n".join(map(dense, events)),
    "lines of Windows": lambda events: b"".join(dense(event) + b"\r\n" for event in events),
    "lines and blank ones": lambda events: b"\n \n".join([b"", *map(dense, events), b"\t\r\n"]),
    "array": dense,
    "array in white space": lambda events: b" \n" + dense(events) + b"\r\n \n",
    "array of a line each": lambda events: b"[\n" + b",\n".join(map(dense, events)) + b"\n]\n",
    "array of a line each, comma first": lambda events: b"[" + b"\n,".join(map(dense, events)) + b"]",
    "array, indented": indented,
    "array of Windows": lambda events: indented(events).replace(b"\n", b"\r\n"),
    "one after the other": lambda events: b"".join(map(dense, events)),
    "one after the other, indented": lambda events: b"\n".join(map(indented, events)),
    "an array a line": lambda events: b"".join(dense([event]) + b"\n" for event in events),
}
PACKINGS = {
    "as it is": lambda data: data,
    "marked": lambda data: MARK + data,
    "gzip": compress,
    "marked gzip": lambda data: compress(MARK + data),
    "gzip members": lambda data: b"".join(compress(data[at : at + 5]) for at in range(0, len(data), 5)),
}
SAMPLES = [
    [],
    [{}],
    [{"eventName": "a"}],
    [{"a": '"}][{,\\'}, {"b": [[1, {}], []], "c": {"d": [{"e": "]"}]}}, {"": None}],
    [{"eventName": f"e{n}", "items": [{"id": n}, {"id": -n}], "text": "x" * n} for n in range(60)],
]


def assert_same_documents(found, events):
    assert [type(record) for record in found] == [Event] * len(events)
    assert [record.line_number for record in found] == list(range(1, len(events) + 1))
    assert [json.loads(record.payload) for record in found] == events


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_holds_the_same_documents(layout, packing):
    for events in SAMPLES:
        assert_same_documents(read(PACKINGS[packing](LAYOUTS[layout](events))), events)


@pytest.fixture
def small_blocks(monkeypatch):
    """The borders of blocks fall everywhere, as in large objects they fall somewhere."""
    monkeypatch.setattr(records, "BLOCK_BYTES", 600)
    monkeypatch.setattr(records, "MAX_DOCUMENT_BYTES", 300)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", [1, 7, 100, 599, 600, 601, 5000])
def test_blocks_may_end_anywhere(small_blocks, layout, size):
    events = SAMPLES[-1]
    data = MARK + LAYOUTS[layout](events)
    assert_same_documents(read(*(data[at : at + size] for at in range(0, len(data), size))), events)


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text('a"\\[]{},:\n\té☃', max_size=8)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
objects = st.dictionaries(texts, values, max_size=3)


@settings(deadline=None, max_examples=150)
@given(
    events=st.lists(objects, max_size=8),
    layout=st.sampled_from(sorted(LAYOUTS)),
    packing=st.sampled_from(sorted(PACKINGS)),
    cuts=st.lists(st.integers(0, 400), max_size=6),
)
def test_any_documents_in_any_layout_cut_anywhere(events, layout, packing, cuts):
    data = PACKINGS[packing](LAYOUTS[layout](events))
    borders = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(borders)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK_BYTES", 64)
        assert_same_documents(read(*chunks), events)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b" \r\n\t", MARK, compress(b""), compress(MARK), b"[]", b"[ ]"]
)
def test_nothing_holds_nothing(data):
    assert read(data) == []
    assert read() == []


def test_bytes_of_an_event_are_left_alone():
    event = b'{"id": 12345678901234567890123, "price":1e400,"n":-0.0, "a":1, "a":2, "\xc3\xa9":"\\u00e9"}'
    for data in (event, event + b"\n" + event, b"[" + event + b"]", b"[\n" + event + b",\n{}\n]"):
        assert read(data)[0] == Event(1, event)


@pytest.mark.parametrize("document", [b"1", b'"text"', b"null", b"true", b"1e400", b"[[1]]", b"[[]]", b"[1]"])
def test_only_objects_are_events(document):
    (reject,) = read(document)
    assert isinstance(reject, Reject)
    assert (reject.line_number, reject.reason) == (1, "not_an_object")


@pytest.mark.parametrize("element", [b"1", b"[[1], {}]", b'"text, and [{"'])
def test_elements_of_a_long_array_count_one_by_one_too(small_blocks, element):
    for comma in (b",", b"\n,\n"):
        data = b"[" + comma.join([element] * 2_000) + b"]"
        found = read(*(data[at : at + 500] for at in range(0, len(data), 500)))
        assert [record.line_number for record in found] == list(range(1, 2_001))
        assert {(record.reason, record.raw_text) for record in found} == {("not_an_object", element.decode())}


def test_elements_of_an_array_count_one_by_one():
    found = read(b'[{"a":1}, [{"b":2}], 3, {"c":4}]')
    assert [(record.line_number, getattr(record, "reason", None)) for record in found] == [
        (1, None),
        (2, "not_an_object"),
        (3, "not_an_object"),
        (4, None),
    ]
