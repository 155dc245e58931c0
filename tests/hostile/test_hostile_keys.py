"""Whatever an object is called, no other has to wait. moto serves these names, which no folder could hold."""

from contextlib import closing

import pytest

from tests.conftest import client_of
from tests.moto_store import moto_store

pytestmark = pytest.mark.parametrize("server", ["postgres-18"], indirect=True)

ODD = {
    "spaces": " a  b .json",
    "a plus": "a+b.json",
    "quotes": "'\"`.json",
    "a command": "'; drop table raw.events; --",
    "unicode": "été ☃ 🛒\u202e.json",
    "escapes": "%2F%2e%2e%00%zz.json",
    "templates": "{{ x }}%s$1\\.json",
    "of an address": "?a=b&c#d;e:f@g.json",
    "markup": "<b>&amp;</b>.json",
    "globs": "*[a-z]{1}|~^.json",
    "deep": "/".join("a" * 200) + ".json",
    "as long as may be": "k" * (1024 - len("events/2026/01/05/10/")),
}
# The store's library can ask for none of these, S3 has them all.
UNASKABLE = ["/a.json", "a//b.json", "../a.json", "a/../b.json", "./a.json", "tab\t.json", "\x01.json"]
PREFIXES = [
    "events/../secret",
    "events//",
    "events/2026/../../",
    "events/%2e%2e/",
    "events/2026/%2e%2e/",
    "events/2026/\0",
    "events/\uff12\uff10\uff12\uff16/",
    "events/2026\u2215",
    "events/2026/\n",
    "events\\2026\\",
    "events/2026/*",
    "EVENTS/2026/",
    " events/2026/",
    "events/" + "2026/" * 10_000,
    "events/2026/01/05/10/'; drop table raw.events; --",
]


@pytest.fixture(scope="session")
def s3_environment(tmp_path_factory):
    with moto_store(tmp_path_factory.mktemp("moto")) as environment:
        yield environment


@pytest.fixture(scope="session")
def s3_client(s3_environment):
    with closing(client_of(s3_environment)) as client:
        yield client


@pytest.fixture
def hour(bucket):
    """An hour of its own, with one good object."""
    keys = bucket.keys()
    day = len({key[:17] for key in keys}) + 1
    hour = f"events/2026/01/{day:02}/10/"
    bucket.put(f"{hour}good.json", b'{"n":1}')
    return hour


def counts(warehouse, hour):
    return dict(
        warehouse.rows(
            "select object_key, event_count from raw.loaded_objects where object_key like %s", f"{hour}%"
        )
    )


def test_names_of_all_kinds_are_loaded(bucket, load, warehouse, hour):
    keys = [hour + name for name in ODD.values()]
    for key in keys:
        bucket.put(key, b'{"n":1}')

    assert load({"overridePrefix": hour})["processed"] == len(keys) + 1
    assert counts(warehouse, hour) == dict.fromkeys([*keys, f"{hour}good.json"], 1)


@pytest.mark.parametrize("name", UNASKABLE, ids=repr)
def test_a_name_that_cannot_be_asked_for_is_told_and_stops_no_other(bucket, load, warehouse, hour, name):
    bucket.put(hour + name, b'{"n":2}')

    with pytest.raises(RuntimeError, match="1 objects could not be fetched"):
        load({"overridePrefix": hour})

    assert counts(warehouse, hour) == {f"{hour}good.json": 1}
    assert warehouse.rows("select status from raw.loads order by load_id desc limit 1") == [("partial",)]

    bucket.client.delete_object(Bucket=bucket.name, Key=hour + name)
    healed = load({"overridePrefix": hour})
    assert (healed["skipped"], healed["changed"], healed["remaining"]) == (1, 0, 0)


def test_a_folder_marker_beside_an_object_of_its_name(bucket, load, warehouse, hour):
    bucket.put(f"{hour}twin", b'{"n":2}')
    bucket.put(f"{hour}twin/", b"")
    bucket.put(f"{hour}twin/inside.json", b'{"n":3}')

    assert load({"overridePrefix": hour})["inserted"] == 3
    assert load({"overridePrefix": hour})["processed"] == 0
    assert counts(warehouse, hour) == {
        f"{hour}{name}": 1 for name in ("good.json", "twin", "twin/inside.json")
    }


@pytest.mark.parametrize("prefix", PREFIXES, ids=lambda prefix: repr(prefix[:40]))
def test_a_prefix_leads_nowhere_else(load, warehouse, prefix):
    before = warehouse.rows("select count(*) from raw.loads")

    with pytest.raises(ValueError, match="overridePrefix"):
        load({"overridePrefix": prefix})

    assert warehouse.rows("select count(*) from raw.loads") == before
