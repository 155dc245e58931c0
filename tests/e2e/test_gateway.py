"""Real HTTP requests through the gateway's own process into a real bucket."""

import base64
import gzip
import http.client
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import boto3
import psutil
import pytest

from local_stack import processes
from local_stack.home import PROJECT, Home
from local_stack.platform import clean_environment

BUCKET = "gateway"
JSON = {"content-type": "application/json"}


class Client:
    """One kept-alive connection, and a look at what came to lie in the bucket."""

    def __init__(self, port, s3):
        self.port = port
        self.s3 = s3
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def request(self, method="POST", target="/clickstream", body=None, headers=JSON):
        self.connection.request(method, target, body, headers)
        response = self.connection.getresponse()
        return response, response.read()

    def post(self, body, headers=JSON, target="/clickstream"):
        response, text = self.request("POST", target, body, headers)
        return response.status, json.loads(text)

    def stored(self):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        with ThreadPoolExecutor(8) as pool:
            bodies = pool.map(lambda key: self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read(), keys)
        return [json.loads(line) for body in bodies for line in body.splitlines()]

    def stored_event(self, event_id):
        (event,) = [event for event in self.stored() if event["eventId"] == event_id]
        return event


@pytest.fixture(scope="module")
def s3(s3_environment):
    client = boto3.client(
        "s3",
        endpoint_url=s3_environment["AWS_ENDPOINT_URL_S3"],
        aws_access_key_id=s3_environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=s3_environment["AWS_SECRET_ACCESS_KEY"],
        region_name=s3_environment["AWS_REGION"],
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.close()


@pytest.fixture(scope="module")
def port(s3, s3_environment, tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("gateway"))
    home.create()
    port = processes.any_free_port(taken=())
    settings = {**s3_environment, "RAW_BUCKET_NAME": BUCKET, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "local_stack.gateway", "--port", str(port)]
    processes.start(home, "api", command, {**clean_environment(), **settings}, port)
    yield port
    processes.stop(home, "api")
    assert (home.logs / "api.log").read_text() == "", "nothing here is worth a traceback"


@pytest.fixture
def client(port, s3):
    client = Client(port, s3)
    yield client
    client.connection.close()


def event(**fields):
    return {"eventName": "page_view", "eventId": str(uuid4()), **fields}


def accepted(count):
    return (200, {"success": True, "accepted": count, "rejected": []})


@pytest.mark.parametrize("content_type", ["application/json", "text/plain;charset=UTF-8", "image/png", None])
def test_an_event_is_stored_as_it_was_sent_whatever_its_content_type(client, content_type):
    sent = event(pageUrl="https://shop.example/größe/😀", price=1.10)
    body = json.dumps(sent, ensure_ascii=False).encode()

    assert client.post(body, {"content-type": content_type} if content_type else {}) == accepted(1)
    stored = client.stored_event(sent["eventId"])
    assert {field: value for field, value in stored.items() if field != "_ingest"} == sent


def test_a_gzip_body(client):
    sent = event()
    body = gzip.compress(json.dumps([sent]).encode())

    assert client.post(body, {**JSON, "content-encoding": "gzip"}) == accepted(1)
    assert client.stored_event(sent["eventId"])


def test_what_the_api_knows_of_a_request_is_stored_with_it(client):
    sent = event()
    assert client.post(json.dumps(sent), {**JSON, "user-agent": "Größe/1.0".encode("latin-1")}) == accepted(1)

    ingest = client.stored_event(sent["eventId"])["_ingest"]
    assert (ingest["sourceIp"], ingest["userAgent"]) == ("127.0.0.1", "Größe/1.0")
    assert (ingest["method"], ingest["path"], ingest["stage"]) == ("POST", "/clickstream", "$default")
    assert ingest["requestId"]


def test_the_browser_s_preflight_and_the_answer_that_it_may_read(client):
    asked = {"origin": "https://shop.example", "access-control-request-method": "POST"}
    response, body = client.request("OPTIONS", headers=asked)

    assert (response.status, body) == (204, b"")
    assert response.getheader("content-length") is None
    assert response.getheader("access-control-allow-origin") == "*"
    assert "POST" in response.getheader("access-control-allow-methods")
    assert "content-type" in response.getheader("access-control-allow-headers")
    response, _ = client.request(body=json.dumps(event()), headers={**JSON, "origin": "https://shop.example"})
    assert response.getheader("access-control-allow-origin") == "*"


def test_many_requests_on_one_connection(client):
    client.request("OPTIONS")
    connected = client.connection.sock
    for _ in range(3):
        assert client.post(json.dumps(event())) == accepted(1)
        assert client.post("nonsense")[0] == 400
        assert client.request("HEAD")[0].status == 405
        assert client.request("GET", "/elsewhere")[0].status == 404
    assert client.connection.sock is connected


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE", "PATCH"])
def test_other_methods_are_405_and_name_those_that_work(client, method):
    response, body = client.request(method)

    assert (response.status, response.getheader("allow")) == (405, "POST, OPTIONS")
    assert (body == b"") == (method == "HEAD")


@pytest.mark.parametrize("target", ["/", "/clickstream/x", "/clickstreams", "/Clickstream", "/click%73tream"])
def test_other_paths_are_404(client, target):
    assert client.post(json.dumps(event()), target=target)[0] == 404


@pytest.mark.parametrize("target", ["/clickstream/", "/clickstream?a=1&b=%20", "/clickstream?"])
def test_the_path_may_end_in_a_slash_or_a_query(client, target):
    assert client.post(json.dumps(event()), target=target) == accepted(1)


def test_five_megabytes_are_refused_by_the_handler_and_eleven_by_the_gateway(client):
    before = len(client.stored())

    status, answer = client.post(b"[" + b" " * 5_000_000 + b"]")
    assert (status, answer["success"]) == (413, False)
    assert client.post(b" " * 11_000_000) == (413, {"message": "Request Entity Too Large"})
    assert len(client.stored()) == before


def test_of_a_thousand_requests_at_once_each_that_was_accepted_is_stored_once(client, port):
    before = {stored["eventId"] for stored in client.stored()}
    sent = [event() for _ in range(1_000)]

    def send(one):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/clickstream", json.dumps(one), JSON)
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(1_000) as pool:
        statuses = list(pool.map(send, sent))

    assert statuses == [200] * 1_000
    now = [stored["eventId"] for stored in client.stored() if stored["eventId"] not in before]
    assert sorted(now) == sorted(one["eventId"] for one in sent)


def test_it_listens_on_this_machine_only(client, port):
    listening = [each for each in psutil.net_connections("tcp") if each.laddr.port == port and not each.raddr]
    assert {each.laddr.ip for each in listening} == {"127.0.0.1"}


def test_base64_of_a_body_is_not_mistaken_for_one(client):
    assert client.post(base64.b64encode(json.dumps(event()).encode()))[0] == 400
