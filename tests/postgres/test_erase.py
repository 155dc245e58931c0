"""What is erased from raw and from S3, and what stays there. See test_dbt_erase.py for the marts."""

import json

import pytest

from tests.postgres.erasure_fixtures import Shop, numbers
from tests.postgres.erasure_history import (
    ADDRESS,
    ALL_OF_HER,
    BROKEN,
    CLIENT,
    FIRST_HOUR,
    HERS,
    MAIL,
    OF_OTHERS,
    OTHERS,
    SECOND_CLIENT,
    USER,
    history,
    later_history,
    lines,
)


@pytest.fixture
def shop(bucket, warehouse, load):
    shop = Shop(bucket, warehouse, load)
    shop.receives(history() | later_history())
    return shop


def test_what_stays_of_an_event_is_what_the_models_read(shop):
    shop.loads()
    assert {"raw.events", "raw.rejected_events"} <= {*shop.places_of(USER), *shop.places_of(CLIENT)}
    before = shop.objects()

    shop.erased(*ALL_OF_HER)

    rows, after = shop.payloads(), shop.objects()
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
    # One id, one pseudonym.
    assert {rows[place]["clientId"] for place in (("b.json.gz", 2), ("c.json", 1), ("d.json", 1))} == {client}
    assert rows["c.json", 1]["userId"] == rows["f.json", 1]["userId"] == user != client

    for personal in (USER, SECOND_CLIENT, MAIL, "Way 1", "cart-z", "tru}"):
        assert shop.places_of(personal) == []
    assert shop.places_of(ADDRESS)  # others are at it, too
    # The id of another who is called like her but for one character.
    assert {row for body in after.values() for row in body.split(b"\n") if CLIENT.encode() in row} == {
        lines(OTHERS[3]).strip()
    }
    assert after[f"{FIRST_HOUR}/events-e.json"] == before[f"{FIRST_HOUR}/events-e.json"]
    for number in (1, 2):
        assert lines(OTHERS[number]).strip() in b"\n".join(after.values())
    assert json.dumps(OTHERS[2]).encode() in after[f"{FIRST_HOUR}/events-d.json"]
    assert shop.bucket.get(f"{FIRST_HOUR}/events-b.json.gz").startswith(b"\x1f\x8b")


def test_the_loader_sees_no_change_and_would_load_the_same_rows_again(shop):
    beyond_what_raw_keeps = f'{{"deep": "{"x" * 3_000}", "clientId": "{CLIENT}", "broken": tru}}'
    shop.receives(
        {f"{FIRST_HOUR}/events-long.json": lines(beyond_what_raw_keeps, '"\\u0000"', f'["{MAIL}"]')}
    )
    shop.loads()
    reasons = {place: reason for place, (reason, _) in shop.rejects().items()}

    shop.erased(*ALL_OF_HER)

    again = shop.loads()
    assert (again["changed"], again["processed"]) == (0, 0)
    kept = shop.payloads() | shop.rejects()
    assert {place: reason for place, (reason, _) in shop.rejects().items()} == reasons
    assert len(kept["a.json", 3][1]) == len(BROKEN)
    assert "deep" not in kept["long.json", 1][1]
    assert shop.reloaded() == kept


def test_events_of_others_are_never_touched(shop):
    shop.receives({f"{FIRST_HOUR}/events-others.json": (others := lines(*OF_OTHERS))})
    shop.loads()
    before = shop.payloads()

    receipt = shop.erased(*ALL_OF_HER)

    assert shop.bucket.get(f"{FIRST_HOUR}/events-others.json") == others
    of_others = {place: payload for place, payload in before.items() if place[0] == "others.json"}
    assert len(of_others) == len(OF_OTHERS)
    assert of_others.items() <= shop.payloads().items()
    assert sum(count for name, count in receipt.items() if name.startswith("raw.events")) == len(HERS) + 2


def test_only_what_is_asked_for_is_erased_and_other_ids_are_told_aside(shop):
    shop.loads()

    done = shop.erases("--user-id", USER)

    assert done.stderr.splitlines() == [
        f"seen in the same events, and not erased: client '{CLIENT}'",
        f"seen in the same events, and not erased: client '{SECOND_CLIENT}'",
    ]
    assert not any(each in done.stdout for each in (USER, CLIENT, SECOND_CLIENT))
    assert numbers(done.stdout)["other ids in the same events, not erased"] == 2
    # An event that was sent under another id only names this one in its address.
    assert shop.places_of(USER) == [f"{FIRST_HOUR}/events-a.json"]
    assert "raw.events" in shop.places_of(SECOND_CLIENT)
    assert numbers(done.stdout)["rows"] == 4
    then = shop.erases("--client-id", CLIENT, "--client-id", SECOND_CLIENT)
    assert (then.returncode, then.stderr) == (0, "")


def test_a_short_id_is_not_taken_for_a_product(shop):
    shop.loads()

    shop.erased("--user-id", "42")

    rows = shop.payloads()
    assert rows["a.json", 5]["userId"].startswith("erased-")
    assert rows["a.json", 5]["product"]["id"] == 42
    assert rows["a.json", 4]["product"]["id"] == 42
    assert rows["c.json", 2]["pageUrl"].endswith("/p/42")


def test_a_second_time_finds_nothing_nor_does_who_asks_for_nobody(shop):
    shop.loads()
    shop.erased(*ALL_OF_HER)
    before = shop.objects(), shop.payloads()

    again = shop.erased(*ALL_OF_HER)
    nobody = shop.erased("--user-id", "nobody'; drop table raw.events; --", "--client-id", "%")

    assert (shop.objects(), shop.payloads()) == before
    assert not any(again.values())
    assert not any(nobody.values())


def test_a_dry_run_counts_and_writes_nothing(shop):
    shop.loads()
    shop.receives({f"{FIRST_HOUR}/events-new.json": lines(HERS[0])})
    written = "select ctid::text, xmin::text, payload from raw.events order by 1, 2"
    before = shop.objects(), shop.warehouse.rows(written)

    dry = shop.erased(*ALL_OF_HER, "--dry-run")

    assert (shop.objects(), shop.warehouse.rows(written)) == before
    assert shop.warehouse.rows("select from raw.erasures") == []
    assert dry == shop.erased(*ALL_OF_HER)
    assert dry["S3 objects replaced"] == 6


def test_objects_that_no_loader_has_read_are_erased_too(shop):
    shop.erased(*ALL_OF_HER)

    assert shop.places_of(USER) == shop.places_of(MAIL) == []
    loaded = shop.loads()
    assert (loaded["inserted"], loaded["rejected"]) == (17, 1)


def test_what_was_erased_cannot_be_queried_from_what_postgresql_keeps_of_it(shop):
    shop.loads()
    with shop.warehouse.connect() as connection:
        connection.execute("analyze")
    shop.erases(*ALL_OF_HER, dying_in="warehouse:vacuum")
    assert shop.places_of(MAIL) == ["pg_stats"]

    shop.erased(*ALL_OF_HER)

    assert shop.places_of(MAIL) == []
    vacuumed = shop.warehouse.rows(
        "select relname from pg_stat_user_tables where schemaname = 'raw' and last_vacuum is not null"
    )
    assert {("rejected_events",)} < set(vacuumed)
