"""The corpus, read. Its README tells how cases are written."""

import base64
import gzip
import tomllib
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"

Case = dict[str, Any]


def cases(folder: str) -> dict[str, Case]:
    """By theme and name, which no two of them share."""
    found: dict[str, Case] = {}
    for file in sorted((CORPUS / folder).glob("*.toml")):
        for case in tomllib.loads(file.read_text())["case"]:
            name = f"{file.stem}: {case['name']}"
            assert name not in found, f"two cases are called {name!r}"
            found[name] = case
    return found


def bytes_of(written: Any) -> bytes:
    match written:
        case str():
            return written.encode()
        case list():
            return b"".join(map(bytes_of, written))
        case {"hex": digits}:
            return bytes.fromhex(digits)
        case {"repeat": part, "times": times}:
            return bytes_of(part) * int(times)
        case {"gzip": part}:
            return gzip.compress(bytes_of(part), mtime=0)
        case {"cut": part, "to": end}:
            return bytes_of(part)[:end]
        case {"utf": width, "text": text}:
            return str(text).encode(f"utf-{width}")
    raise ValueError(f"no bytes are written like this: {written!r}")


def api_event(case: Case) -> dict[str, Any]:
    """A request as API Gateway hands it over: the body in base64, as it may be anything."""
    event: dict[str, Any] = case.get("event", {})
    if "body" not in case:
        return event
    return {**event, "body": base64.b64encode(bytes_of(case["body"])).decode(), "isBase64Encoded": True}


def event_of(case: Case) -> bytes:
    return bytes_of(case.get("event") or ['{"eventName":"probe",', case["fields"], "}"])
