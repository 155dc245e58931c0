"""One bucket, one warehouse and one pair of handlers for all the cases of a module."""

from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from local_stack.postgres import Server
from tests.conftest import Bucket, Warehouse, cold_starter, make_bucket, temporary_warehouse
from tests.hostile import mutation

DATABASE = "hostile"


@pytest.fixture(scope="module")
def bucket(s3_environment: dict[str, str], s3_client: Any) -> Bucket:
    return make_bucket(s3_environment, s3_client)


@pytest.fixture(scope="module")
def warehouse(server: Server, passwords: dict[str, str]) -> Iterator[Warehouse]:
    with temporary_warehouse(server, passwords, DATABASE) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[[str, dict[str, str]], ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        yield cold_starter(patch)


@pytest.fixture(scope="module")
def ingest(bucket: Bucket, start: Callable[..., ModuleType]) -> Callable[..., dict[str, Any]]:
    handler: Callable[..., dict[str, Any]] = start("ingest_lambda.handler", bucket.environment).handler
    return handler


@pytest.fixture(scope="module")
def load(
    bucket: Bucket, warehouse: Warehouse, start: Callable[..., ModuleType]
) -> Callable[..., dict[str, Any]]:
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    handler: Callable[..., dict[str, Any]] = start("loader_lambda.handler", environment).handler
    return handler


@pytest.fixture
def examine(capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Callable[..., None]:
    """Whoever soaks for minutes sees how far it is, and from which seed."""

    def tell(line: str) -> None:
        with capfd.disabled():
            print(f"{request.node.name}: {line}", flush=True)

    return partial(mutation.examine, tell)
