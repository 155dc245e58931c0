"""Whatever is sent: good events come back as they were, and every document is accounted for."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# The fixtures are shared by all examples; each takes its own events off S3 again.
relaxed = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(characters, max_size=40)
names = st.text(characters, min_size=1, max_size=128).filter(str.strip)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
fields = st.dictionaries(texts, values, max_size=4)
events = st.builds(lambda fields, name: {**fields, "eventName": name}, fields, names)

# Pieces of JSON, whole and broken, whose brackets and quotes come in pairs: where they part is certain.
documents = events.map(json.dumps).map(str.encode) | st.sampled_from(
    [
        b'{"eventName":"a"}',
        b'{"event_name":"b","n":1e400}',
        b'{"eventName":"c",}',
        b'{"eventName":"d","x":"\\u0000"}',
        b'{"eventName":"e","x":"\\ud800"}',
        b'{"eventName":"f","x":"\xff"}',
        b'{"eventName":"g","x":NaN}',
        b'{"eventName":"h\n"}',
        b"{}",
        b"[[1,2],[3]]",
        b'"a,]}"',
        b"12",
        b"nul",
        b"",
        b"[" * 2000 + b"]" * 2000,
    ]
)
fragments = st.lists(
    st.sampled_from(
        [b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\", b'"eventName"', b'"x"', b"\n", b"\xff", b"1e400"]
    )
    | st.sampled_from([b'{"eventName":"x"}', b"\x1f\x8b", b"\xef\xbb\xbf", b"\\ud800", b"NaN", b"\0"]),
    max_size=30,
).map(b"".join)


@given(st.lists(events, min_size=1, max_size=5), st.booleans(), st.sampled_from([None, 2]))
@relaxed
def test_events_are_stored_as_they_were_sent(post, stored, batch, as_ascii, indent):
    body = json.dumps(batch, ensure_ascii=as_ascii, indent=indent)

    assert post(body)[1] == {"success": True, "accepted": len(batch), "rejected": []}
    kept = stored()
    for event, sent in zip(kept, batch, strict=True):
        assert event.pop("_ingest").keys() >= {"receivedAt", "sourceIp", "userAgent"}
        assert event.pop("eventId")
        assert event == sent


@given(st.lists(documents, min_size=1, max_size=12), st.sampled_from([b",", b" ,\r\n", b"\t,"]))
@relaxed
def test_every_document_is_accepted_or_rejected(post, stored, batch, comma):
    status, answer = post(b"[" + comma.join(batch) + b"]")

    lines = stored()
    if batch == [b""]:
        assert (status, lines) == (400, [])
    else:
        assert answer["accepted"] == len(lines)
        assert answer["accepted"] + len(answer["rejected"]) == len(batch)
        rejected = [verdict["index"] for verdict in answer["rejected"]]
        assert rejected == sorted(set(rejected))
        names = [json.loads(batch[index]) for index in range(len(batch)) if index not in rejected]
        assert [line.get("eventName") for line in lines] == [name.get("eventName") for name in names]
    assert status == (200 if lines else 400)


@given(st.binary(max_size=200) | fragments | fragments.map(lambda body: b"[" + body + b"]"))
@settings(relaxed, max_examples=120)
def test_any_bytes_get_an_answer_and_its_account_closes(post, stored, body):
    status, answer = post(body)

    lines = stored()
    assert status in (200, 400)
    assert answer["success"] == (status == 200) == bool(lines)
    assert answer.get("accepted", 0) == len(lines)
    assert status == 200 or answer.get("rejected") or answer["message"]
    assert {event["_ingest"]["path"] for event in lines} <= {"/clickstream"}
