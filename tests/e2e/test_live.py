"""`clickmart up --live`: a click is in the marts without anybody loading or transforming."""

import json
import signal
import urllib.request


def click(clickmart, event_id):
    body = json.dumps({"eventName": "product_view", "clientId": "me", "eventId": event_id}).encode()
    address = f"http://127.0.0.1:{clickmart.port('api')}/clickstream"
    with urllib.request.urlopen(urllib.request.Request(address, data=body, method="POST")) as response:
        assert response.status == 200


def lines_until(live, ending):
    said = []
    for line in live.stdout:
        said.append(line)
        if ending in line:
            return "".join(said)
    raise AssertionError(f"it ended without {ending!r}: {''.join(said)}{live.stderr.read()}")


def test_what_is_sent_is_in_the_marts_until_somebody_ends_it(clickmart):
    live = clickmart.start("up", "--live")
    try:
        assert "HTTP endpoint" in lines_until(live, "waiting for events")
        assert clickmart.complaint("up", "--live") == (
            "somebody follows the events already: end that one first"
        )
        for number in ("one", "two"):
            click(clickmart, number)
            assert "1 event, in the marts after" in lines_until(live, "in the marts")
        seen = clickmart.rows("select event_id, session_key from marts.clickstream_events order by event_id")
        assert [event_id for event_id, _ in seen] == ["one", "two"]
        assert len({session_key for _, session_key in seen}) == 1
        loads = clickmart.rows("select count(*) from raw.loads")
    finally:
        live.send_signal(signal.SIGINT)
        _, complaints = live.communicate()

    assert (live.returncode, complaints) == (0, "")
    # It asked S3 all the time, and opened a load only for something.
    assert loads == [(3,)]
    assert "HTTP endpoint" in clickmart("status")
