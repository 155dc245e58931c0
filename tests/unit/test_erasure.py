"""What of an address, an event and an object gives way to a pseudonym, and what stays."""

import gzip
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erasure import payloads
from erasure.command import ErasureError, asked_for
from erasure.objects import UnfitObjectError, masked, rewritten
from erasure.payloads import address, dumps, erased, loads
from erasure.people import People
from erasure.receipt import Receipt
from erasure.warehouse import REPLACE_SESSIONS
from loader_lambda.faults import judge
from loader_lambda.objects import unpacked
from loader_lambda.records import Event, read_records
from local_stack.home import PROJECT

MAIL = "zoe@mail.example"
PEOPLE = People([("client", "42"), ("user", MAIL)], b"secret")
CLIENT, USER = PEOPLE.alias("client", "42"), PEOPLE.alias("user", MAIL)


def after(people=PEOPLE, **event):
    return json.loads(dumps(erased(loads(json.dumps(event)), people)))


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
    assert address(sent) == kept
    assert address(kept) == kept


def test_an_address_that_dbt_leaves_out_for_its_length_stays_as_long():
    short = address("https://shop.example/?token=" + "x" * 4_068)
    long = address("https://shop.example/?token=" + "x" * 4_069)

    assert short == "https://shop.example/?token=erased"
    assert (len(long), long.rstrip("-")) == (4_097, short)
    assert address(long) == long
    limit = re.search(r"url_max_characters: (\d+)", (PROJECT / "dbt_project/dbt_project.yml").read_text())
    assert limit[1] == "4096"


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


def test_sessions_are_called_as_dbt_calls_them():
    model = (PROJECT / "dbt_project/models/intermediate/events/int_events_sessionized.sql").read_text()
    (formula,) = re.findall(r"md5\(.*\)::text\)|md5\(array.*?::text\)", model)
    ours = REPLACE_SESSIONS.as_string()
    assert formula in ours
    assert formula.replace("visitor_id", "replaced.new") in ours


@pytest.mark.parametrize("value", ["42", 42, " 42\n", "\t42"])
@pytest.mark.parametrize("name", ["clientId", "client_id"])
def test_an_id_is_found_however_it_is_written(name, value):
    assert after(**{name: value}) == {name: CLIENT}


@pytest.mark.parametrize("number", ["42", "4.2e1", "420E-1", "0.42e+2"])
def test_an_id_is_found_whatever_number_it_is(number):
    stored = rewritten(f'{{"clientId":{number}}}'.encode(), PEOPLE)
    is_forty_two = number != "420E-1"  # which PostgreSQL writes as 42.0
    assert (stored is not None) == is_forty_two


@pytest.mark.parametrize("value", [420, "4 2", [42], True, None, "x42", MAIL])
def test_what_is_another_id_stays(value):
    event = {"clientId": value, "userId": "42", "other": "42", "eventName": "42", "42": MAIL}
    assert after(**event) == event


@pytest.mark.parametrize("other", ["ZOE@mail.example", "Zoe@mail.example", "zoe%40mail.example"])
def test_ids_that_are_alike_are_others(other):
    event = {"userId": other, "pageUrl": f"https://shop.example/?u={MAIL}", "email": MAIL}
    assert after(**event) == event


@pytest.mark.parametrize("word", ["checkout_complete", "eventName", "anonymous", "product"])
def test_an_id_that_is_a_word_of_the_schema_changes_no_other_word(word):
    people = People([("client", word)], b"secret")
    event = {"eventName": word, "userLoginState": word, "product": {"name": word}}
    assert after(people, **event, clientId="7") == {**event, "clientId": "7"}
    assert after(people, **event, clientId=word) == {**event, "clientId": people.alias("client", word)}


def test_the_first_name_tells_whose_an_event_is_and_no_name_keeps_the_id():
    others = after(clientId="someone", client_id="42", secret="stays")
    assert others == {"clientId": "someone", "client_id": CLIENT, "secret": "stays"}
    assert after(clientId=None, client_id="42", secret="goes") == {"clientId": None, "client_id": CLIENT}


def test_each_id_has_a_pseudonym_of_its_own():
    texts = ["42", "u-1", "U-1", "u%2D1", "user:u-1"]
    pseudonyms = {PEOPLE.alias(kind, text) for kind in ("user", "client", "session") for text in texts}
    assert len(pseudonyms) == 3 * len(texts)


