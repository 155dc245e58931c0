"""One JSON line a load: CloudWatch reads its metrics out of the log (embedded metric format), which needs no
endpoint for metrics in the VPC."""

import time
from typing import Any

import orjson

NAMESPACE = "Clickmart"
METRICS = {
    "objects": "Count",
    "changed": "Count",
    "processed": "Count",
    "inserted": "Count",
    "rejected": "Count",
    "remaining": "Count",
    "failed": "Count",
    "seconds": "Seconds",
}
FAILURES_NAMED = 10


def report(result: dict[str, Any], failures: list[str]) -> None:
    line = {
        "_aws": {
            "Timestamp": time.time_ns() // 1_000_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [["function"]],
                    "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items()],
                }
            ],
        },
        "function": "loader",
        **result,
        "failed": len(failures),
        "failures": failures[:FAILURES_NAMED],
    }
    print(orjson.dumps(line).decode(), flush=True)
