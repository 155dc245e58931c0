"""What is done to dbt between two loads."""

from dataclasses import dataclass
from random import Random

STEPS = ("build", "run", "kill")
# What a run may be told to build on its own.
PARTS = (
    "clickstream_events",
    "sessions",
    "session_funnels",
    "orders",
    "order_items",
    "int_events_sessionized",
    "int_loads_fixed",
    "product_metrics_daily",
    "activity_daily",
    "attributed_checkouts",
    "attribution_credits",
    "int_receipts_counted",
    "+sessions",
    "+orders",
    "marts.products",
)
# The models at whose start a run may be killed.
VICTIMS = (
    "clickstream_events",
    "sessions",
    "visitors",
    "products",
    "orders",
    "order_items",
    "session_funnels",
    "product_metrics_daily",
    "funnel_daily",
    "activity_daily",
    "sessions_daily",
    "attributed_checkouts",
    "attribution_credits",
    "data_quality_daily",
)


@dataclass(frozen=True)
class Step:
    kind: str
    models: tuple[str, ...] = ()


def some_step(rng: Random) -> Step:
    kind = rng.choice(STEPS)
    if kind == "run":
        return Step(kind, tuple(rng.sample(PARTS, rng.randint(1, 2))))
    return Step(kind, (rng.choice(VICTIMS),) if kind == "kill" else ())
