"""Every object of the corpus gets its verdict, in whatever pieces its bytes come."""

import pytest

from loader_lambda.objects import unpacked
from loader_lambda.records import Event, read_records
from tests.hostile.cases import bytes_of, cases

OBJECTS = cases("objects")


def pieces(data, size):
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize("case", OBJECTS.values(), ids=OBJECTS)
def test_an_object_gets_its_verdict(case):
    data = bytes_of(case["body"])
    for size in (1_000_000, 7) if len(data) < 100_000 else (1_000_000, 65_537):
        found = list(read_records(unpacked(pieces(data, size))))
        rejected = {str(each.line_number): each.reason for each in found if not isinstance(each, Event)}
        assert rejected == case.get("rejected", {})
        assert len(found) - len(rejected) == case["events"]
