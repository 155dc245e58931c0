"""Process start to handler ready, and what one request costs: our ingest handler and the same on boto3."""

from collections.abc import Iterator

from bench.stage import Run, alternate, medians, run_python
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


def rows(running: Platform) -> Iterator[str]:
    variables = running.bucket_environment()

    def start(code: str) -> Run:
        return run_python(code, variables)

    bare, ours, boto3 = alternate(
        STARTS,
        lambda: start("pass"),
        lambda: start("import ingest_lambda.handler"),
        lambda: start("import bench.boto3_ingest"),
    )
    for name, runs in (("Python alone", bare), ("ingest on obstore", ours), ("ingest on boto3", boto3)):
        seconds, megabytes = medians(runs)
        share = seconds / medians(boto3)[0]
        yield f"start of {name:<17} {seconds:.3f} s, {megabytes:.1f} MB, {share:.2f} of boto3's"

    ours_asked, boto3_asked = alternate(
        3,
        lambda: start(ASK.format(module="ingest_lambda.handler", requests=REQUESTS)),
        lambda: start(ASK.format(module="bench.boto3_ingest", requests=REQUESTS)),
    )
    obstore_ms, boto3_ms = (min(float(run.said) for run in runs) for runs in (ours_asked, boto3_asked))
    yield f"CPU of one request: {obstore_ms:.2f} ms, boto3 {boto3_ms:.2f} ms, {obstore_ms / boto3_ms:.2f}"
