"""What of a text, an address, an event and an object gives way to a pseudonym, and what stays."""

import gzip
import json
import re

import pytest

from erasure import payloads
from erasure.objects import rewritten
from erasure.payloads import dumps, erased, loads
from erasure.people import Identity, People
from erasure.urls import without_parameters
from loader_lambda.records import read_records
from local_stack.home import PROJECT

USER = Identity("user", "zoe@mail.example", 1, b"one")
CLIENT = Identity("client", "42", 2, b"two")
PEOPLE = People([CLIENT, USER])


def after(**event):
    return json.loads(dumps(erased(loads(json.dumps(event)), PEOPLE)))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://me:secret@shop.example/a/b?x=1&gclid=z&utm_source=n&y=#top", "https://shop.example/a/b?x=erased&gclid=erased&utm_source=n&y="),
        ("/p?zoe@mail.example", "/p?erased"),
        ("android-app://com.example/a@b", "android-app://com.example/a@b"),
        ("no address", "no address"),
        ("https://shop.example?&&a=b?c=d", "https://shop.example?&&a=erased"),
        ("", ""),
    ],
)  # fmt: skip
def test_parameters_of_an_address_lose_their_values(sent, kept):
    assert without_parameters(sent) == kept
    assert without_parameters(kept) == kept


def test_the_names_that_stay_are_those_that_the_models_read():
    macro = (PROJECT / "dbt_project/macros/json.sql").read_text()
    read = {"payload": set(), "product": set(), "dataset": set(), "ingest": set()}
    for place, names in re.findall(r"'\w+': \['(\w+)', ([^\]]+)\]", macro):
        read[place] |= set(re.findall(r"'(\w+)'", names))
    assert read == {
        "payload": payloads.EVENT_NAMES,
        "product": payloads.PRODUCT_NAMES,
        "dataset": payloads.DATASET_NAMES,
        "ingest": payloads.INGEST_NAMES,
    }


@pytest.mark.parametrize("value", ["42", 42, " 42\n", "\t42"])
@pytest.mark.parametrize("name", ["clientId", "client_id"])
def test_an_id_is_found_however_it_is_written(name, value):
    assert after(**{name: value}) == {name: CLIENT.pseudonym}


@pytest.mark.parametrize("value", [420, "4 2", [42], True, None, "x42"])
def test_what_is_another_id_stays(value):
    assert after(clientId=value, userId="42", other="42") == {
        "clientId": value,
        "userId": "42",
        "other": "42",
    }


def test_the_first_name_tells_whose_an_event_is_and_no_name_keeps_the_id():
    others = after(clientId="someone", client_id="42", secret="stays")
    assert others == {"clientId": "someone", "client_id": CLIENT.pseudonym, "secret": "stays"}
    assert after(clientId=None, client_id="42", secret="goes") == {
        "clientId": None,
        "client_id": CLIENT.pseudonym,
    }


@pytest.mark.parametrize(
    "text",
    ["ZOE@mail.example", "u=zoe%40mail.example&", "%3Dzoe%40mail.example", "_zoe@mail.example!"],
)  # fmt: skip
def test_an_id_is_found_within_what_others_sent(text):
    changed = after(pageUrl=text, deep=[{text: 1}])
    assert "zoe" not in json.dumps(changed).lower()
    assert USER.pseudonym in changed["pageUrl"]


@pytest.mark.parametrize("text", ["azoe@mail.example", "zoe@mail.example2", "zoe@mail,example"])
def test_a_part_of_another_word_is_no_id(text):
    assert after(pageUrl=text) == {"pageUrl": text}


@pytest.mark.parametrize("number", ["1e400", "0.10", "12345678901234567890.0", "-0"])
def test_numbers_keep_their_digits(number):
    text = f'{{"clientId":"42","isFirstVisit":{number},"product":{{"price":{number}}}}}'
    assert dumps(erased(loads(text), PEOPLE)) == text.replace('"42"', f'"{CLIENT.pseudonym}"')


def test_what_fits_no_column_still_fits_none_and_what_was_too_long_is_too_long():
    changed = after(
        clientId=42, sessionId={"a": "b"}, userId=[1], session_id="x" * 200, items=["x", {"id": 1, "a": 1}]
    )
    assert (changed["sessionId"], changed["userId"], changed["items"]) == ([], [], [None, {"id": 1}])
    assert len(changed["session_id"]) == 200
    assert "xx" not in changed["session_id"]


OBJECTS = {
    "lines": b'{"clientId":"42","a":1}\r\n\n{"clientId":"7"}\n',
    "marked": b'\xef\xbb\xbf{"clientId":"42","a":1}\n',
    "array over lines": b'[\n{"clientId":\n"42"},\n{"clientId":"7"}\n]\n',
    "broken": b'{"clientId":"42","mail":"z\xfcrich"\n{"clientId":"7"}\n{"clientId": "42"}}\n',
    "invalid in a string": b'{"clientId":"42","mail":"\xff"}\n{"eventName":"a"}\n',
    "no object": b'"zoe@mail.example"\n["zoe@mail.example"]\n{"x":"zoe@mail.example"}\n',
    "unstorable": b'{"clientId":"42","a":"\\u0000"}\n{"clientId":"42","a":"\\ud800"}\n',
    "beyond numbers": b'{"clientId":"42","a":1e999999999999}\n',
    "too large": b'{"clientId":"42","a":"' + b"x" * 1_100_000 + b' zoe@mail.example"}\n{"eventName":"b"}\n',
    "escaped": b'{"clientId":"\\u0034\\u0032","userId":"zo\\u0065@mail.example"}\n',
    "deep": b'{"clientId":"42","a":' + b"[" * 900 + b"]" * 900 + b"}\n",
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_stays_the_same_documents(name, packed):
    content = OBJECTS[name]
    stored = rewritten(gzip.compress(content) if packed else content, PEOPLE)
    assert stored is not None
    changed = gzip.decompress(stored) if packed else stored

    assert b"zoe" not in changed
    assert b'"42"' not in changed
    assert changed.count(b"\n") == content.count(b"\n")
    kinds = [[type(record) for record in read_records([each])] for each in (content, changed)]
    assert kinds[0] == kinds[1]
    assert rewritten(stored, PEOPLE) is None


def test_a_damaged_object_stays_damaged():
    content = b"".join(b'{"clientId":"42","n":%d}\n' % number for number in range(5_000))
    damaged = gzip.compress(content)[:-1_000]

    stored = rewritten(damaged, PEOPLE)

    assert stored is not None
    before, changed = list(read_records(loads_of(damaged))), list(read_records(loads_of(stored)))
    assert [type(record) for record in changed] == [type(record) for record in before]
    assert changed[-1].reason == "unreadable_object"


def loads_of(body):
    from loader_lambda.objects import unpacked  # noqa: PLC0415 - read as the loader does

    return unpacked([body])


def test_what_holds_nothing_of_theirs_is_left_alone():
    assert rewritten(b'{"clientId": "7" }\n', PEOPLE) is None
    assert rewritten(b"", PEOPLE) is None
    assert rewritten(b"\x1f\x8b nonsense", PEOPLE) is None