@pytest.mark.parametrize("number", ["1e400", "0.10", "12345678901234567890.0", "-0"])
def test_numbers_keep_their_digits(number):
    text = f'{{"clientId":"42","isFirstVisit":{number},"product":{{"price":{number}}}}}'
    assert dumps(erased(loads(text), PEOPLE)) == text.replace('"42"', f'"{CLIENT}"')


def test_what_fits_no_column_still_fits_none_and_what_was_too_long_is_too_long():
    changed = after(
        clientId=42, sessionId={"a": "b"}, userId=[1], session_id="x" * 200, items=["x", {"id": 1, "a": 1}]
    )
    assert (changed["sessionId"], changed["userId"], changed["items"]) == ([], [], [None, {"id": 1}])
    assert len(changed["session_id"]) == 200
    assert "xx" not in changed["session_id"]


LONG, VERY_LONG = b"x" * 1_100_000, b"x" * 5_000_000
OBJECTS = {
    "lines": b'{"clientId":"42","a":1}\r\n\n{"clientId":"7"}\n',
    "marked": b'\xef\xbb\xbf{"clientId":"42","a":1}\n',
    "array over lines": b'[\n{"clientId":\n"42"},\n{"clientId":"7"}\n]\n',
    "broken": b'{"clientId":"42","mail":"z\xfcrich"\n{"clientId":"7"}\n{"clientId": "42"}}\n',
    "invalid in a string": b'{"clientId":"42","mail":"\xff"}\n{"eventName":"a"}\n',
    "no object": b'"zoe@mail.example"\n["zoe@mail.example"]\n[["zoe@mail.example",1],{"clientId":"7"}]\n',
    "a NUL": b'{"clientId":"42","a":"\\u0000"}\n',
    "half a pair": b'{"clientId":"42","a":"\\ud800"}\n',
    "beyond numbers": b'{"clientId":"42","a":1e999999999999}\n{"a":1e-99999,"b":"42"}\n',
    "too large": b'{"clientId":"42","a":"' + LONG + b' zoe@mail.example"}\n{"eventName":"b"}\n',
    "far too large": b'{"clientId":"42","a":"' + VERY_LONG + b' Way 1"}\n{"eventName":"b"}\n',
    "far too large at its end": b'{"a":"' + VERY_LONG + b' zoe@mail.example"}\n{"eventName":"b"}\n',
    "far too large in an array": b'tru\n[{"eventName":"a"},["' + VERY_LONG + b',"42"\n{"eventName":"b"}\n',
    "escaped": b'{"clientId":"\\u0034\\u0032","userId":"zo\\u0065@mail.example"}\n',
    "escaped and broken": b'{"clientId":"\\u0034\\u0032","userId":"zo\\u0065@mail.example"\n',
    "encoded and broken": b'{"a":"?u=zoe%40mail.example"\n{"a":"?u=zo%65%40mail.example"\n',
    "deep": b'{"clientId":"42","a":' + b"[" * 900 + b"]" * 900 + b"}\n",
    "too deep": b'{"clientId":"42","a":' + b"[" * 1100 + b"]" * 1100 + b"}\n",
    "too deep in an array": b'tru\n[{"eventName":"a"},{"clientId":"42","a":' + b"[" * 1100,
    "said twice": b'{"clientId":"42","a":1,"clientId":"7"}\n',
}


def verdicts(stored):
    return [
        None if isinstance(record, Event) else record.reason for record in read_records(unpacked([stored]))
    ]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_stays_the_same_documents(name, packed):
    content = OBJECTS[name]
    stored = rewritten(gzip.compress(content) if packed else content, PEOPLE)
    assert stored is not None
    changed = gzip.decompress(stored.body) if packed else stored.body

    assert not re.search(rb'zo(e|\\u0065|%65)|Way|[^\\]"42"|\\u0034', changed)
    assert verdicts(changed) == verdicts(content)
    assert rewritten(stored.body, PEOPLE) is None
    rejects = {
        number: record.raw_text
        for number, record in enumerate(read_records([changed]), start=1)
        if not isinstance(record, Event)
    }
    assert {number: rejects[number] for number in stored.rejects} == stored.rejects


