"""Of a bucket that keeps versions, none holds anything of the people. moto serves it, as rclone has none."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import client_of
from tests.moto_store import moto_store
from tests.postgres.erasure_fixtures import Shop, numbers, unpacked
from tests.postgres.erasure_history import ALL_OF_HER, FIRST_HOUR, HERS, MAIL, OTHERS, USER, history, lines

pytestmark = pytest.mark.parametrize("server", ["postgres-18"], indirect=True)


@pytest.fixture(scope="session")
def s3_environment(tmp_path_factory):
    with moto_store(tmp_path_factory.mktemp("moto")) as environment:
        yield environment


@pytest.fixture(scope="session")
def s3_client(s3_environment):
    with closing(client_of(s3_environment)) as client:
        yield client


@pytest.fixture
def shop(bucket, warehouse, load):
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    shop = Shop(bucket, warehouse, load)
    shop.receives(history())
    return shop


def versions(shop):
    """Every byte that can still be got, by key."""
    client, name = shop.bucket.client, shop.bucket.name
    pages = client.get_paginator("list_object_versions").paginate(Bucket=name)
    return [
        (
            version["Key"],
            unpacked(
                client.get_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])[
                    "Body"
                ].read()
            ),
        )
        for page in pages
        for version in page.get("Versions", [])
    ]


def holding(shop, *texts):
    return {
        key
        for key, body in versions(shop)
        if any(text.encode() in body or MAIL.encode() in body for text in texts)
    }


HER_IDS = ("Device.1", "O'Hara", "tablet-of-zoe")


@pytest.mark.parametrize(
    "death", ["", "s3:Bucket.replace", "s3:Bucket.delete_old_versions", "ledger:finish_object"]
)
def test_no_version_of_any_object_holds_them(shop, death):
    overwritten, deleted = f"{FIRST_HOUR}/events-over.json", f"{FIRST_HOUR}/events-gone.json"
    shop.receives({overwritten: lines(HERS[4]), deleted: lines(HERS[4])})
    shop.loads()
    shop.receives({overwritten: lines(OTHERS[1]), f"{FIRST_HOUR}/events-new.json": lines(HERS[4])})
    shop.bucket.client.delete_object(Bucket=shop.bucket.name, Key=deleted)
    of_another = f"{FIRST_HOUR}/events-e.json"
    shop.receives({of_another: shop.bucket.get(of_another)})
    assert {overwritten, deleted} < holding(shop, USER)
    if death:
        assert shop.erases(*ALL_OF_HER, dying_in=death).returncode == -9

    receipt = shop.erased(*ALL_OF_HER)

    assert holding(shop, *HER_IDS) == {
        f"{FIRST_HOUR}/events-c.json",
        of_another,
    }  # of another, called almost so
    kept = [key for key, _ in versions(shop)]
    assert kept.count(of_another) == 2
    assert len(kept) == len(set(kept)) + 1
    assert receipt["old versions of objects deleted"] >= 4
    assert shop.payloads()["over.json", 1]["user_id"].startswith("erased-")
    assert shop.loads()["changed"] == 0


def test_an_object_that_is_locked_stops_no_other_and_is_named(shop):
    client, name = shop.bucket.client, f"{shop.bucket.name}-locked"
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    locked = Shop(
        type(shop.bucket)(name, {**shop.bucket.environment, "RAW_BUCKET_NAME": name}, client),
        shop.warehouse,
        shop.load,
    )
    keys = list(history())
    locked.receives(history())
    until = datetime.now(UTC) + timedelta(days=1)
    client.put_object_retention(
        Bucket=name, Key=keys[1], Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
    )

    done = locked.erases(*ALL_OF_HER)

    assert done.returncode == 1
    assert "1 objects stay as they are, so it is not finished" in done.stderr
    assert keys[1] in done.stderr.splitlines()[-1]
    assert ", not finished" in done.stdout.splitlines()[0]
    assert numbers(done.stdout)["S3 objects replaced"] == 3
    assert holding(locked, "O'Hara", "cart-z") == {keys[1]}
    assert shop.warehouse.rows("select count(*) from raw.erasure_secrets") == [(1,)]
