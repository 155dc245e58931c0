"""What moves the data: traffic into S3, S3 into raw, raw into marts. The same code as in the cloud."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import psycopg

from local_stack.api_event import api_event
from local_stack.home import PROJECT, StackError
from local_stack.hours import first_of_hour_alone
from local_stack.platform import Platform, clean_environment
from local_stack.postgres import OWNER
from local_stack.traffic import Request

if TYPE_CHECKING:
    from erasure.receipt import Receipt

SENDERS = 16
HTTP_SECONDS = 30.0

Deliver = Callable[[Request], tuple[int, dict[str, Any]]]
Progress = Callable[[int], None]


@dataclass
class Delivery:
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    accepted: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def send(requests: Iterator[Request], deliver: Deliver, progress: Progress) -> Delivery:
    """In order of receipt, a wave at a time, so that memory stays flat however much there is to send."""
    delivery = Delivery()
    with ThreadPoolExecutor(SENDERS) as senders:
        while wave := list(islice(requests, 50 * SENDERS)):
            for status, answer in senders.map(deliver, wave):
                delivery.requests += 1
                delivery.statuses[status] += 1
                delivery.accepted += answer.get("accepted", 0)
                delivery.rejected.update(verdict["reason"] for verdict in answer.get("rejected", []))
            progress(len(wave))
    return delivery


def to_ingest(platform: Platform) -> Deliver:
    """Straight into the ingest handler, with the request's own time of receipt: HTTP could not carry it."""
    use(platform.bucket_environment())
    from ingest_lambda.handler import handler  # noqa: PLC0415 - reads its environment when it is imported

    handle = first_of_hour_alone(handler)

    def deliver(request: Request) -> tuple[int, dict[str, Any]]:
        event = api_event(
            method="POST",
            target="/clickstream",
            headers=request.headers.items(),
            body=request.body,
            source_ip=request.source_ip,
            request_id=request.request_id,
            received_at_ms=request.received_at_ms,
        )
        response = handle(event, None)
        return response["statusCode"], orjson.loads(response.get("body", "{}"))

    return deliver


def to_url(url: str) -> Deliver:
    """Over HTTP to wherever the endpoint is; it stamps its own time of receipt."""
    from urllib3 import PoolManager, Timeout  # noqa: PLC0415 - only for this way of sending
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    pool = PoolManager(maxsize=SENDERS, timeout=Timeout(HTTP_SECONDS))

    def deliver(request: Request) -> tuple[int, dict[str, Any]]:
        try:
            response = pool.request("POST", url, body=request.body, headers=request.headers)
            answer = orjson.loads(response.data)
        except HTTPError as error:
            reason = str(getattr(error, "reason", error)).rpartition(": ")[2]
            raise StackError(f"cannot send to {url}: {reason}") from error
        except orjson.JSONDecodeError:
            answer = {}
        return response.status, answer if isinstance(answer, dict) else {}

    return deliver


def load(platform: Platform, request: Mapping[str, Any]) -> dict[str, Any]:
    """The real handler, as the role it has in the cloud."""
    use({**platform.bucket_environment(), **platform.warehouse_environment("clickmart_loader")})
    from loader_lambda.handler import handler  # noqa: PLC0415 - reads its environment when it is imported

    with (platform.home.logs / "loader.log").open("a") as log, redirect_stdout(log):
        return handler(dict(request))


def erase(
    platform: Platform, user_ids: Sequence[str], client_ids: Sequence[str], *, is_dry: bool
) -> "Receipt":
    """As the owner of the warehouse: no other role may change events."""
    use({**platform.bucket_environment(), **platform.warehouse_environment(OWNER)})
    from erasure.command import erase as erase_people  # noqa: PLC0415 - boto3, 0.2 s that only this one pays

    return erase_people(os.environ, user_ids, client_ids, is_dry=is_dry)


def transform(platform: Platform, arguments: list[str], *, quiet: bool = False) -> int:
    """dbt, with the environment of its role. It builds unless another of its commands is named."""
    dbt = Path(sys.executable).with_name("dbt")
    if not dbt.exists():
        raise StackError("dbt is not installed: run make")
    names_command = bool(arguments) and not arguments[0].startswith("-")
    command = [str(dbt), *([] if names_command else ["build"]), *arguments, *(["--quiet"] if quiet else [])]
    environment = {
        **clean_environment(),
        **platform.warehouse_environment("clickmart_dbt"),
        "DBT_PROJECT_DIR": str(PROJECT / "dbt_project"),
        "DBT_PROFILES_DIR": str(PROJECT / "dbt_project"),
        "DBT_TARGET_PATH": str(platform.home.root / "dbt" / "target"),
        "DBT_LOG_PATH": str(platform.home.root / "dbt" / "logs"),
        **({} if sys.stdout.isatty() else {"DBT_USE_COLORS": "false"}),
    }
    return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def connect(platform: Platform, role: str) -> Iterator[psycopg.Connection]:
    settings = platform.warehouse_environment(role)
    with psycopg.connect(
        host=settings["DW_PG_HOST"],
        port=settings["DW_PG_PORT"],
        user=settings["DW_PG_USER"],
        password=settings["DW_PG_PASSWORD"],
        dbname=settings["DW_PG_DATABASE"],
        autocommit=True,
    ) as connection:
        yield connection


@contextmanager
def watched(platform: Platform, progress: Progress) -> Iterator[None]:
    """Tells `progress` how many objects the running load has committed, until the block ends."""
    done = threading.Event()

    def watch() -> None:
        with connect(platform, "clickmart_loader") as connection:
            while not done.wait(0.5):
                row = connection.execute(
                    "select object_count from raw.loads where finished_at is null"
                ).fetchone()
                if row:
                    progress(row[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def use(environment: Mapping[str, str]) -> None:
    """The handlers read their environment as they do in the cloud, so it must be there before they are."""
    clean = clean_environment()
    for name in set(os.environ) - set(clean):
        del os.environ[name]
    os.environ.update(clean)
    os.environ.update(environment)
