"""Names in the environment are names: nothing else is written to for what they say, and nothing dropped."""

import psycopg
import pytest

pytestmark = pytest.mark.parametrize("server", ["postgres-18"], indirect=True)
HOUR = "events/2026/01/05/10/"
TABLES = [
    *(
        "raw.events; drop table raw.loads; --",
        'raw.events" (load_id) values (1); --',
        "raw.loads) from program 'id'",
    ),
    *(
        "pg_catalog.pg_authid",
        "raw.events_default.payload",
        "'raw'.'events'",
        "raw.{}",
        "%s.%s",
        "raw.EVENTS",
        "raw. events",
        "raw.events/**/",
    ),
]
BUCKETS = [
    "..",
    "../{}",
    "{}/../other",
    "{}?versions",
    "{}#",
    "{} ",
    "{}\n",
    "{}\r\nHost: evil.example",
    "evil.example/{}",
]
EVERYTHING = """
    select
        (select array_agg(relname order by relname) from pg_class where relnamespace = 'raw'::regnamespace),
        (select count(*) from raw.events),
        (select count(*) from raw.loaded_objects)
"""


@pytest.mark.parametrize("table", TABLES, ids=repr)
def test_a_table_is_one_that_is_there_or_none(bucket, warehouse, start, table):
    bucket.put(f"{HOUR}a.json", b'{"n":1}')
    before = warehouse.rows(EVERYTHING)
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader"), "TARGET_TABLE": table}

    with pytest.raises((psycopg.ProgrammingError, RuntimeError)):
        start("loader_lambda.handler", environment).handler({"overridePrefix": HOUR})

    assert warehouse.rows(EVERYTHING) == before


@pytest.mark.parametrize("name", BUCKETS, ids=repr)
@pytest.mark.parametrize("module", ["ingest_lambda.handler", "loader_lambda.handler"])
def test_what_is_no_name_of_a_bucket_is_told_at_start(bucket, warehouse, start, module, name):
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}

    with pytest.raises(RuntimeError, match="RAW_BUCKET_NAME must be"):
        start(module, {**environment, "RAW_BUCKET_NAME": name.format(bucket.name)})
