"""Stands before the API: lets requests through to it, or turns them away as told. Remembers what came."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from urllib3 import PoolManager

CORS = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after"}
# What belongs to one connection, and is not passed on.
OF_THE_HOP = {"connection", "content-length", "host", "transfer-encoding", "keep-alive", "date", "server"}


@dataclass(frozen=True)
class Turned:
    """Away, with this status, or without any answer."""

    status: int | None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Came:
    method: str
    headers: dict[str, str]
    body: bytes
    status: int | None


class Doorman(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, api_url: str) -> None:
        super().__init__(("127.0.0.1", 0), DoormanRequest)
        self.api_url = api_url
        self.pool = PoolManager()
        self.came: list[Came] = []
        self.orders: list[Turned] = []
        self.max_events = 500
        self.open = threading.Event()
        self.open.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/clickstream"

    def turn_away(self, *orders: Turned) -> None:
        self.orders.extend(orders)

    def posts(self) -> list[Came]:
        return [each for each in self.came if each.method == "POST"]

    def next_order(self, body: bytes) -> Turned | None:
        if len(events_of(body)) > self.max_events:
            return Turned(413)
        return self.orders.pop(0) if self.orders else None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up, or are hung up on; both is wanted here."""


class DoormanRequest(BaseHTTPRequestHandler):
    server: Doorman
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        self.server.open.wait(20)
        order = self.server.next_order(body) if body else None
        status, headers, content = self.pass_on(body) if order is None else (order.status, order.headers, b"")
        self.server.came.append(Came(self.command, dict(self.headers.items()), body, status))
        if status is None:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(status)
        for name, value in {**(CORS if order else {}), **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_OPTIONS = do_POST = answer  # noqa: N815

    def pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        sent = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_HOP}
        answer = self.server.pool.request(self.command, self.server.api_url, body=body, headers=sent)
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in OF_THE_HOP}
        return answer.status, kept, answer.data

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def events_of(body: bytes) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    return events


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["eventName"] for event in events]


def loads(lines: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]
