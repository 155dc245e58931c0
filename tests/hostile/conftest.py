"""One bucket, one warehouse and one pair of handlers for all the cases of a module."""

import importlib
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from local_stack.postgres import Server, create_warehouse
from tests.conftest import Bucket, Warehouse
from tests.hostile import mutation

DATABASE = "hostile"


@pytest.fixture(scope="module")
def bucket(s3_environment: dict[str, str], s3_client: Any) -> Bucket:
    name = f"raw-{uuid.uuid4().hex[:12]}"
    s3_client.create_bucket(Bucket=name)
    return Bucket(name, {**s3_environment, "RAW_BUCKET_NAME": name}, s3_client)


@pytest.fixture(scope="module")
def warehouse(server: Server, passwords: dict[str, str]) -> Iterator[Warehouse]:
    create_warehouse(server, passwords, DATABASE)
    yield Warehouse(server, DATABASE, passwords)
    with server.connect() as connection:
        connection.execute(f"drop database {DATABASE} with (force)")


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[[str, dict[str, str]], ModuleType]]:
    """A module, read anew with these variables beside the usual ones."""
    with pytest.MonkeyPatch.context() as patch:

        def start(module: str, environment: dict[str, str]) -> ModuleType:
            for name in ("ALLOWED_ORIGINS", "SEGMENT_WRITE_KEYS", "TARGET_TABLE"):
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            already_imported = module in sys.modules
            loaded = importlib.import_module(module)
            return importlib.reload(loaded) if already_imported else loaded

        yield start


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
