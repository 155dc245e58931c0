"""One JSON line a load: CloudWatch reads its metrics out of the log (embedded metric format), which needs no
endpoint for metrics in the VPC."""

import os
import time
from typing import Any

import orjson

NAMESPACE = os.environ.get("METRICS_NAMESPACE") or "Clickmart"
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
# Of the host that runs dbt, where it says how it does: it has no other way to CloudWatch.
HEALTH_METRICS = {
    "transform_seconds_behind": "Seconds",
    "transform_failures": "Count",
    "disk_used_percent": "Percent",
    "backup_seconds_old": "Seconds",
    "maintenance_seconds_old": "Seconds",
}
FAILURES_NAMED = 10


def report(result: dict[str, Any], failures: list[str], health: dict[str, float]) -> None:
    metrics = METRICS | {name: unit for name, unit in HEALTH_METRICS.items() if name in health}
    line = {
        "_aws": {
            "Timestamp": time.time_ns() // 1_000_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [["function"]],
                    "Metrics": [{"Name": name, "Unit": unit} for name, unit in metrics.items()],
                }
            ],
        },
        "function": "loader",
        **result,
        **health,
        "failed": len(failures),
        "failures": failures[:FAILURES_NAMED],
    }
    print(orjson.dumps(line).decode(), flush=True)
