"""A platform of its own for every run of the benchmarks, and how a run is measured."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import obstore
import orjson
from obstore.store import S3Store

from local_stack import platform
from local_stack.home import PROJECT, Home
from local_stack.platform import Platform, clean_environment


@contextmanager
def temporary_platform() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="clickmart-bench-") as folder:
        home = Home(Path(folder))
        running, _ = platform.up(home, {})
        try:
            yield running
        finally:
            platform.down(home)


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_megabytes: float
    said: str


# The child tells its own peak: what the system reports for it includes the parent it was forked from.
AFTERWARDS = """
import re, sys, time
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
print(f"\\n{time.time()} {peak}", flush=True)
"""


def run_python(code: str, environment: Mapping[str, str], *arguments: str) -> Run:
    """A Python process of its own, measured from its start until the code is done."""
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code + AFTERWARDS, *arguments],
        env={**clean_environment(), "PYTHONPATH": str(PROJECT), **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *said, last = done.stdout.strip().splitlines()
    ended, peak = last.split()
    return Run(float(ended) - started, int(peak) / 1024, "\n".join(said))


def medians(runs: Sequence[Run]) -> tuple[float, float]:
    return (
        statistics.median(run.seconds for run in runs),
        statistics.median(run.peak_megabytes for run in runs),
    )


def alternate(times: int, *candidates: Callable[[], Run]) -> list[list[Run]]:
    """Turn by turn, so that a slow spell of the machine falls on all of them."""
    turns = [[candidate() for candidate in candidates] for _ in range(times)]
    return [list(runs) for runs in zip(*turns, strict=True)]


def event(number: int) -> bytes:
    """About 870 bytes, as a shop's tracker and ingest make them."""
    return orjson.dumps(
        {
            "eventName": "product_view",
            "eventId": str(uuid5(NAMESPACE_URL, str(number))),
            "eventTimestamp": "2026-01-05T10:00:00.123Z",
            "sentAt": "2026-01-05T10:00:02.456Z",
            "pageUrl": f"https://shop.example/products/notebook-{number % 60}?utm_source=news",
            "referrer": "https://www.google.com/",
            "clientId": f"c-{number % 5000:08d}",
            "sessionId": f"s-{number % 9000:08d}",
            "userLoginState": "anonymous",
            "isFirstVisit": False,
            "product": {
                "id": f"sku-{number % 60}",
                "name": "Notebook 14 with a name of usual length",
                "category": "notebooks",
                "brand": "Northwind",
                "price": 1299.0,
                "discountPrice": 1199.99,
                "urlPath": f"/products/notebook-{number % 60}",
            },
            "_ingest": {
                "receivedAt": "2026-01-05T10:00:02.500Z",
                "sourceIp": "203.0.113.7",
                "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0",
                "method": "POST",
                "path": "/clickstream",
                "requestId": f"request-{number}",
                "apiId": "local",
                "stage": "$default",
                "traceId": None,
            },
        }
    )


def object_key(prefix: str, number: int) -> str:
    # This S3 server does not like thousands of files in one folder.
    return f"{prefix}{number // 1000:03d}/events-{number:08d}.json"


def fill(running: Platform, prefix: str, objects: int, events_each: int) -> None:
    variables = running.bucket_environment()
    bucket = S3Store(
        variables["RAW_BUCKET_NAME"],
        config={
            "endpoint": variables["AWS_ENDPOINT_URL_S3"],
            "access_key_id": variables["AWS_ACCESS_KEY_ID"],
            "secret_access_key": variables["AWS_SECRET_ACCESS_KEY"],
            "region": variables["AWS_REGION"],
        },
        client_options={"allow_http": True},
    )

    def put(number: int) -> None:
        first = number * events_each
        body = b"\n".join(event(first + offset) for offset in range(events_each)) + b"\n"
        obstore.put(bucket, object_key(prefix, number), body, use_multipart=False)

    with ThreadPoolExecutor(16) as writers:
        for _ in writers.map(put, range(objects)):
            pass