PIECES = st.sampled_from([
    b'{"clientId":"42","a":[1]}', b'{"clientId":"7","n":0.10}', b'{"userId":"zoe@mail.example"',
    b'"zoe@mail.example"', b'{"a":"\\u0000 zoe@mail.example"}', b'{"a":"\\ud83d","b":"\\u0034\\u0032"}',
    b'{"a":-1e-999999,"b":"42"}', b'{"clientId":"42","a":' + b"[" * 1100,
    b"[" * 1100 + b'"42"' + b"]" * 1100 + b"}", b"tru 42", b"true", b"[", b"]", b"{", b"}", b",", b":",
    b'"', b"\\", b"\n", b"\r\n", b" ", b"\xff", b"\x00", b"\xc3\xab", b"\\u00e9", b"[[],{}]", b"-", b"1e5",
    b'"42"', b"zoe%40mail.example", b"012",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(PIECES, max_size=12))
def test_any_object_stays_the_same_documents(pieces):
    content = b"".join(pieces)
    stored = rewritten(content, PEOPLE)
    if stored is not None:
        assert verdicts(stored.body) == verdicts(content)
        assert b"zoe" not in stored.body
        assert rewritten(stored.body, PEOPLE) is None


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(PIECES, max_size=6))
def test_a_masked_document_is_rejected_for_the_same_reason(pieces):
    document = b"".join(pieces)
    if fault := judge(document):
        changed = masked(document, fault.reason)
        assert judge(changed).reason == fault.reason
        assert masked(changed, fault.reason) == changed
        assert not re.search(rb"zoe|42|[a-wyz\xc3]{2}", changed.replace(b"\\u0000", b""))


def test_only_what_is_theirs_changes_in_an_object():
    theirs, nested = b'{"clientId":"42"}', b'{"clientId":"7","deep":{"clientId":"42"} ,"n":123456789012.50}'
    stored = rewritten(b"\n".join([nested, theirs, nested, b'"42"', b""]), PEOPLE)
    changed = f'{{"clientId":"{CLIENT}"}}'.encode()
    assert stored.body == b"\n".join([nested, changed, nested, b'"x"', b""])


def test_of_two_members_of_one_name_the_one_stays_that_raw_has():
    stored = rewritten(b'{"clientId": "42", "a": 1.0, "clientId": "7", "b": {"b": 1, "b": 2}}\n', PEOPLE)
    assert stored.body == b'{"clientId":"7","a":1.0,"b":{"b":2}}\n'


@pytest.mark.parametrize(
    ("id_", "text", "is_named"),
    [
        ("42", '{"id": "42"', True),
        ("42", "{a: 42", False),
        ("1234", "{a: 1234", True),
        ('a"b\\c', '{"a": "a\\"b\\\\c"', True),
        ("客户-7", "{%E5%AE%A2%e6%88%b7-7", True),
        ("客户-7", '{"\\u5ba2\\u6237-7', True),
        ("😀-77", '{"\\ud83d\\ude00-77', True),
        ("a b/c", "{?u=a+b%2Fc", True),
        ("abcd", "ABCD", False),
    ],
)
def test_an_id_is_found_in_a_broken_text(id_, text, is_named):
    assert People([("user", id_)], b"").are_named_in(text) == is_named


def test_a_damaged_object_stays_damaged():
    content = b"".join(b'{"clientId":"42","n":%d}\n' % number for number in range(5_000))
    damaged = gzip.compress(content)[:-1_000]

    stored = rewritten(damaged, PEOPLE)

    assert verdicts(stored.body) == verdicts(damaged)
    assert verdicts(damaged)[-1] == "unreadable_object"


def test_what_holds_nothing_of_theirs_is_left_alone():
    assert rewritten(b'{"clientId": "7" }\n', PEOPLE) is None
    assert rewritten(b'{"clientId": "7", "clientId": "8" }\n', PEOPLE) is None
    assert rewritten(b"", PEOPLE) is None
    assert rewritten(b"\x1f\x8b nonsense", PEOPLE) is None


def test_an_object_that_would_be_other_documents_is_refused(monkeypatch):
    monkeypatch.setitem(__import__("erasure.objects").objects.STAND_INS, "not_an_object", b"{}")
    with pytest.raises(UnfitObjectError):
        rewritten(b'"zoe@mail.example"\n', PEOPLE)


@pytest.mark.parametrize("id_", ["", " \t", "a\0b", "\ud800", "x" * 129])
def test_what_dbt_reads_as_no_id_is_none(id_):
    with pytest.raises(ErasureError, match="is no user id"):
        asked_for([id_], [])


def test_ids_of_others_are_shown_as_no_terminal_obeys_them():
    receipt = Receipt(other_ids={("user", "\x1b[2J\nfinished" + "x" * 200)})
    assert not any("finished" in line for line in receipt.lines())
    (aside,) = receipt.asides()
    assert aside.isprintable()
    assert len(aside) < 150
