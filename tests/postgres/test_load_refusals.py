"""PostgreSQL has the last word on what an event is, and we foresee it."""

import json
from random import Random

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader_lambda import records
from loader_lambda.objects import unpacked
from loader_lambda.records import Event, read_records

HOUR = "events/2026/01/05/10/"

HOLDS = """
create function pg_temp.holds(document bytea) returns text language plpgsql as $$
begin
    return jsonb_typeof(convert_from(document, 'UTF8')::jsonb);
exception
    when data_exception or program_limit_exceeded then return sqlstate;
end
$$
"""
TOKENS = [
    *'{}[]:,"\\\t\n \x00\x01\x7fé☃😀',
    *(r"\u0000", r"\\u0000", r"\ud83d", r"\ude00", r"\ud83d\ude00", r"\n", r"\x", r"\/", r"\u00e9", "text"),
    *(
        "0",
        "-0",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e400",
        "1E+131071",
        "1e131072",
        "1e-16383",
        "1E-16384",
        "0e999999",
    ),
    *(
        "1e-0000000001",
        "0e1073741822",
        "0e1073741824",
        "0e99999999999",
        "0.0e-16383",
        "NaN",
        "Infinity",
        "true",
        "null",
        "nul",
    ),
    *("9" * 131_072, "9" * 131_073, "0." + "1" * 16_383, "0." + "1" * 16_384, "1." + "0" * 15_000 + "e-2000"),
    *('"a":1', '"a":', '{"b":[2]}', '{"":{}}', "[[]]", '"a":{"a":1},"a":2'),
]
tokens = st.lists(st.sampled_from(TOKENS), max_size=6).map("".join)
documents = st.one_of(
    st.tuples(
        st.sampled_from(['{"a":%s}', '{"a":"%s"}', '{"%s":1}', "{%s}", "%s", '{"a":[1,%s]}']), tokens
    ).map(lambda parts: (parts[0] % parts[1].replace("%", "%%")).encode()),
    st.binary(max_size=20).map(lambda inner: b'{"a":"' + inner + b'"}'),
)


@pytest.fixture(scope="module")
def verdicts(server):
    """What PostgreSQL makes of each document: its type, or why not."""
    with server.connect() as connection:
        connection.execute(HOLDS)
        yield lambda found: [
            kind
            for (kind,) in connection.execute(
                "select pg_temp.holds(document)"
                " from unnest(%s::bytea[]) with ordinality as each (document, n) order by n",
                [found],
            )
        ]


@settings(deadline=None, max_examples=150)
@given(st.lists(documents, min_size=1, max_size=40))
def test_what_we_call_an_event_and_what_postgresql_does_are_the_same(verdicts, found):
    faults = [records.judge(document) for document in found]
    for document, fault, verdict in zip(found, faults, verdicts(found), strict=True):
        if fault is None:
            assert verdict == "object", document
        elif fault.reason == "not_an_object":
            assert verdict != "object", document
        elif fault.reason == "malformed_json":
            assert len(verdict) == 5, document
        else:
            assert len(verdict) == 5 or b"." in document, document


def test_whatever_bytes_an_object_holds_its_events_are_stored(bucket, warehouse, load):
    chance = Random(3)
    for number in range(60):
        pieces = [chance.choice(TOKENS).encode("utf-8", "surrogatepass")[:200] for _ in range(400)]
        lines = [
            b'{"n":%d}' % n if chance.random() < 0.3 else b"".join(chance.sample(pieces, 3))
            for n in range(100)
        ]
        bucket.put(f"{HOUR}{number}.json", chance.choice([b"\n", b",\n", b"", b"\r\n"]).join(lines))

    result = load({"overridePrefix": HOUR})

    found = [list(read_records(unpacked([bucket.get(key)]))) for key in bucket.keys()]  # noqa: SIM118 - a method
    events = sum(isinstance(record, Event) for each in found for record in each)
    assert (result["processed"], result["inserted"]) == (60, events)
    assert result["inserted"] + result["rejected"] == sum(map(len, found))
    assert warehouse.rows(
        "select sum(event_count), sum(rejected_count) from raw.loaded_objects"
    ) == warehouse.rows(
        "select (select count(*) from raw.events), (select count(*) from raw.rejected_events)"
    )


@pytest.mark.parametrize("name", ["small", "large"])
def test_a_row_that_postgresql_refuses_after_all_is_rejected_alone(
    bucket, warehouse, load, monkeypatch, name
):
    monkeypatch.setattr(records, "judge", lambda *_: None)
    padding = b"x" * (30_000 if name == "large" else 3)
    lines = [b'{"n":%d,"pad":"%s"}' % (n, padding) for n in range(100)]
    bad = {
        0: b'{"a":"\\u0000"}',
        1: b'{"a":1e999999}',
        40: b"nonsense",
        70: b'{"a":"\xff"}',
        98: b"[" * 500_000 + b"]" * 500_000,
        99: b'{"a":"\\ud800"}',
    }
    for position, document in bad.items():
        lines[position] = document
    bucket.put(f"{HOUR}a.json", b"\n".join(lines))
    bucket.put(f"{HOUR}b.json", b'{"n":100}')

    result = load({"overridePrefix": HOUR})

    assert (result["processed"], result["inserted"], result["rejected"]) == (2, 95, 6)
    assert warehouse.rows("select line_number, reason from raw.rejected_events order by 1") == [
        (position + 1, "too_deep" if position == 98 else "unstorable_text") for position in bad
    ]
    assert warehouse.rows(
        "select event_count, rejected_count from raw.loaded_objects order by object_key"
    ) == [*[(94, 6), (1, 0)]]
    assert warehouse.rows("select event_count, rejected_count from raw.loads") == [(95, 6)]
    good = [json.loads(line)["n"] for position, line in enumerate(lines) if position not in bad]
    numbers = (
        "select (payload ->> 'n')::int from raw.events where object_key like '%%a.json' order by line_number"
    )
    assert [number for (number,) in warehouse.rows(numbers)] == good


def test_what_is_no_fault_of_a_row_is_not_taken_for_one(bucket, warehouse, load):
    bucket.put(f"{HOUR}a.json", b"{}\n{}")
    with warehouse.connect() as owner:
        owner.execute("alter table raw.events add constraint none check (line_number < 2)")
    with pytest.raises(psycopg.errors.CheckViolation):
        load({"overridePrefix": HOUR})
    assert warehouse.rows("select status, object_count from raw.loads") == [("failed", 0)]
    with warehouse.connect() as owner:
        owner.execute("alter table raw.events drop constraint none")
    assert load({"overridePrefix": HOUR})["inserted"] == 2
