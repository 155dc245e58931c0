"""What is stored is what was sent: digit for digit, on one line an event."""

import json

import pytest


def test_numbers_keep_their_digits(post, stored_lines, sample):
    sent = sample("digits.json").strip()

    assert post(sent)[0] == 200
    [line] = stored_lines()
    assert line.startswith(sent[:-1])


SHORT_NUMBERS = [
    "1e400",
    "-1e400",
    "1E-400",
    "12345678901234567890123",
    "0.1000",
    "-0",
    "-0.0",
    "1E5",
    "1e+05",
]
LONG_NUMBERS = ["9" * 5_000, "0." + "3" * 5_000, "1" + "0" * 400 + ".5", "1e99999999999"]


@pytest.mark.parametrize("place", ["%s", '{"x":%s}', '[[%s], "x"]', '["1e400 \\" 2", %s]'])
def test_any_number_is_stored_as_it_is(post, stored_lines, place):
    for number in (*SHORT_NUMBERS, *LONG_NUMBERS):
        value = place % number
        assert post(f'{{"eventName":"x","value":{value},"other":1.10}}')[0] == 200, value
        [line] = stored_lines()
        assert f'"value":{value},"other":1.10'.encode() in line


def test_what_only_looks_like_a_number_is_refused(post, bucket):
    for number in ("01", "1.", ".5", "+1", "-", "1e", "0x10", "1_000", "1e400e1", "--1", "Infinity"):
        for value in (number, f"[1e400,{number}]"):
            status, answer = post(f'{{"eventName":"x","value":{value}}}')
            assert (status, answer["rejected"][0]["reason"]) == (400, "malformed_json"), value
    assert bucket.keys() == []


def test_an_event_is_one_line_however_it_was_printed(post, stored_lines, sample):
    sent = sample("pretty_printed.json")

    for body in (sent, sent.replace(b"\n", b"\r\n"), sent.replace(b"\n", b"\r")):
        assert post(body)[0] == 200
        lines = stored_lines()
        assert [json.loads(line)["eventName"] for line in lines] == ["checkout_complete", "page_view"]
        assert b"\r" not in b"".join(lines)
        first = json.loads(lines[0])
        assert first["element"]["text"] == "line one\nline two"
        assert [item["quantity"] for item in first["items"]] == [1, 2]
        assert b'"total": 1399.50' in lines[0]


@pytest.mark.parametrize(
    "text", ["\u2028\u2029\u0085\x0b\x0c\x1c\x1e", "\x7f\ufeff\ufffe\uffff", '\\ " / \b', "👩‍👩‍👧"]
)
def test_text_survives(post, stored_lines, text):
    for as_ascii in (True, False):
        assert (
            post(json.dumps({"eventName": "x", "text": text, text: [text]}, ensure_ascii=as_ascii))[0] == 200
        )
        [line] = stored_lines()
        event = json.loads(line)
        assert (event["text"], event[text]) == (text, [text])


def test_of_fields_sent_twice_the_last_is_kept(post, stored):
    assert post('{"eventName":"first","n":1,"n":2,"event\\u004eame":"last","deep":{"n":1,"n":2}}')[0] == 200
    [event] = stored()
    assert (event["eventName"], event["n"], event["deep"]) == ("last", 2, {"n": 2})


def test_a_blank_name_sent_last_is_the_name(post):
    assert post('{"eventName":"first","eventName":""}')[0] == 400


def test_fields_of_any_kind_and_name_are_kept(post, stored):
    fields = {"": "", "a b": None, "ä": True, "$": [], "list": [[[{}]]], "userId": 5, "items": "none"}

    assert post(json.dumps({"eventName": "x", **fields}))[0] == 200
    [event] = stored()
    assert {name: event[name] for name in fields} == fields
