"""Any bytes: each document has its verdict, the loader takes what ingest accepts, nothing costs too much."""

import base64
import json
import operator
import time

import pytest
from hypothesis import strategies as st

from ingest_lambda.events import TooManyEventsError, ingest_stamp, read_event, split_body, stamp
from ingest_lambda.fields import RejectedError
from ingest_lambda.request import BodyTooLargeError, UnreadableBodyError, read_body, read_request
from loader_lambda.objects import unpacked
from loader_lambda.records import Event, read_records
from tests.hostile.mutation import MARKS, PIECES, bodies, mutants
from tests.soak import SOAK

REASONS_OF_INGEST = {
    *("empty_body", "malformed_json", "not_an_object", "unstorable_text", "too_deep", "too_large"),
    *("missing_event_name", "event_name_too_long"),
}
REASONS_OF_LOADER = {
    *("malformed_json", "not_an_object", "unstorable_text", "too_deep", "too_large", "unreadable_object"),
}
# JSON knows no end of numbers, and ingest no PostgreSQL: only the loader can tell.
TOO_MUCH_FOR_NUMERIC = "holds a number beyond what PostgreSQL's numeric can hold"
REQUEST = read_request({"requestContext": {"requestId": "r", "http": {"userAgent": "\u0001\u202e'\"\\"}}})
STAMP = ingest_stamp(REQUEST)


def verdicts(body):
    """Of each document of a body: the line it becomes, or why it becomes none."""
    try:
        event = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        documents = split_body(read_body(event))
    except (UnreadableBodyError, BodyTooLargeError, TooManyEventsError):
        return []
    except RejectedError as error:
        return [str(error)]
    return [verdict(document, number) for number, document in enumerate(documents)]


def verdict(document, number):
    try:
        return stamp(read_event(document), number, REQUEST, STAMP)
    except RejectedError as error:
        return str(error)


def test_what_ingest_accepts_is_one_line_that_the_loader_takes(examine):
    def check(body):
        found = verdicts(body)
        lines = [each for each in found if isinstance(each, bytes)]
        assert {each for each in found if isinstance(each, str)} <= REASONS_OF_INGEST
        for line in lines:
            assert b"\n" not in line
            event = json.loads(line)
            assert event["_ingest"] == json.loads(bytes(STAMP))
            assert event.keys() & {"eventId", "event_id"}
        loaded = list(read_records([b"\n".join(lines) + b"\n"]))
        assert [record.line_number for record in loaded] == list(range(1, len(lines) + 1))
        for line, record in zip(lines, loaded, strict=True):
            assert record[1] == line or TOO_MUCH_FOR_NUMERIC in record

    examine(check, mutants(bodies("requests")), examples=1_000, minutes=2.5)


def records(data, size=1_000_000):
    return list(read_records(unpacked(data[at : at + size] for at in range(0, len(data), size))))


def test_any_bytes_give_events_and_rejects_in_order(examine):
    def check(data):
        found = records(data)
        numbers = [record.line_number for record in found]
        in_order = list(range(1, len(found) + 1))
        assert numbers == in_order or numbers == [*in_order[:-1], 0]
        for record in found:
            if isinstance(record, Event):
                assert isinstance(json.loads(record.payload), dict)
            else:
                assert record.reason in REASONS_OF_LOADER
                assert "\0" not in record.raw_text + record.detail
        if not data.startswith(b"\x1f"):
            assert records(data, 5) == found

    examine(check, mutants(bodies("objects") + bodies("requests")), examples=1_000, minutes=2.5)


@pytest.mark.parametrize("read", [verdicts, records])
def test_four_times_the_bytes_take_no_sixteen_times_the_time(examine, read):
    """What is quadratic takes sixteen times as long. Said again only where it is slow enough to tell."""

    def seconds(data):
        started = time.process_time()
        read(data)
        return time.process_time() - started

    def check(parts):
        head, middle = parts
        once, fourfold = (head + middle * (size // len(middle)) for size in (8_000, 32_000))
        if seconds(fourfold) > 0.25:
            assert min(seconds(fourfold) for _ in range(2)) < 9 * min(seconds(once) for _ in range(2)) + 0.05

    pairs = st.builds(operator.add, st.sampled_from(MARKS), st.sampled_from([b"", *MARKS]))
    usual = st.tuples(st.sampled_from([b'"', b'[{"a":']), pairs)
    piece = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(b"".join)
    examine(check, st.tuples(piece, piece) if SOAK else usual, examples=160, minutes=1.25)
