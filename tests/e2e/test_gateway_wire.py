"""Requests byte by byte: what the gateway refuses of itself, and what it makes of the rest."""

import socket
import struct
import threading
from queue import Empty, Queue

import pytest

from local_stack.gateway import MAX_BODY_BYTES, Gateway


@pytest.fixture
def events():
    """What the gateway handed to its handler."""
    return Queue()


@pytest.fixture
def port(events):
    def handler(event, _context):
        events.put(event)
        if "fail" in event["rawPath"]:
            raise RuntimeError("the handler is broken")
        return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "heard"}

    with Gateway(0, handler) as gateway:
        server = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.01})
        server.start()
        yield gateway.server_address[1]
        gateway.shutdown()
        server.join()


@pytest.fixture
def connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        yield connection


def head(*lines, request="POST /clickstream HTTP/1.1"):
    return "\r\n".join([request, "host: localhost", *lines, "", ""]).encode("latin-1")


def heard(connection):
    """All that is said until the gateway closes the connection."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def event_of(connection, events, *lines, request="POST /clickstream HTTP/1.1"):
    connection.sendall(head(*lines, "connection: close", request=request))
    assert heard(connection).startswith(b"HTTP/1.1 200 OK")
    return events.get(timeout=5)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["transfer-encoding: chunked"], b"411 Length Required"),
        (["content-length: many"], b"411 Length Required"),
        (["content-length: -1"], b"411 Length Required"),
        (["content-length: " + "9" * 5_000], b"411 Length Required"),
        (["x-long: " + "a" * 11_000], b"431 Request Header Fields Too Large"),
        ([f"x-{number}: {'a' * 1_000}" for number in range(11)], b"431 Request Header Fields Too Large"),
        (["no colon in here", "content-length: 5"], b"400 Bad Request"),
    ],
)
def test_what_the_gateway_refuses_of_itself(connection, events, lines, status):
    connection.sendall(head(*lines))

    answer = heard(connection)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"connection: close" in answer.lower()
    assert events.empty()


def test_a_body_over_the_limit_is_refused_and_the_client_that_still_sends_hears_it(connection, events):
    connection.sendall(head(f"content-length: {MAX_BODY_BYTES + 1}"))
    connection.sendall(b"a" * (MAX_BODY_BYTES + 1))

    assert heard(connection).startswith(b"HTTP/1.1 413 ")
    assert events.empty()


def test_a_body_of_just_the_limit_is_handed_over(connection, events):
    connection.sendall(head(f"content-length: {MAX_BODY_BYTES}", "connection: close"))
    connection.sendall(b"a" * MAX_BODY_BYTES)

    assert heard(connection).startswith(b"HTTP/1.1 200 ")
    assert len(events.get(timeout=5)["body"]) == MAX_BODY_BYTES


def test_a_client_that_asks_first_is_told_to_go_on_before_it_sends(connection, events):
    connection.sendall(head("expect: 100-continue", "content-length: 2", "connection: close"))
    assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(b"{}")

    assert heard(connection).startswith(b"HTTP/1.1 200 ")
    assert events.get(timeout=5)["body"] == "{}"


def test_half_a_body_is_no_event(connection, events):
    connection.sendall(head("content-length: 100") + b'{"eventName":"a"}')
    connection.shutdown(socket.SHUT_WR)

    assert heard(connection) == b""
    with pytest.raises(Empty):
        events.get_nowait()


def test_a_client_that_hangs_up_is_neither_an_event_nor_worth_a_word(connection, port, events, capfd):
    connection.sendall(head("content-length: 100") + b"{")
    at_once = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    connection.close()

    with socket.create_connection(("127.0.0.1", port), timeout=20) as another:
        event_of(another, events)
    assert events.empty()
    assert capfd.readouterr().err == ""


def test_http_1_0_closes_after_its_answer(connection, events):
    connection.sendall(head("content-length: 2", request="POST /clickstream HTTP/1.0") + b"{}")

    assert heard(connection).endswith(b"heard")
    assert events.get(timeout=5)["body"] == "{}"


def test_a_handler_that_raises_is_500_and_the_next_request_works(connection, port, events):
    connection.sendall(head(request="POST /fail HTTP/1.1"))
    answer = heard(connection)

    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(b'{"message":"Internal Server Error"}')
    events.get(timeout=5)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as another:
        assert event_of(another, events)["rawPath"] == "/clickstream"


def test_requests_sent_ahead_are_answered_in_turn(connection, events):
    body = b"content-length: 2\r\n\r\n{}"
    first = b"POST /one HTTP/1.1\r\nhost: localhost\r\n" + body
    last = b"POST /two HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" + body
    connection.sendall(first + last)

    assert heard(connection).count(b"HTTP/1.1 200 OK") == 2
    assert [events.get(timeout=5)["rawPath"] for _ in range(2)] == ["/one", "/two"]


def test_repeated_headers_are_joined_and_folded_ones_unfolded(connection, events):
    event = event_of(connection, events, "X-Twice: a", "x-twice: b", "User-Agent: folded\r\n   over lines")

    assert event["headers"]["x-twice"] == "a,b"
    assert event["headers"]["user-agent"] == "folded over lines"
    assert event["requestContext"]["http"]["userAgent"] == "folded over lines"


def test_header_values_may_be_latin_1(connection, events):
    assert event_of(connection, events, "x-city: Köln")["headers"]["x-city"] == "Köln"


def test_path_and_query_stay_as_they_were_written(connection, events):
    event = event_of(connection, events, request="GET /a%20b/%2F?c=%C3%B6&c=2 HTTP/1.1")

    assert (event["rawPath"], event["rawQueryString"]) == ("/a%20b/%2F", "c=%C3%B6&c=2")
    assert event["queryStringParameters"] == {"c": "ö,2"}
    assert event["requestContext"]["http"]["method"] == "GET"


def test_several_slashes_count_as_one(connection, events):
    assert event_of(connection, events, request="POST //clickstream HTTP/1.1")["rawPath"] == "/clickstream"


def test_the_event_names_the_client_the_time_and_a_request_id_of_its_own(port, events):
    contexts = []
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            contexts.append(event_of(connection, events)["requestContext"])

    assert {context["http"]["sourceIp"] for context in contexts} == {"127.0.0.1"}
    assert contexts[0]["requestId"] != contexts[1]["requestId"]
    assert 1_767_225_600_000 < contexts[0]["timeEpoch"] <= contexts[1]["timeEpoch"]
