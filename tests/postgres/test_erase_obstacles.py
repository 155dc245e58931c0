"""Whatever happens to an erasure: it is completed, it leaves no secret, and it says what is wrong."""

import pytest

from tests.postgres.erasure_fixtures import Shop, numbers
from tests.postgres.erasure_history import (
    ALL_OF_HER,
    BROKEN,
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

pytestmark = pytest.mark.parametrize("server", ["postgres-18"], indirect=True)


@pytest.fixture
def shop(bucket, warehouse, load):
    shop = Shop(bucket, warehouse, load)
    shop.receives(history() | later_history())
    return shop


DEATHS = [
    "ledger:note",
    "s3:unloaded",
    "s3:replace",
    "s3:Bucket.replace",
    "ledger:finish_object",
    "warehouse:half_known_objects",
    "warehouse:vacuum",
    "ledger:finish",
]


@pytest.mark.parametrize("death", DEATHS)
def test_killed_anywhere_the_same_command_completes_it(shop, death):
    shop.loads()
    with shop.warehouse.connect() as connection:
        connection.execute("analyze")
    shop.receives({f"{FIRST_HOUR}/events-new.json": lines(HERS[0], HERS[4], BROKEN)})
    killed = shop.erases(*ALL_OF_HER, dying_in=death)
    assert killed.returncode == -9, killed.stdout + killed.stderr

    # What the first try did not see, and what it saw and did not come to.
    shop.receives({f"{FIRST_HOUR}/events-newer.json": lines(HERS[4], OTHERS[0], BROKEN)})
    between = shop.loads()
    assert between["changed"] <= (death == "ledger:finish_object")
    completed = shop.erased(*ALL_OF_HER)

    for personal in (USER, SECOND_CLIENT, MAIL):
        assert shop.places_of(personal) == []
    assert shop.loads()["changed"] == 0
    assert shop.warehouse.rows("select count(*) from raw.erasure_objects") == [(0,)]
    assert shop.warehouse.rows("select count(*) from raw.erasures where finished_at is null") == [(0,)]
    assert completed["S3 objects replaced"] >= 7 - (death == "ledger:finish_object")
    kept = shop.payloads() | shop.rejects()
    assert kept["d.json", 1]["user_id"] == kept["f.json", 4]["userId"]
    assert shop.reloaded() == kept


def test_a_dead_ones_numbers_are_told_and_it_is_named_until_its_own_command_completes_it(shop):
    shop.loads()
    shop.erases(*ALL_OF_HER, dying_in="ledger:finish")
    other = shop.erases("--client-id", "c-b")
    assert other.stdout.splitlines()[0].startswith("erasure 2, begun 2")
    assert other.stdout.splitlines()[-1] == "erasures of others that are not finished: 1"

    done = shop.erases(*ALL_OF_HER)

    assert done.stdout.startswith("erasure 1, 3, begun 2")
    assert "UTC, finished 2" in done.stdout
    assert numbers(done.stdout)["S3 objects replaced"] == 5
    assert numbers(done.stdout)["raw.rejected_events"] == 1


def test_no_file_of_the_database_holds_a_secret_of_what_is_finished(shop):
    shop.loads()
    shop.erases(*ALL_OF_HER, dying_in="ledger:finish")
    shop.erases("--client-id", "c-b", dying_in="ledger:finish")
    [(of_hers,), (of_others,)] = shop.warehouse.rows(
        "select secret from raw.erasure_secrets order by erasure_id"
    )
    with shop.warehouse.connect() as earlier:
        earlier.execute("begin isolation level repeatable read")
        earlier.execute("select from raw.loads")

        shop.erased(*ALL_OF_HER)

        with shop.warehouse.server.connect() as connection:
            connection.execute("checkpoint")
        folder = shop.warehouse.server.data / "base"
        files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    assert any(of_others in content for content in files)
    assert not any(of_hers in content for content in files)


def test_the_roles_of_every_day_read_no_secret(warehouse):
    for role in ("clickmart_loader", "clickmart_dbt", "clickmart_dashboard"):
        for table in ("raw.erasures", "raw.erasure_secrets", "raw.erasure_objects"):
            assert warehouse.rows("select has_table_privilege(%s, %s, 'select')", role, table) == [(False,)]


def test_two_erasures_do_not_get_into_each_others_way(shop):
    with shop.warehouse.connect() as other:
        other.execute("select pg_advisory_lock(%s)", [7_305_808_872])
        done = shop.erases(*ALL_OF_HER)
    assert (done.returncode, "another erasure is at work" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "settings", "complaint"),
    [
        ((), {}, "give at least one --user-id or --client-id"),
        (("--user-id", " "), {}, "'' is no user id: give the id as the shop's pages send it"),
        (("--user-id", "u"), {"DW_PG_USER": "clickmart_loader"}, "only the owner of the database may erase"),
        (("--user-id", "u"), {"RAW_BUCKET_NAME": ""}, "RAW_BUCKET_NAME is not set"),
        (("--user-id", "u"), {"RAW_BUCKET_NAME": "no-such-bucket"}, "NoSuchBucket"),
    ],
)
def test_errors_are_one_line(shop, arguments, settings, complaint):
    if "DW_PG_USER" in settings:
        settings = {**settings, "DW_PG_PASSWORD": shop.warehouse.passwords[settings["DW_PG_USER"]]}

    done = shop.erases(*arguments, **settings)

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert complaint in line
