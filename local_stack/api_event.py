"""The event that API Gateway (HTTP API, payload version 2) makes of one HTTP request."""

import base64
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

STAGE = "$default"
# Passed as text by API Gateway; any other body, and any that is compressed, as base64.
TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")


def api_event(
    *,
    method: str,
    target: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    source_ip: str,
    request_id: str,
    received_at_ms: int,
) -> dict[str, Any]:
    path, _, query = target.partition("?")
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    cookies = joined.pop("cookie", "")
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    text = as_text(body, joined)
    host = joined.get("host", "").partition(":")[0]
    received_at = time.gmtime(received_at_ms / 1000)
    return {
        "version": "2.0",
        "routeKey": STAGE,
        "rawPath": path,
        "rawQueryString": query,
        **({"cookies": [cookie.strip() for cookie in cookies.split(";")]} if cookies else {}),
        "headers": joined,
        **({"queryStringParameters": parameters} if parameters else {}),
        "requestContext": {
            "accountId": "local",
            "apiId": "local",
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": joined.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": STAGE,
            "stage": STAGE,
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", received_at),
            "timeEpoch": received_at_ms,
        },
        **({"body": base64.b64encode(body).decode() if text is None else text} if body else {}),
        "isBase64Encoded": bool(body) and text is None,
    }


def as_text(body: bytes, headers: dict[str, str]) -> str | None:
    if headers.get("content-encoding") or not headers.get("content-type", "text/").startswith(TEXT_TYPES):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
