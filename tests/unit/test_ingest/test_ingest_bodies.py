"""A body in every wrapping a browser or API Gateway may give it, and in some that only an attacker would."""

import base64
import gzip
import json
import time
import tracemalloc
import zlib
from functools import partial

import pytest

# The same bytes in every process: they stand in the names of tests.
compress = partial(gzip.compress, mtime=0)

EVENT = b'{"eventName":"page_view","text":"\xc3\xa4"}'
LIMIT = 1_048_576
GZIP_HEADER = {"headers": {"Content-Encoding": "gzip"}}
BEACON = {"headers": {"content-type": "text/plain;charset=UTF-8"}}


def padded(size: int) -> bytes:
    """A batch of exactly so many bytes."""
    return b"[" + EVENT + b" " * (size - len(EVENT) - 2) + b"]"


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        (EVENT.decode(), {}),
        (EVENT, {}),
        (EVENT.decode(), BEACON),
        (EVENT, BEACON),
        (compress(EVENT), GZIP_HEADER),
        (compress(EVENT), BEACON),
        (EVENT, GZIP_HEADER),
        (compress(EVENT[:9]) + compress(EVENT[9:]), GZIP_HEADER),
        (compress(b"") + compress(EVENT) + compress(b""), {}),
        (compress(b"\xef\xbb\xbf[" + EVENT + b"]"), {}),
        (b"\xef\xbb\xbf" + EVENT, {}),
        ("\ufeff" + EVENT.decode(), {}),
        (b"\r\n\t " + EVENT + b" \r\n", {}),
        (b"[\r\n" + EVENT + b"\r\n]\r\n", {}),
    ],
)
def test_every_wrapping_holds_the_same_event(post, stored, body, request_):
    assert post(body, **request_) == (200, {"success": True, "accepted": 1, "rejected": []})
    [event] = stored()
    assert (event["eventName"], event["text"]) == ("page_view", "ä")


def test_a_batch_is_stored_in_its_order(post, stored):
    status, answer = post(json.dumps([{"eventName": "page_view", "n": n} for n in range(500)]))

    assert (status, answer["accepted"]) == (200, 500)
    assert [event["n"] for event in stored()] == list(range(500))


def test_damaged_gzip_is_answered_400(post, bucket):
    whole = compress(EVENT)
    cut_short = (whole[:-1], whole[:-9], whole[:2], whole + whole[:12])
    spoiled = (whole + b"more", whole[:-8] + bytes(8), b"\x1f\x8bno gzip at all", zlib.compress(EVENT))
    for body in cut_short + spoiled:
        status, answer = post(body, **GZIP_HEADER)
        assert (status, answer["success"]) == (400, False), body
    assert bucket.keys() == []


def test_what_is_no_base64_is_answered_400(ingest, bucket):
    spoiled = "!" + base64.b64encode(EVENT).decode()
    for body in ("e", "ä", "=", "e30=e30=", "eyJldmVudE5hbWUi-_8", "\ud800", spoiled):
        assert ingest({"body": body, "isBase64Encoded": True})["statusCode"] == 400, body
    assert bucket.keys() == []


def test_a_body_that_is_no_text_is_answered_400(ingest):
    for body in (5, ["x"], {"eventName": "x"}):
        assert ingest({"body": body})["statusCode"] == 400


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413), (5 * LIMIT, 413)])
def test_the_decoded_body_is_limited(post, stored_lines, size, status):
    body = padded(size)
    assert len(body) == size

    for wrapped in (body.decode(), body, compress(body), compress(body, 0)):
        assert post(wrapped)[0] == status
        assert len(stored_lines()) == (status == 200)


def test_the_limit_counts_bytes_and_not_characters(post):
    assert post("ä" * (LIMIT // 2) + " ")[0] == 413


def test_members_of_gzip_share_the_limit(post):
    half = compress(b" " * (LIMIT // 2))

    assert post(half + half + compress(EVENT))[0] == 413


def test_a_gzip_bomb_is_not_inflated(ingest):
    bomb = {"body": base64.b64encode(compress(bytes(100 * LIMIT))).decode(), "isBase64Encoded": True}
    tracemalloc.start()
    response = ingest(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert response["statusCode"] == 413
    assert peak < 8 * LIMIT


def seconds(ask, body: bytes) -> float:
    """Processor time, the better of two."""
    request = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    times = []
    for _ in range(2):
        started = time.process_time()
        assert ask(request)["statusCode"] in (400, 413)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: compress(b"") * (n // 20),
        lambda n: b"[" + b'"' * (n - 3) + b"]",
        lambda n: b"[" + b'"a' * (n // 2),
        lambda n: b'["' + b"\\" * n,
        lambda n: b'["' + b'\\"' * (n // 2),
        lambda n: b"[" * n,
        lambda n: b"[1" + b"]" * n,
        lambda n: b'{"eventName":"' + b"\\\\" * (n // 2),
    ],
    ids=["members", "quotes", "texts", "backslashes", "escaped quotes", "open", "closed", "event"],
)
def test_time_grows_as_the_body_does(ingest, hostile):
    # Four times the work for four times the bytes; sixteen times if it grew with their square.
    assert seconds(ingest, hostile(400_000)) < 9 * max(0.005, seconds(ingest, hostile(100_000)))
