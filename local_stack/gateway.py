"""Stands in for API Gateway on 127.0.0.1: real HTTP requests become events for the ingest handler, within
the limits that API Gateway has."""

import argparse
import re
import sys
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local_stack.api_event import api_event
from local_stack.hours import first_of_hour_alone

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_HEADER_BYTES = 10_240
MAX_DISCARDED_BYTES = 256 * 1024 * 1024
IDLE_SECONDS = 30
LENGTH = re.compile(r"\d{1,18}", re.ASCII)
FOLD = re.compile(r"\r?\n[ \t]+")  # an old way to write one header on many lines

Handler = Callable[[dict[str, Any], object], dict[str, Any]]


class Gateway(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, port: int, handler: Handler) -> None:
        super().__init__(("127.0.0.1", port), GatewayRequest)
        self.handler = handler

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class GatewayRequest(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"
    server_version = "clickmart"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1

    def answer(self) -> None:
        length = self.headers.get("content-length", "0")
        if self.headers.defects:
            self.refuse(400, "Bad Request")
        elif self.headers.get("transfer-encoding") or not LENGTH.fullmatch(length):
            self.refuse(411, "Length Required")
        elif sum(len(name) + len(value) + 4 for name, value in self.headers.items()) > MAX_HEADER_BYTES:
            self.refuse(431, "Request Header Fields Too Large", unread=int(length))
        elif int(length) > MAX_BODY_BYTES:
            self.refuse(413, "Request Entity Too Large", unread=int(length))
        else:
            self.hand_over(self.rfile.read(int(length)), int(length))

    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = answer  # noqa: N815

    def hand_over(self, body: bytes, length: int) -> None:
        if len(body) < length:
            self.close_connection = True
            return
        event = api_event(
            method=self.command,
            target=self.path,
            headers=[(name, FOLD.sub(" ", value)) for name, value in self.headers.items()],
            body=body,
            source_ip=self.client_address[0],
            request_id=str(uuid.uuid4()),
            received_at_ms=time.time_ns() // 1_000_000,
        )
        try:
            response = self.server.handler(event, None)
        except Exception as error:
            self.log_error("handler failed: %r", error)
            self.refuse(500, "Internal Server Error")
        else:
            self.respond(
                response["statusCode"], response.get("headers", {}), response.get("body", "").encode()
            )

    def handle_expect_100(self) -> bool:
        """A client that asks first waits for this before it sends its body."""
        self.send_response_only(HTTPStatus.CONTINUE)
        self.end_headers()
        self.wfile.flush()
        return True

    def refuse(self, status: int, message: str, unread: int = 0) -> None:
        """What API Gateway answers of itself. A client that is still sending would not hear it, so what it
        sends is taken and thrown away, up to a limit."""
        self.close_connection = True
        unread = min(unread, MAX_DISCARDED_BYTES)
        while unread > 0 and (chunk := self.rfile.read(min(unread, 65_536))):
            unread -= len(chunk)
        self.respond(status, {"content-type": "application/json"}, f'{{"message":"{message}"}}'.encode())

    def respond(self, status: int, headers: dict[str, str], body: bytes) -> None:
        has_body = status != 204
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if has_body:
            self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Quiet: a shop's clicks are no news."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    from ingest_lambda.handler import handler  # noqa: PLC0415 - reads its environment when it is imported

    Gateway(arguments.parse_args().port, first_of_hour_alone(handler)).serve_forever()


if __name__ == "__main__":
    main()
