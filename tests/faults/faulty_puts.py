"""Stands before a real S3 server, and fails to store, or to say so, as networks and servers do."""

import json
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool

AT_ONCE = 1_000
RESET = struct.pack("ii", 1, 0)


class Put(BaseHTTPRequestHandler):
    """One request to store an object. The handler tries again at the same path, a client at another."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Store"

    def do_PUT(self) -> None:
        self.body = self.rfile.read(int(self.headers["content-length"]))
        self.server.fault_of(self.path)(self)

    def store(self) -> int:
        answer = self.server.behind.request("PUT", self.path, body=self.body, headers=dict(self.headers))
        self.etag = answer.headers.get("etag", "")
        return answer.status

    def answer(self, status: int) -> None:
        self.send_response(status)
        if status == 200:
            self.send_header("etag", self.etag)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass


Fault = Callable[[Put], None]


def nothing(put: Put) -> None:
    put.answer(put.store())


def broken(put: Put) -> None:
    put.answer(500)


def busy(put: Put) -> None:
    put.answer(503)


def reset(put: Put) -> None:
    put.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    put.close_connection = True


def late(put: Put) -> None:
    put.server.is_over.wait(3)
    nothing(put)


def silent(put: Put) -> None:
    put.server.is_over.wait()
    put.close_connection = True


def trickling(put: Put) -> None:
    """Byte by byte, so that the connection is never idle."""
    for byte in b"HTTP/1.1 200 OK\r\nx-endless: " + b"." * 1_000:
        put.wfile.write(bytes([byte]))
        if put.server.is_over.wait(1):
            return


def stored_but_reset(put: Put) -> None:
    put.store()
    reset(put)


def stored_but_silent(put: Put) -> None:
    put.store()
    silent(put)


class Store(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = AT_ONCE

    def __init__(self, endpoint: str, fault_of: Callable[[str], Fault], port: int) -> None:
        super().__init__(("127.0.0.1", port), Put)
        self.fault_of = fault_of
        self.is_over = threading.Event()
        behind = urlsplit(endpoint)
        # Whoever was not answered in time asks again while the first is still being served.
        self.behind = HTTPConnectionPool(behind.hostname or "", behind.port, maxsize=3 * AT_ONCE)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever is kept waiting hangs up."""


@contextmanager
def faulty_store(endpoint: str, fault_of: Callable[[str], Fault], port: int = 0) -> Iterator[str]:
    """The address to use instead of the endpoint's. What befalls a request is decided by its path."""
    store = Store(endpoint, fault_of, port)
    thread = threading.Thread(target=store.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{store.server_port}"
    finally:
        store.is_over.set()
        store.shutdown()
        thread.join()
        store.server_close()
        store.behind.close()


def a_share(share: float, faults: list[Fault]) -> Callable[[str], Fault]:
    """So many of the objects meet one of these faults, each time they are put."""

    def fault_of(path: str) -> Fault:
        rng = random.Random(path)
        return rng.choice(faults) if rng.random() < share else nothing

    return fault_of


def stored_ids(bucket: Any) -> list[str]:
    """Of all events that came to lie in the bucket."""
    with ThreadPoolExecutor(16) as readers:
        bodies = list(readers.map(bucket.get, bucket.keys()))
    return [json.loads(line)["eventId"] for body in bodies for line in body.splitlines()]
