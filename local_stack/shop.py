"""The demo shop on 127.0.0.1: the pages of tracker/shop, and the tracker as any shop would serve it."""

import argparse
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from local_stack.home import PROJECT

TRACKER = PROJECT / "tracker"
PAGES = TRACKER / "shop"
# Where the pages name the endpoint; only the platform knows its port.
ENDPOINT = b"%ENDPOINT%"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Shop(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class ShopRequest(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "clickmart"
    timeout = 30

    def __init__(self, *arguments: Any, endpoint: str) -> None:
        self.endpoint = endpoint.encode()
        super().__init__(*arguments)

    def do_GET(self) -> None:
        file = file_of(self.path)
        if file is None:
            self.send_error(404)
            return
        content = file.read_bytes().replace(ENDPOINT, self.endpoint)
        self.send_response(200)
        self.send_header("content-type", TYPES[file.suffix])
        self.send_header("content-length", str(len(content)))
        # So that an edit shows at once, and the back button works from the browser's memory all the same.
        self.send_header("cache-control", "no-cache")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Quiet: a shop's visitors are no news."""


def file_of(target: str) -> Path | None:
    """`/cart` is cart.html. What lies elsewhere, or is of no kind that a page needs, is not there."""
    path = unquote(urlsplit(target).path)
    if path == "/clickmart.js":
        return TRACKER / "clickmart.js"
    name = path.removeprefix("/") or "index"
    try:
        file = (PAGES / (name if Path(name).suffix else f"{name}.html")).resolve()
        is_ours = file.is_relative_to(PAGES) and file.suffix in TYPES and file.is_file()
    except (OSError, ValueError):  # names that no file can have
        return None
    return file if is_ours else None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--endpoint", required=True, help="where the pages send their events")
    given = arguments.parse_args()
    Shop(("127.0.0.1", given.port), partial(ShopRequest, endpoint=given.endpoint)).serve_forever()


if __name__ == "__main__":
    main()
