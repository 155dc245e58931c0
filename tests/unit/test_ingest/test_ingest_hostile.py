"""Broken and hostile events: each gets its verdict, and none takes its neighbours along."""

import json

import pytest

GOOD = b'{"eventName":"good"}'

UNSTORABLE = [
    rb'{"eventName":"x","text":"\u0000"}',
    rb'{"eventName":"x","text":"\\\u0000"}',
    rb'{"eventName":"x","deep":[{"\u0000":1}]}',
    rb'{"eventName":"x\u0000"}',
    rb'{"eventName":"x","text":"\ud800"}',
    rb'{"eventName":"x","text":"\uDFFF"}',
    rb'{"eventName":"x","text":"\ud83d\ud83d\ude00"}',
    rb'{"eventName":"x","text":"\ude00\ud83d"}',
    rb'{"eventName":"x","\ud800":1}',
    rb'{"eventName":"x","text":"\ud800","number":1e400}',
]
MALFORMED = [
    b'{"eventName":"x\x00"}',
    b'{"eventName":"x","text":"\xed\xa0\x80"}',
    b'{"eventName":"x","text":"\xff"}',
    b'{"eventName":"x","\xc3":1}',
    b'{"eventName":"x","text":"\xc0\x80"}',
    b'{"eventName":"x","text":"\x1f"}',
    b'{"eventName":"x","n":NaN}',
    b'{"eventName":"x","n":-Infinity}',
    b'{"eventName":"x",}',
    b'{"eventName":"x","list":[1,]}',
    b'{"eventName":"x" "n":1}',
    b"{eventName:1}",
    b'{"eventName":"x"}{"eventName":"y"}',
    b'{"eventName":"x"}\n{"eventName":"y"}',
    b'{"eventName":"\\ud800\\x"}',
    b'{"eventName":"x"}\x00',
    b'\x0c{"eventName":"x"}',
    b'{"a":1]',
]
DEEP = [
    b'{"eventName":"x","deep":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b'{"eventName":"x","deep":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
    b'{"eventName":"x","deep":' + b"[" * 1_100 + b"1e400" + b"]" * 1_100 + b"}",
]
NOT_AN_OBJECT = [
    b"[]",
    b"[" + GOOD + b"]",
    b'"eventName"',
    b'"{}"',
    b"1",
    b"-1e400",
    b"true",
    b"null",
    b"[[[]]]",
]
VERDICTS = {
    "unstorable_text": UNSTORABLE,
    "malformed_json": MALFORMED,
    "too_deep": DEEP,
    "not_an_object": NOT_AN_OBJECT,
}
each_verdict = pytest.mark.parametrize(("reason", "events"), VERDICTS.items(), ids=VERDICTS)


@each_verdict
def test_a_bad_event_is_rejected_and_its_neighbours_are_kept(post, stored, reason, events):
    for event in events:
        status, answer = post(b"[" + GOOD + b" , " + event + b" ," + GOOD + b"]")
        assert status == 200, event
        assert answer == {"success": True, "accepted": 2, "rejected": [{"index": 1, "reason": reason}]}, event
        assert [kept["eventName"] for kept in stored()] == ["good", "good"]


@each_verdict
def test_a_bad_event_alone_is_answered_400(post, bucket, reason, events):
    for event in events:
        status, answer = post(b"[" + event + b"]")
        assert (status, answer["success"], answer["accepted"]) == (400, False, 0), event
        assert answer["rejected"] == [{"index": 0, "reason": reason}], event
        if not event.startswith(b"["):
            assert post(event) == (status, answer), event
    assert bucket.keys() == []


@pytest.mark.parametrize(
    "text", [r"\\u0000", r"\\ud800", r"\ud83d\ude00", r"\\\\u0000", r"\ud7ff\ue000", r"\u0001"]
)
def test_what_only_looks_unstorable_is_kept(post, stored, text):
    assert post(f'{{"eventName":"x","text":"{text}","n":1e400}}')[0] == 200
    [event] = stored()
    assert event["text"] == json.loads(f'"{text}"')


def test_nesting_of_some_hundreds_is_kept(post, stored):
    nested = "[" * 500 + "]" * 500

    assert post(f'{{"eventName":"x","deep":{nested}}}')[0] == 200
    [event] = stored()
    assert event["deep"] == json.loads(nested)


def test_half_a_character_in_the_request_itself_is_malformed(ingest, stored):
    """A harness may hand over text that no bytes could carry."""
    response = ingest({"body": '[{"eventName":"x","text":"\ud800"},{"eventName":"good"}]'})

    assert json.loads(response["body"])["rejected"] == [{"index": 0, "reason": "malformed_json"}]
    assert [event["eventName"] for event in stored()] == ["good"]


def test_a_batch_full_of_broken_events(post, stored, sample):
    status, answer = post(sample("broken_between_good.txt"))

    assert (status, answer["accepted"]) == (200, 3)
    assert [event["eventName"] for event in stored()] == ["first", "second", "last"]
    assert [verdict["index"] for verdict in answer["rejected"]] == [1, *range(3, 17)]
    assert {verdict["reason"] for verdict in answer["rejected"]} == {"malformed_json", "not_an_object"}


@pytest.mark.parametrize(
    "body", ["[1,]", "[,]", "[" * 10_000, "[" * 10_000 + "]" * 10_000, "[[],[[]]]", "[{}{}]"]
)
def test_arrays_without_an_event_are_answered_400(post, bucket, body):
    assert post(body)[0] == 400
    assert bucket.keys() == []


@pytest.mark.parametrize("end", [b"", b"]]", b"}", b"]x", b'"]', b",", b"]" + GOOD])
def test_an_array_with_no_certain_end_is_refused_whole(post, bucket, end):
    """Where its events part is anybody's guess, so nothing is stored by halves."""
    status, answer = post(b"[" + GOOD + b"," + GOOD + end)

    assert status == 400
    assert answer["rejected"] == [{"index": 0, "reason": "malformed_json"}]
    assert bucket.keys() == []
