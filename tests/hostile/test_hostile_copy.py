"""What the loader calls good goes into PostgreSQL, however it came about."""

from hypothesis import strategies as st

from loader_lambda import warehouse as ledger
from loader_lambda.copying import Copier, LoadedObject
from loader_lambda.objects import StoredObject, unpacked
from loader_lambda.records import Event, read_records
from tests.hostile.mutation import bodies, mutants

# Numbers and escapes at the edges of what jsonb holds, where the two might not be of one mind.
EDGES = [
    *(b'{"n":1e131071,"m":[1e-16383,0.1e131072]}', b'{"n":0e999999999,"m":-0.000e-16380}'),
    *(b'{"n":' + b"9" * 5_000 + b".5e-999}", b'{"n":0.' + b"0" * 5_000 + b"1E+0123}"),
    *(rb'{"a":"\\u0000","b":"\ud83d\ude00","c":"\u0001"}', b'{"":{"":[{"":null}]}}'),
]


def test_postgres_holds_every_event_that_passed(warehouse, examine):
    with warehouse.connect() as connection:
        load_id = ledger.open_load(connection, {})

        def check(objects):
            found = [list(read_records(unpacked([data]))) for data in objects]
            loaded = [LoadedObject(StoredObject(f"events/{number}", None, 0)) for number in range(len(found))]
            with connection.transaction(force_rollback=True):
                Copier(connection, load_id, "raw.events").copy(
                    (each, record) for each, records in zip(loaded, found, strict=True) for record in records
                )
                [(events, rejects)] = connection.execute(
                    "select (select count(*) from raw.events), (select count(*) from raw.rejected_events)"
                ).fetchall()
            expected = [sum(isinstance(record, Event) for record in records) for records in found]
            assert [each.event_count for each in loaded] == expected, "PostgreSQL refused some"
            assert [each.event_count + each.rejected_count for each in loaded] == list(map(len, found))
            assert (events, rejects) == (sum(expected), sum(map(len, found)) - sum(expected))

        objects = st.lists(mutants(bodies("objects") + EDGES), min_size=1, max_size=12)
        examine(check, objects, examples=120, minutes=1.5)
