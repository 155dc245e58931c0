"""Whatever a payload holds, a run ends well: what fits is typed, what does not is NULL and flagged."""

import hashlib

from tests.postgres.dbt_fixtures import NOON, Event, add_load, event
from tests.postgres.payload_corpus import CORPUS, SHAPES, as_json


def test_no_value_in_a_payload_can_make_a_run_fail(dbt, warehouse):
    received = '"_ingest": {"receivedAt": "2026-03-04T12:00:00Z"}'
    values = [
        Event(f'{{"eventId": "{number}", "eventName": "probe", {received}, {as_json(fields)}}}', number)
        for number, (_, fields, _) in enumerate(CORPUS)
    ]
    shapes = [
        Event(f'{{"eventName": "probe", {as_json(fields)}}}', number, "events/2026/99/99/99/x.json")
        for number, fields in enumerate(SHAPES)
    ]
    documents = [
        Event(text, number, "no/hour") for number, text in enumerate(["[]", "7", "null", '"x"', "{}"])
    ]
    add_load(warehouse, [*values, *shapes, *documents])

    dbt.succeeds("build")

    with warehouse.connect() as connection:
        for number, (column, fields, expected) in enumerate(CORPUS):
            [found] = connection.execute(
                f"select {column}, quality_flags from marts.clickstream_events where event_id = %s",
                [str(number)],
            ).fetchall()
            value = expected
            if expected in (None, "absent"):
                value = NOON if column == "event_timestamp" else None
            assert found == (value, [column] if expected is None else []), fields[:200]
    assert warehouse.rows("select count(*) from marts.clickstream_events") == [(len(CORPUS) + len(SHAPES),)]
    assert warehouse.rows("select reason, count(*) from marts.quarantined_events group by 1") == [
        ("missing_event_name", len(documents))
    ]


def test_names_and_ids(dbt, warehouse):
    no_names = [None, "", "  ", 7, True, {}, ["click"], "x" * 129]
    uuid = "0B7F8C2E-1111-4222-8333-ABCDEFABCDEF"
    add_load(
        warehouse,
        [
            Event(event(eventId=uuid, eventName="View_Product"), 1),
            Event(event(event_id=uuid.lower(), event_name="again"), 2),
            Event(event(eventId=12345678901234567890123, eventName=" viewProduct "), 3),
            Event(event(eventId="MixedCase", eventName="category-view", product={"id": 7}), 4),
            Event(event(eventId={}, eventName="x" * 128), 5),
            Event(event(eventName="category_view", product={"id": {}}), 6),
            *(Event(event(eventName=name), number) for number, name in enumerate(no_names, start=7)),
        ],
        rejected=[("events/2026/03/04/12/events-2.json", 0, "unreadable_object")],
    )
    add_load(warehouse, rejected=[("events/2026/03/04/12/events-3.json", 9, "malformed_json")])

    dbt.succeeds("build")

    assert warehouse.rows(
        """
        select line_number, event_id, event_name, product_id, category_id, quality_flags
        from marts.clickstream_events order by line_number
        """
    ) == [
        (1, uuid.lower(), "product_view", None, None, []),
        (3, "12345678901234567890123", "product_view", None, None, []),
        (4, "MixedCase", "category_view", None, "7", []),
        (5, md5_of_place(5), "x" * 128, None, None, ["event_id"]),
        (6, md5_of_place(6), "category_view", None, None, ["category_id"]),
    ]
    assert warehouse.rows(
        "select reason, load_id, count(*) from marts.quarantined_events group by 1, 2 order by 1"
    ) == [("malformed_json", 2, 1), ("missing_event_name", 1, 8), ("unreadable_object", 1, 1)]


def md5_of_place(line_number: int) -> str:
    place = f"{Event('').object_key}:{line_number}"
    return hashlib.md5(place.encode(), usedforsecurity=False).hexdigest()
