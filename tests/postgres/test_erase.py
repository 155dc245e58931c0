"""What is erased from raw and from S3, and what stays there. See test_dbt_erase.py for the marts."""

import json

import pytest

from tests.postgres.erasure_fixtures import Shop, numbers
from tests.postgres.erasure_history import (
    ADDRESS,
    BROKEN,
    CLIENT,
    FIRST_HOUR,
    HERS,
    MAIL,
    OTHERS,
    SECOND_CLIENT,
    USER,
    history,
    later_history,
    lines,
)

ALL_OF_HER = ("--user-id", USER, "--client-id", CLIENT, "--client-id", SECOND_CLIENT)


@pytest.fixture
def shop(bucket, warehouse, load):
    shop = Shop(bucket, warehouse, load)
    shop.receives(history() | later_history())
    return shop


def payloads(shop):
    rows = shop.warehouse.rows("select object_key, line_number, payload from raw.events")
    return {(key.rpartition("-")[2], number): payload for key, number, payload in rows}


def test_all_ids_are_gone_from_raw_and_from_s3(shop):
    shop.loads()
    assert "raw.events" in shop.places_of(USER)
    assert "raw.rejected_events" in shop.places_of(CLIENT)

    shop.erased(*ALL_OF_HER)

    for personal in (USER, SECOND_CLIENT, MAIL, "Way 1", "cart-z"):
        assert shop.places_of(personal) == []
    # The id of another who is called like her but for one character.
    assert {
        row for body in shop.objects().values() for row in body.split(b"\n") if CLIENT.encode() in row
    } == {line for line in lines(OTHERS[3]).split(b"\n") if line}


def test_objects_keep_their_lines_and_what_others_sent(shop):
    shop.loads()
    before = shop.objects()

    shop.erased(*ALL_OF_HER)

    after = shop.objects()
    assert {key: body.count(b"\n") for key, body in after.items()} == {
        key: body.count(b"\n") for key, body in before.items()
    }
    assert after[f"{FIRST_HOUR}/events-e.json"] == before[f"{FIRST_HOUR}/events-e.json"]
    for number in (1, 2):
        assert lines(OTHERS[number]).strip() in b"\n".join(after.values())
    assert json.dumps(OTHERS[2]).encode() in after[f"{FIRST_HOUR}/events-d.json"]
    assert shop.bucket.get(f"{FIRST_HOUR}/events-b.json.gz").startswith(b"\x1f\x8b")


def test_the_loader_sees_no_change_and_would_load_the_same_rows_again(shop):
    shop.loads()
    shop.erased(*ALL_OF_HER)
    again = shop.loads()
    rewritten = payloads(shop)
    rejected = shop.warehouse.rows("select object_key, line_number, raw_text from raw.rejected_events")

    assert (again["changed"], again["processed"]) == (0, 0)
    with shop.warehouse.connect() as connection:
        connection.execute("truncate raw.events, raw.rejected_events, raw.loaded_objects")
    shop.loads()
    assert payloads(shop) == rewritten
    assert (
        shop.warehouse.rows("select object_key, line_number, raw_text from raw.rejected_events") == rejected
    )
    assert "tru" not in rejected[0][2]
    assert len(rejected[0][2]) == len(BROKEN)


def test_what_stays_of_an_event_is_what_the_models_read(shop):
    shop.loads()

    shop.erased(*ALL_OF_HER)

    rows = payloads(shop)
    first, last = rows["a.json", 1], rows["d.json", 1]
    client, user = first["clientId"], last["user_id"]
    assert client.startswith("erased-")
    assert first["pageUrl"] == (
        "https://shop.example/?utm_source=news&utm_medium=email&gclid=erased&mail=erased"
    )
    assert first["referrer"] == "https://mail.example/?u=erased"
    assert first["_ingest"] == {key: HERS[0]["_ingest"][key] for key in ("receivedAt", "userAgent")}
    assert set(last) == {
        *("eventId", "eventName", "eventTimestamp", "clientId", "user_id", "element", "items"),
        *("experiments", "_ingest"),
    }
    assert last["element"]["dataset"].keys() == {"orderId", "total", "cartId"}
    assert last["element"]["dataset"]["total"] == "1e1"
    # One person, one pseudonym of each kind; another's event only loses her id.
    assert {rows[place]["clientId"] for place in (("b.json.gz", 2), ("c.json", 1), ("d.json", 1))} == {client}
    assert rows["c.json", 1]["userId"] == rows["f.json", 1]["userId"] == user != client
    assert rows["a.json", 2] == {
        **OTHERS[0],
        "pageUrl": f"https://shop.example/?ref={client}&mail=b@b.example",
    }
    assert shop.places_of(ADDRESS)  # others are at it, too


def test_only_what_is_asked_for_is_erased_and_other_ids_are_told(shop):
    shop.loads()

    done = shop.erases("--user-id", USER)

    assert USER not in done.stdout
    assert done.stdout.splitlines()[-3:] == [
        "client ids that were seen in the same events, and are not erased: 2",
        f"  {CLIENT}",
        f"  {SECOND_CLIENT}",
    ]
    assert shop.places_of(USER) == []
    assert "raw.events" in shop.places_of(SECOND_CLIENT)
    assert numbers(done.stdout)["events of theirs in raw"] == 4


def test_a_short_id_is_not_taken_for_a_product(shop):
    shop.loads()

    shop.erased("--user-id", "42")

    rows = payloads(shop)
    assert rows["a.json", 5]["userId"].startswith("erased-")
    assert rows["a.json", 5]["product"]["id"] == 42
    assert rows["a.json", 4]["product"]["id"] == 42
    assert rows["c.json", 2]["pageUrl"].endswith("/p/42")


def test_a_second_time_finds_nothing(shop):
    shop.loads()
    shop.erased(*ALL_OF_HER)
    before = shop.objects(), payloads(shop)

    again = shop.erased(*ALL_OF_HER)

    assert (shop.objects(), payloads(shop)) == before
    assert {name: count for name, count in again.items() if count} == {}


def test_an_unknown_id_is_no_error(shop):
    shop.loads()
    before = shop.objects(), payloads(shop)

    receipt = shop.erased("--user-id", "nobody'; drop table raw.events; --", "--client-id", "%")

    assert (shop.objects(), payloads(shop)) == before
    assert {name: count for name, count in receipt.items() if count} == {}


def test_a_dry_run_counts_and_changes_nothing(shop):
    shop.loads()
    shop.receives({f"{FIRST_HOUR}/events-new.json": lines(HERS[0])})
    before = shop.objects(), payloads(shop), shop.warehouse.rows("select * from raw.erasures")

    dry = shop.erased(*ALL_OF_HER, "--dry-run")

    assert (shop.objects(), payloads(shop), shop.warehouse.rows("select * from raw.erasures")) == before
    assert dry == shop.erased(*ALL_OF_HER)
    assert dry["S3 objects replaced"] == 6


def test_objects_that_no_loader_has_read_are_erased_too(shop):
    shop.erased(*ALL_OF_HER)

    assert shop.places_of(USER) == shop.places_of(MAIL) == []
    loaded = shop.loads()
    assert (loaded["inserted"], loaded["rejected"]) == (17, 1)
