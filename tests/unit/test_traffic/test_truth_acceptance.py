"""What the API accepts, as the truth about the traffic has it."""

import gzip

import pytest

from local_stack.traffic import count
from tests.unit.test_traffic.handmade import post


@pytest.mark.parametrize(
    ("body", "sent", "accepted"),
    [
        (b"", 0, 0),
        (b"nonsense", 0, 0),
        (b"[]", 0, 0),
        (b"7", 1, 0),
        (b'{"eventName":"a"}', 1, 1),
        (b'{"event_name":"a"}', 1, 1),
        (b'{"eventName":"a","price":NaN}', 0, 0),
        (b'{"eventName":"a","price":1e400}', 1, 1),
        (b'[{"eventName":"a"},{"eventName":" "},{"eventName":7},{},null,[],{"eventName":"b"}]', 7, 2),
        (b'{"eventName":"%s"}' % (b"n" * 128), 1, 1),
        (b'{"eventName":"%s"}' % (b"n" * 129), 1, 0),
        (
            rb'[{"eventName":"a\u0000"},{"eventName":"a","b":{"c":["\ud800"]}},{"eventName":"\ud83d\ude00"}]',
            3,
            1,
        ),
        (b'{"eventName":"a","x":%s}' % (b"[" * 10_000 + b"]" * 10_000), 0, 0),
        (b"[%s]" % b",".join([b'{"eventName":"a"}'] * 500), 500, 500),
        (b"[%s]" % b",".join([b'{"eventName":"a"}'] * 501), 501, 0),
        (b'{"eventName":"a","x":"%s"}' % (b"x" * (32_768 - 24)), 1, 1),
        (b'{"eventName":"a","x":"%s"}' % (b"x" * (32_768 - 23)), 1, 0),
        (b'[{"eventName":"a"}, {"eventName":"a","x":"%s"} ,{"eventName":"b"}]' % (b"x" * 32_768), 3, 2),
        (b'[{"eventName":"a","x":"%s"},{"eventName":"b"}]' % ("ü" * 16_400).encode(), 2, 1),
        (b'[{"eventName":"a"},{"x":"%s"}]' % (b"x" * 1_048_576), 2, 0),
        # The same bytes in every process: they stand in the names of tests.
        (gzip.compress(b'[{"eventName":"a"}]', mtime=0)[:20], 0, 0),
    ],
)
def test_what_the_api_accepts(body: bytes, sent: int, accepted: int):
    numbers = count([post(0, body=body)])
    assert (numbers.events_sent, numbers.events_accepted) == (sent, accepted)
    assert numbers.events_rejected == sent - accepted
    assert numbers.requests_stored == (1 if accepted else 0)


def test_compressed_bodies_are_read():
    request = post(0, body=gzip.compress(b'[{"eventName":"a"}]'))
    request.headers["content-encoding"] = "gzip"
    assert count([request]).events_accepted == 1
