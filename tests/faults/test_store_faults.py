"""S3 that fails, for all objects or for one."""

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import obstore.exceptions
import pytest

from loader_lambda.objects import SMALL_OBJECT_BYTES

HOUR = "events/2026/01/05/10/"


@contextmanager
def proxy(endpoint, is_denied):
    """Hands every request on to S3 as it is, but for those that it denies."""
    target = urlsplit(endpoint).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if is_denied(self.path):
                self.answer(403, b"<Error><Code>AccessDenied</Code></Error>", {})
                return
            connection = http.client.HTTPConnection(target)
            connection.request("GET", self.path, headers=dict(self.headers))
            response = connection.getresponse()
            body = response.read()
            self.answer(response.status, body, dict(response.getheaders()))
            connection.close()

        def answer(self, status, body, headers):
            self.send_response(status)
            for name in ("ETag", "Last-Modified", "Content-Type", "Content-Range"):
                if name in headers:
                    self.send_header(name, headers[name])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("size", [20, SMALL_OBJECT_BYTES + 1], ids=["small", "large"])
def test_an_object_that_cannot_be_fetched_waits_and_the_others_load(bucket, warehouse, import_with, size):
    for number in range(5):
        bucket.put(f"{HOUR}{number}.json", b'{"n":%d}' % number + b" " * (size if number == 2 else 0))
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    denied = {f"{HOUR}2.json"}
    with proxy(
        environment["AWS_ENDPOINT_URL_S3"], lambda path: any(key in path for key in denied)
    ) as endpoint:
        module = import_with("loader_lambda.handler", {**environment, "AWS_ENDPOINT_URL_S3": endpoint})

        with pytest.raises(module.IncompleteLoadError, match=r"^1 objects could not be fetched.*10/2\.json"):
            module.handler({"overridePrefix": HOUR})
        assert warehouse.rows("select (payload ->> 'n')::int from raw.events order by 1") == [
            *[(0,), (1,), (3,), (4,)]
        ]
        assert warehouse.rows("select status, object_count from raw.loads") == [("partial", 4)]

        denied.clear()
        result = module.handler({"overridePrefix": HOUR})

    assert (result["skipped"], result["processed"], result["remaining"]) == (4, 1, 0)
    assert warehouse.rows("select status, object_count from raw.loads order by load_id") == [
        ("partial", 4),
        ("complete", 1),
    ]
    assert warehouse.rows("select count(*) from raw.events") == [(5,)]


def test_a_listing_that_fails_fails_the_load(bucket, warehouse, import_with):
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    with proxy(environment["AWS_ENDPOINT_URL_S3"], lambda path: "list-type" in path) as endpoint:
        module = import_with("loader_lambda.handler", {**environment, "AWS_ENDPOINT_URL_S3": endpoint})
        with pytest.raises(obstore.exceptions.BaseError):
            module.handler({"overridePrefix": HOUR})
    assert warehouse.rows("select status, finished_at is null from raw.loads") == [("failed", False)]


def test_a_store_out_of_reach_fails_the_load(bucket, warehouse, import_with):
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
    module = import_with("loader_lambda.handler", environment)
    with pytest.raises(obstore.exceptions.BaseError):
        module.handler({"overridePrefix": HOUR})
    assert warehouse.rows("select status from raw.loads") == [("failed",)]


def test_an_object_deleted_while_it_waits_fails_nothing(bucket, warehouse, import_with):
    for number in range(3):
        bucket.put(f"{HOUR}{number}.json", b"{}")
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}

    def delete_before_it_is_fetched(path):
        if "1.json" in path:
            bucket.client.delete_object(Bucket=bucket.name, Key=f"{HOUR}1.json")
        return False

    with proxy(environment["AWS_ENDPOINT_URL_S3"], delete_before_it_is_fetched) as endpoint:
        module = import_with("loader_lambda.handler", {**environment, "AWS_ENDPOINT_URL_S3": endpoint})
        result = module.handler({"overridePrefix": HOUR})

    assert (result["processed"], result["remaining"]) == (2, 1)
    assert warehouse.rows("select status from raw.loads") == [("partial",)]
