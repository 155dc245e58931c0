"""Stands before a real S3 server and misbehaves on purpose.

Messages are handed on as they are, signatures and all. A fault befalls the requests it is meant for, as often
as told, or until it is ended."""

import re
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.faults.messages import Head, read_answer, read_request

ANY = ""
LISTINGS = r"^GET \S*[?&]list-type="
FETCHES = r"^GET (?!\S*[?&]list-type=)"
PUTS = r"^PUT "
RESET = struct.pack("ii", 1, 0)


def fetch_of(key: str) -> str:
    return FETCHES + r"\S*" + re.escape(key)


@dataclass
class Fault:
    """What goes wrong (a name of FAULTS), with which requests, and how often. One that waits does so for its
    seconds, or until it is ended."""

    name: str
    on: str = ANY
    times: float = float("inf")
    seconds: float | None = None
    strikes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _struck: threading.Condition = field(default_factory=threading.Condition)

    def strikes_at(self, request: Head) -> bool:
        with self._struck:
            if self._over.is_set() or self.strikes >= self.times or not re.match(self.on, request.first_line):
                return False
            self.strikes += 1
            self._struck.notify_all()
            return True

    def await_strikes(self, count: int = 1) -> None:
        with self._struck:
            assert self._struck.wait_for(lambda: self.strikes >= count, timeout=30), f"no request {self.name}"

    def wait(self) -> None:
        self._over.wait(self.seconds)

    def is_over_within(self, seconds: float) -> bool:
        return self._over.wait(seconds)

    def end(self) -> None:
        self._over.set()


class HangUpError(Exception):
    """The connection is not to be used any more."""


class Connection(socketserver.StreamRequestHandler):
    """One of a client, with one of its own to the server behind."""

    disable_nagle_algorithm = True
    server: "Proxy"

    def handle(self) -> None:
        with (
            self.server.known(self.connection),
            suppress(EOFError, OSError, ValueError, HangUpError),
            socket.create_connection(self.server.target) as store,
            store.makefile("rb") as self.answers,
        ):
            self.store = store
            while True:
                self.take_request()

    def take_request(self) -> None:
        self.request_head, body = read_request(self.rfile)
        if self.request_head.value(b"expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.request_body = b"".join(body)
        for fault in self.server.faults:
            if fault.strikes_at(self.request_head):
                FAULTS[fault.name](self, fault)
                return
        self.hand_on()

    def ask_store(self) -> tuple[Head, Iterator[bytes]]:
        self.store.sendall(self.request_head.without(b"expect").raw + self.request_body)
        return read_answer(self.answers, self.request_head)

    def hand_on(self, halfway: Callable[[], None] | None = None) -> None:
        head, pieces = self.ask_store()
        self.wfile.write(head.raw)
        for piece in pieces:
            middle = len(piece) // 2 if halfway else 0
            self.wfile.write(piece[:middle])
            if halfway:
                halfway()
                halfway = None
            self.wfile.write(piece[middle:])

    def answer(self, status: str, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>on purpose</Message></Error>"
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write((head + body).encode())

    def hang_up(self) -> None:
        raise HangUpError

    def trickle(self, fault: Fault) -> None:
        """Byte by byte, so that the connection is never idle."""
        for byte in b"HTTP/1.1 200 OK\r\nx-endless: " + b"." * 1_000:
            self.wfile.write(bytes([byte]))
            if fault.is_over_within(1):
                break
        self.hang_up()

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        # Without the farewell that the base class would send.
        self.connection.close()
        raise HangUpError


def waits(connection: Connection, fault: Fault) -> None:
    fault.wait()
    connection.hand_on()


def waits_in_vain(connection: Connection, fault: Fault) -> None:
    fault.wait()
    connection.hang_up()


def done(then: Callable[[Connection, Fault], None]) -> Callable[[Connection, Fault], None]:
    """Without a word of it."""

    def befall(connection: Connection, fault: Fault) -> None:
        connection.ask_store()
        then(connection, fault)

    return befall


FAULTS: dict[str, Callable[[Connection, Fault], None]] = {
    "denied": lambda it, _: it.answer("403 Forbidden", "AccessDenied"),
    "answered with 500": lambda it, _: it.answer("500 Internal Server Error", "InternalError"),
    "told to slow down": lambda it, _: it.answer("503 Slow Down", "SlowDown"),
    "not answered": waits_in_vain,
    "done, but not answered": done(waits_in_vain),
    "answered for ever": lambda it, fault: it.trickle(fault),
    "answered late": waits,
    "answered halfway, then late": lambda it, fault: it.hand_on(fault.wait),
    "answered halfway": lambda it, _: it.hand_on(it.hang_up),
    "reset": lambda it, _: it.reset(),
    "done, but reset": done(lambda it, _: it.reset()),
    "reset halfway": lambda it, _: it.hand_on(it.reset),
}


class Proxy(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 1_000

    def __init__(self, endpoint: str, faults: tuple[Fault, ...], port: int) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        address = urlsplit(endpoint)
        self.target = (address.hostname, address.port)
        self.faults = faults
        self.connections: set[socket.socket] = set()

    @contextmanager
    def known(self, connection: socket.socket) -> Iterator[None]:
        self.connections.add(connection)
        try:
            yield
        finally:
            self.connections.discard(connection)

    def shut(self) -> None:
        self.shutdown()
        for fault in self.faults:
            fault.end()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


@contextmanager
def misbehaving_store(endpoint: str, *faults: Fault, port: int = 0) -> Iterator[str]:
    """The address to use instead of the endpoint's. Of several faults the first that is meant strikes."""
    proxy = Proxy(endpoint, faults, port)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shut()
        thread.join()
