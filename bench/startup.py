"""Process start to handler ready, and what one request costs: our ingest handler and the same on boto3."""

from collections.abc import Iterator

from bench.stage import Run, alternate, medians, run_python, temporary_platform
from bench.table import Figure, Reach, times
from local_stack.platform import Platform

STARTS = 15
REQUESTS = 400
ASK = """
import time
from {module} import handler
body = '{{"eventName":"product_view","product":{{"id":"sku-1","price":1299.0}}}}'
handler({{"body": body}})
started = time.process_time()
for _ in range({requests}):
    assert handler({{"body": body}})["statusCode"] == 200
print((time.process_time() - started) / {requests} * 1000)
"""


def figures() -> Iterator[Figure]:
    with temporary_platform() as running:
        yield from starts(running)
        yield from requests(running)


def starts(running: Platform) -> Iterator[Figure]:
    bare, ours, boto3 = alternate(
        STARTS,
        lambda: start(running, "pass"),
        lambda: start(running, "import ingest_lambda.handler"),
        lambda: start(running, "import bench.boto3_ingest"),
    )
    (bare_seconds, _), (seconds, megabytes), (boto3_seconds, boto3_megabytes) = map(
        medians, (bare, ours, boto3)
    )
    yield Figure(
        "ingest, process start to handler ready",
        f"{seconds:.3f} s",
        f"best {min(run.seconds for run in ours):.3f} s, Python alone {bare_seconds:.3f} s",
        Reach("≤", 0.08, "s"),
        seconds,
    )
    share = seconds / boto3_seconds
    yield Figure(
        "the same beside boto3", times(share, "boto3"), f"{boto3_seconds:.3f} s", Reach("≤", 0.3), share
    )
    yield Figure(
        "ingest, memory when ready",
        f"{megabytes:.1f} MB",
        f"boto3 {boto3_megabytes:.1f} MB",
        Reach("≤", 30, "MB"),
        megabytes,
    )


def requests(running: Platform) -> Iterator[Figure]:
    ours_asked, boto3_asked = alternate(
        3,
        lambda: start(running, ASK.format(module="ingest_lambda.handler", requests=REQUESTS)),
        lambda: start(running, ASK.format(module="bench.boto3_ingest", requests=REQUESTS)),
    )
    obstore_ms, boto3_ms = (min(float(run.said) for run in runs) for runs in (ours_asked, boto3_asked))
    yield Figure(
        "ingest, CPU of one request",
        f"{obstore_ms:.2f} ms",
        f"{times(obstore_ms / boto3_ms, 'boto3')} ({boto3_ms:.2f} ms)",
    )


def start(running: Platform, code: str) -> Run:
    return run_python(code, running.bucket_environment())
