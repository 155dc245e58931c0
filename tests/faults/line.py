"""A line to a server that can be cut: with a bang, which both ends hear, or silently, which neither does."""

import select
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE_BYTES = 64 * 1024
LOOK_SECONDS = 0.02
RESET = struct.pack("ii", 1, 0)


class Line(socketserver.ThreadingTCPServer):
    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.far_port = port
        self.port = self.server_address[1]
        self.is_silent = threading.Event()
        self.is_cut = threading.Event()

    def fall_silent(self) -> None:
        self.is_silent.set()

    def is_dead(self) -> bool:
        return self.is_silent.is_set() or self.is_cut.is_set()

    def cut(self) -> None:
        self.is_cut.set()


class Call(socketserver.BaseRequestHandler):
    server: Line

    def handle(self) -> None:
        near, far = self.request, socket.create_connection(("127.0.0.1", self.server.far_port))
        with far, suppress(OSError):
            while not self.server.is_dead():
                for source in select.select([near, far], [], [], LOOK_SECONDS)[0]:
                    if self.server.is_dead():
                        break
                    if not (piece := source.recv(PIECE_BYTES)):
                        return
                    (far if source is near else near).sendall(piece)
            self.server.is_cut.wait()
            for end in (near, far):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.close()


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    line = Line(port)
    thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": LOOK_SECONDS})
    thread.start()
    try:
        yield line
    finally:
        line.cut()
        line.shutdown()
        thread.join()
        line.server_close()
