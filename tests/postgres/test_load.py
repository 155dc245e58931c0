"""The loader between a real S3 server and real PostgreSQL."""

HOUR = "events/2026/01/05/10/"


def test_events_arrive_as_they_were_sent(bucket, warehouse, load):
    bucket.put(
        f"{HOUR}a.json", b'{"eventName":"a","price":1e400}\n{"eventName":"b","id":12345678901234567890123}\n'
    )
    bucket.put(f"{HOUR}b.json", b'{"eventName":"c"}\nnonsense\n{"eventName":"d"}')

    result = load({"overridePrefix": HOUR})

    assert (result["objects"], result["processed"], result["inserted"], result["rejected"]) == (2, 2, 4, 1)
    assert warehouse.rows(
        "select object_key, line_number, payload ->> 'eventName' from raw.events order by 1, 2"
    ) == [
        (f"{HOUR}a.json", 1, "a"),
        (f"{HOUR}a.json", 2, "b"),
        (f"{HOUR}b.json", 1, "c"),
        (f"{HOUR}b.json", 3, "d"),
    ]
    assert warehouse.rows("select line_number, reason, raw_text from raw.rejected_events") == [
        (2, "malformed_json", "nonsense")
    ]
    assert warehouse.rows(
        "select payload ->> 'id' from raw.events where line_number = 2 and payload ? 'id'"
    ) == [("12345678901234567890123",)]


def test_a_second_load_of_the_same_hour_adds_nothing(bucket, warehouse, load):
    bucket.put(f"{HOUR}a.json", b'{"eventName":"a"}')
    load({"overridePrefix": HOUR})

    again = load({"overridePrefix": HOUR})

    assert (again["objects"], again["skipped"], again["inserted"]) == (1, 1, 0)
    assert warehouse.rows("select count(*) from raw.events") == [(1,)]
