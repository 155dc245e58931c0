"""Headers of any number and length: what is stored of them is bounded, in one event as in five hundred."""

import json

import pytest

MAX_CHARACTERS = 512
# Control characters are the ones that JSON writes longest.
LONGEST = "\x01" * 65_536
KEPT = ("sourceIp", "userAgent", "requestId", "apiId", "stage", "traceId")


@pytest.fixture
def stored(ingest, bucket):
    """Sends events with such headers and such a context, and returns the object that became of them."""

    def stored(events, headers, **context):
        before = set(bucket.keys())
        event = {"body": json.dumps(events), "headers": headers, "requestContext": context}
        assert ingest(event)["statusCode"] == 200
        [key] = set(bucket.keys()) - before
        return bucket.get(key)

    return stored


@pytest.mark.parametrize(
    "agent", ["a" * 8_192, LONGEST, "\U0001f6d2" * 16_384, '"\\' * 4_096, "\ud83d" * 600 + "x"]
)
def test_of_a_long_header_only_its_beginning_is_stored(stored, agent):
    [line] = stored({"eventName": "x"}, {"User-Agent": agent, "X-Amzn-Trace-Id": agent}).splitlines()

    ingest = json.loads(line)["_ingest"]
    kept = agent[:MAX_CHARACTERS].encode("utf-8", "ignore").decode() or None
    assert (ingest["userAgent"], ingest["traceId"]) == (kept, kept)


def test_five_hundred_events_of_one_request_store_no_more_than_so_much_of_it(stored):
    body = stored(
        [{"eventName": "x"}] * 500,
        {"user-agent": LONGEST, "x-amzn-trace-id": LONGEST},
        **dict.fromkeys(("requestId", "apiId", "stage"), LONGEST),
        http={"sourceIp": LONGEST, "userAgent": LONGEST},
    )
    assert body.count(b"\n") == 500
    assert len(body) < 500 * (1_000 + len(KEPT) * len(json.dumps(LONGEST[:MAX_CHARACTERS])))


def test_what_nobody_asked_for_is_not_stored(stored):
    secret = "c2VjcmV0"
    headers = {f"x-{number}": secret for number in range(100)}
    headers |= {"cookie": secret * 2_000, "authorization": secret, "x-forwarded-for": secret, "": secret}

    body = stored({"eventName": "x"}, headers)

    assert secret.encode() not in body
    assert len(body) < 1_000


@pytest.mark.parametrize("name", ["requestId", "apiId", "stage"])
def test_a_context_that_lies_stays_in_its_field(stored, name):
    lie = '"}\n{"eventName":"forged","\u0000\ud800'

    [line] = stored({"eventName": "x"}, {}, **{name: lie}).splitlines()

    assert json.loads(line)["_ingest"][name] == '"}\n{"eventName":"forged","'
