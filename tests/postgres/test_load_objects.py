"""Objects of every name, number and size."""

import json
import subprocess
import sys

import obstore
import pytest

from loader_lambda import objects
from loader_lambda.objects import SMALL_OBJECT_BYTES
from loader_lambda.records import BLOCK_BYTES

HOUR = "events/2026/01/05/10/"
# The process tells its own peak: what getrusage says includes the process that it was forked from.
PRINT_MEMORY = """
import json, sys
from loader_lambda.handler import handler
result = handler({"overridePrefix": sys.argv[1]})
[peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(json.dumps([result["inserted"], int(peak)]))
"""


def closes(result):
    return result["objects"] == result["skipped"] + result["processed"] + result["remaining"]


NAMES = [
    *("with spaces .json", "été ☃ 🛒.json", "quotes'\"`.json", "100%.json", "%41%2F%zz.json", "..dots..json"),
    *("plus+and&equals=?.json", "hash#;,:@!$()*~.json", "back\\slash.json", "a/b/c/deep.json", "x" * 200),
]


def test_keys_of_any_characters(bucket, warehouse, load):
    keys = [HOUR + name for name in NAMES]
    for key in keys:
        bucket.put(key, b'{"n":1}\nbad')
    assert sorted(bucket.keys()) == sorted(keys)

    assert load({"overridePrefix": HOUR})["processed"] == len(keys)
    assert load({"overridePrefix": HOUR})["skipped"] == len(keys)

    for table in ("events", "rejected_events", "loaded_objects"):
        found = [key for (key,) in warehouse.rows(f"select object_key from raw.{table}")]
        assert sorted(found) == sorted(keys)


def test_folder_markers_and_empty_objects_are_recorded_with_no_events(bucket, warehouse, load):
    bucket.put(f"{HOUR}empty.json", b"")
    bucket.put(f"{HOUR}folder/", b"")
    bucket.put(f"{HOUR}a.json", b'{"n":1}')

    result = load({"overridePrefix": HOUR})

    assert result["objects"] == result["processed"] == len(bucket.keys())
    assert load({"overridePrefix": HOUR})["skipped"] == len(bucket.keys())
    assert warehouse.rows("select sum(event_count), sum(rejected_count) from raw.loaded_objects") == [(1, 0)]


def test_a_prefix_ends_where_its_name_ends(bucket, load):
    bucket.put("events/2026/01/05/10/a.json", b"{}")
    bucket.put("events/2026/01/05/100/b.json", b"{}")
    bucket.put("other/2026/01/05/10/c.json", b"{}")
    assert load({"overridePrefix": HOUR})["objects"] == 1
    assert load({"overridePrefix": "events/2026/"})["objects"] == 2


def test_more_objects_than_one_listing_answers(bucket, warehouse, load):
    for number in range(1_100):
        obstore.put(load.__globals__["BUCKET"], f"{HOUR}{number:04}.json", b'{"n":%d}' % number)
    assert len(bucket.keys()) == 1_100

    result = load({"overridePrefix": HOUR})

    assert closes(result)
    assert (result["objects"], result["inserted"]) == (1_100, 1_100)
    assert warehouse.rows(
        "select count(distinct payload), sum((payload ->> 'n')::int), count(distinct object_key)"
        " from raw.events"
    ) == [(1_100, 1_100 * 1_099 // 2, 1_100)]


def test_more_objects_than_one_page_holds(bucket, warehouse, load, monkeypatch):
    monkeypatch.setattr(objects, "LISTING_PAGE", 3)
    keys = [f"events/2026/01/05/{hour:02}/{number}.json" for hour in (8, 10, 11) for number in range(7)]
    for key in keys[::2]:
        bucket.put(key, b"{}\n{}")
    assert load({"overridePrefix": "events/2026/01/05/"})["processed"] == len(keys[::2])
    for key in keys:
        bucket.put(key, b"{}\n{}")

    result = load({"overridePrefix": "events/2026/01/05/"})

    assert closes(result)
    assert (result["objects"], result["skipped"]) == (len(keys), len(keys[::2]))
    assert warehouse.rows("select object_key from raw.loaded_objects order by 1") == [(key,) for key in keys]
    assert warehouse.rows("select count(*) from raw.events") == [(2 * len(keys),)]


def test_a_batch_is_one_transaction(bucket, warehouse, import_with):
    for number in range(7):
        bucket.put(f"{HOUR}{number}.json", b"{}\n{}\n{}")
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    handler = import_with("loader_lambda.handler", {**environment, "MAX_RECORDS_PER_BATCH": "8"}).handler

    handler({"overridePrefix": HOUR})

    batches = warehouse.rows("select count(*) from raw.events group by xmin::text order by min(object_key)")
    assert batches == [(6,), (6,), (6,), (3,)]
    assert warehouse.rows("select count(distinct xmin::text) from raw.loaded_objects") == [(4,)]
    assert warehouse.rows("select object_count, event_count from raw.loads") == [(7, 21)]


LAYOUTS = {
    "lines": lambda events: b"\n".join(map(dump, events)),
    "one line": lambda events: b"[" + b",".join(map(dump, events)) + b"]",
    "indented": lambda events: json.dumps(events, indent=1).encode(),
}


def dump(event):
    return json.dumps(event).encode()


def test_a_key_that_cannot_be_addressed_is_named_and_the_others_load(bucket, warehouse, load):
    bucket.put(f"{HOUR}a\tb.json", b"{}")
    bucket.put(f"{HOUR}c.json", b"{}")
    with pytest.raises(
        RuntimeError, match=r"^1 objects could not be fetched.*a\tb\.json: Could not parse path"
    ):
        load({"overridePrefix": HOUR})
    assert warehouse.rows("select status, event_count from raw.loads") == [("partial", 1)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_object_of_several_blocks(bucket, warehouse, load, layout):
    events = [{"n": n, "pad": "x" * 1_000} for n in range(3 * BLOCK_BYTES // 1_000)]
    body = LAYOUTS[layout](events)
    assert len(body) > max(SMALL_OBJECT_BYTES, 2 * BLOCK_BYTES)
    bucket.put(f"{HOUR}a.json", body)
    bucket.put(f"{HOUR}b.json", b'{"n":-1}')

    result = load({"overridePrefix": HOUR})

    assert (result["processed"], result["inserted"], result["rejected"]) == (2, len(events) + 1, 0)
    assert warehouse.rows(
        "select count(*), sum((payload ->> 'n')::int), bool_and((payload ->> 'n')::int = line_number - 1)"
        " from raw.events where object_key like '%%a.json'"
    ) == [(len(events), len(events) * (len(events) - 1) // 2, True)]


def test_many_small_rows_fit_in_memory(bucket, warehouse):
    """2 MB of text, and more than 200 MB of records if they were all held at once."""
    bucket.put(f"{HOUR}a.json", b"{}\n" * 700_000)
    done = subprocess.run(
        [sys.executable, "-c", PRINT_MEMORY, HOUR],
        env={**bucket.environment, **warehouse.environment("clickmart_loader")},
        capture_output=True,
        text=True,
        check=True,
    )
    inserted, kilobytes = json.loads(done.stdout.splitlines()[-1])
    assert inserted == 700_000
    assert kilobytes < 200 * 1024
