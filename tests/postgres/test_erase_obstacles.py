"""Whatever happens to an erasure: it is completed, it leaves no secret, and it says what is wrong."""

import pytest

from tests.postgres.erasure_fixtures import Shop
from tests.postgres.erasure_history import (
    CLIENT,
    FIRST_HOUR,
    HERS,
    MAIL,
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


DEATHS = [
    "sweep:Sweep.run",
    "replacing:Replacing.unloaded",
    "bucket:Bucket.replace",
    "ledger:finish_object",
    "ledger:finish",
]


@pytest.mark.parametrize("death", DEATHS)
def test_killed_anywhere_the_same_command_completes_it(shop, death):
    shop.loads()
    shop.receives({f"{FIRST_HOUR}/events-new.json": lines(HERS[0], HERS[4])})

    assert shop.erases(*ALL_OF_HER, dying_in=death).returncode == -9
    shop.erased(*ALL_OF_HER)

    assert shop.places_of(USER) == shop.places_of(MAIL) == []
    shop.loads()
    assert shop.load({"overridePrefix": "events/2026/"})["changed"] == 0
    rows = shop.warehouse.rows(
        "select distinct coalesce(payload ->> 'userId', payload ->> 'user_id') from raw.events"
        " where payload ->> 'eventId' in ('e4', 'e5', 'e6', 'e8')"
    )
    assert len(rows) == 1
    assert shop.warehouse.rows("select count(*) from raw.erasure_objects") == [(0,)]


def test_nothing_tells_later_whose_a_pseudonym_was(shop):
    shop.loads()
    shop.erases(*ALL_OF_HER, dying_in="ledger:finish")
    assert len(shop.warehouse.rows("select from raw.erasures where secret is not null")) == 3
    other = shop.erases("--client-id", "c-b")
    assert other.stdout.splitlines()[-1].startswith("not finished: erasures 1, 2, 3, of other ids")

    shop.erased(*ALL_OF_HER)

    assert shop.warehouse.rows(
        "select count(*), count(finished_at), count(secret), count(fingerprint) from raw.erasures"
    ) == [(4, 4, 0, 0)]


def test_the_roles_of_every_day_read_no_secret(warehouse):
    for role in ("clickmart_loader", "clickmart_dbt", "clickmart_dashboard"):
        for table in ("raw.erasures", "raw.erasure_objects"):
            assert warehouse.rows("select has_table_privilege(%s, %s, 'select')", role, table) == [(False,)]


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
