"""How many, how large, and how an event is called: the last that passes, and the first that does not."""

import json

import pytest

NAMELESS = {"index": 0, "reason": "missing_event_name"}


def sized(size: int) -> str:
    """An event of exactly so many bytes, counted in bytes."""
    event = '{"eventName":"page_view","text":"ä"}'
    return event[:-2] + "x" * (size - len(event.encode())) + event[-2:]


@pytest.mark.parametrize(("count", "status"), [(1, 200), (500, 200), (501, 413), (5000, 413)])
def test_a_request_carries_at_most_500_events(post, stored, count, status):
    batch = [{"eventName": "page_view"}] * count

    assert post(json.dumps(batch))[0] == status
    assert len(stored()) == (count if status == 200 else 0)


def test_broken_events_count_too(post, bucket):
    assert post("[" + "{x}," * 500 + '{"eventName":"page_view"}]')[0] == 413
    assert bucket.keys() == []


@pytest.mark.parametrize(("size", "status"), [(32_768, 200), (32_769, 400), (100_000, 400)])
def test_an_event_alone_is_limited(post, stored, size, status):
    event = sized(size)
    assert len(event.encode()) == size

    for body in (event, f" \r\n{event} \r\n", f"[ {event} ]"):
        assert post(body)[0] == status
        assert len(stored()) == (status == 200)


def test_an_event_too_large_leaves_its_neighbours_alone(post, stored):
    small = '{"eventName":"small"}'

    status, answer = post(f"[{small}, {sized(32_769)} ,{sized(32_768)},{small}]")

    assert status == 200
    assert answer == {"success": True, "accepted": 3, "rejected": [{"index": 1, "reason": "too_large"}]}
    assert [event["eventName"] for event in stored()] == ["small", "page_view", "small"]


def test_an_event_too_large_alone_is_told_so(post):
    status, answer = post(sized(32_769))

    assert (status, answer["success"]) == (400, False)
    assert answer["rejected"] == [{"index": 0, "reason": "too_large"}]


either_field = pytest.mark.parametrize("field", ["eventName", "event_name"])


@either_field
def test_a_name_has_up_to_128_characters(post, stored, field):
    for name in ("x", "x" * 128, "ä" * 128, "🛒" * 128, "view product", "0"):
        assert post(json.dumps({field: name}))[0] == 200, name
        assert post(json.dumps({field: name}, ensure_ascii=False))[0] == 200, name
        assert [event[field] for event in stored()] == [name, name]


@either_field
def test_a_longer_name_is_refused(post, bucket, field):
    for name in ("x" * 129, "ä" * 129, "x" * 32_000):
        status, answer = post(json.dumps({field: name}, ensure_ascii=False))
        assert (status, answer["rejected"]) == (400, [{"index": 0, "reason": "event_name_too_long"}])
    assert bucket.keys() == []


@either_field
def test_a_name_is_text_and_not_blank(post, bucket, field):
    for name in ("", " ", "\t\r\n", "\u00a0\u2003", None, 5, 1.5, True, ["x"], {"x": "y"}):
        status, answer = post(json.dumps({field: name}))
        assert (status, answer["rejected"]) == (400, [NAMELESS]), name
    assert bucket.keys() == []


def test_an_event_without_a_name_is_refused(post):
    for event in ({}, {"name": "x"}, {"EventName": "x"}, {"product": {"eventName": "x"}}):
        assert post(json.dumps(event))[1]["rejected"] == [NAMELESS], event


@pytest.mark.parametrize("other", ["", None, 5])
def test_either_name_will_do(post, stored, other):
    assert (
        post(json.dumps([{"eventName": other, "event_name": "x"}, {"eventName": "x", "event_name": other}]))[
            0
        ]
        == 200
    )
    assert len(stored()) == 2
