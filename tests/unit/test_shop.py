"""The server of the demo shop: its pages, each of its type, and nothing else of this machine."""

import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse

import pytest

from local_stack.home import Home
from local_stack.platform import Ports, known_ports
from local_stack.shop import PAGES, TRACKER, Shop, ShopRequest

ENDPOINT = "http://127.0.0.1:1234/clickstream"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Shop(("127.0.0.1", 0), partial(ShopRequest, endpoint=ENDPOINT)) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def ask(shop: Shop, target: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", shop.server_address[1])
    connection.putrequest(method, target, skip_host=True)
    connection.putheader("host", "shop")
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("target", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/?category=cups", "text/html; charset=utf-8"),
        ("/thank-you?order=H-1", "text/html; charset=utf-8"),
        ("/shop.css", "text/css; charset=utf-8"),
        ("/frame.js", "text/javascript; charset=utf-8"),
        ("/clickmart.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ],
)
def test_each_file_comes_as_what_it_is(shop, target, content_type):
    response, body = ask(shop, target)

    assert (response.status, response.getheader("content-type")) == (200, content_type)
    assert len(body) == int(response.getheader("content-length") or 0)


def test_pages_name_the_endpoint_and_the_tracker_is_served_as_it_is(shop):
    _, page = ask(shop, "/cart")

    assert f'data-endpoint="{ENDPOINT}"'.encode() in page
    assert b"%ENDPOINT%" not in page
    assert ask(shop, "/clickmart.js")[1] == (TRACKER / "clickmart.js").read_bytes()


def test_every_page_has_its_script():
    for page in PAGES.glob("*.html"):
        assert page.with_suffix(".js").is_file(), page


@pytest.mark.parametrize(
    "target",
    [
        "/../clickmart.d.ts",
        "/../../README.md",
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/..%2f..%2flocal_stack/shop.py",
        "//etc/passwd",
        "/%2fetc/passwd.html",
        "/C:/windows/win.ini",
        "/nowhere",
        "/a%00b",
        "/" + "x" * 5_000,
        "/.",
        "/..",
        "/cart/",
        "http://elsewhere/../../README.md",
    ],
)
def test_nothing_but_the_shop_is_served(shop, target):
    response, body = ask(shop, target)

    assert response.status == 404
    assert b"clickmart" not in body.replace(b"<title>", b"")


def test_a_platform_from_before_there_was_a_shop_keeps_its_ports(tmp_path):
    home = Home(tmp_path)
    home.create()
    (home.run / "ports.json").write_text('{"postgres": 1, "s3": 2, "api": 3}')

    assert known_ports(home) == Ports(postgres=1, s3=2, api=3, shop=24324)
