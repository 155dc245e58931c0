"""Real servers for the tests: PostgreSQL 18, 15 too where it is installed, and S3."""

import importlib
import os
import resource
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import psycopg
import pytest

from local_stack import object_store, processes
from local_stack.home import Home
from local_stack.postgres import DATABASE, OWNER, ROLES, Server, create_warehouse, embedded_binaries

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
BINARIES = {"postgres-18": embedded_binaries()}
if (POSTGRES_15 / "postgres").exists():
    BINARIES["postgres-15"] = POSTGRES_15
# Tests throw their servers away, so nothing is gained by waiting for the disk.
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = ("RAW_BUCKET_NAME", "TARGET_TABLE", "ALLOWED_ORIGINS", "SEGMENT_WRITE_KEYS")

# A thousand requests at once are a few thousand connections.
_, MOST_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(MOST_FILES, 20_000), MOST_FILES))

# Files run side by side: whoever began the longest one last would be waited for by all.
LONGEST_FIRST = (
    "test_dbt_properties",
    "test_dbt_faults",
    "test_dashboard_survival",
    "test_dbt_partial_runs",
    "test_dbt_erase",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST_FIRST))


@dataclass(frozen=True)
class Warehouse:
    """A database of its own, made by the same two files as in the cloud."""

    server: Server
    database: str
    passwords: dict[str, str]

    def environment(self, role: str) -> dict[str, str]:
        return {
            "DW_PG_HOST": "127.0.0.1",
            "DW_PG_PORT": str(self.server.port),
            "DW_PG_USER": role,
            "DW_PG_PASSWORD": self.passwords[role],
            "DW_PG_DATABASE": self.database,
        }

    def connect(self, role: str = OWNER) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.server.port,
            user=role,
            password=self.passwords[role],
            dbname=self.database,
            autocommit=True,
        )

    def rows(self, query: str, *parameters: object, role: str = OWNER) -> list[tuple[Any, ...]]:
        with self.connect(role) as connection:
            return connection.execute(query, parameters).fetchall()


@dataclass(frozen=True)
class Bucket:
    """A bucket of its own on a real S3 server; boto3 is the second opinion on what our code stored."""

    name: str
    environment: dict[str, str]
    client: Any

    def put(self, key: str, body: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body)

    def get(self, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        return body

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


@pytest.fixture(scope="session")
def path_without(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """The PATH of a machine on which these programs are not installed."""

    def make(*missing: str) -> str:
        folder = tmp_path_factory.mktemp("programs")
        for place in map(Path, os.environ["PATH"].split(os.pathsep)):
            for program in place.iterdir() if place.is_dir() else ():
                if program.name not in missing and not (folder / program.name).is_symlink():
                    (folder / program.name).symlink_to(program)
        return str(folder)

    return make


@pytest.fixture(scope="session", params=list(BINARIES))
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix=f"clickmart-{request.param}-") as folder:
        # Where root may not make user namespaces, the server is nobody, and has to get in.
        Path(folder).chmod(0o711)
        server = Server(
            data=Path(folder) / "data",
            port=processes.any_free_port(taken=()),
            superuser_password=uuid.uuid4().hex,
            binaries=BINARIES[request.param],
        )
        server.create()
        server.start(FAST_AND_FORGETFUL)
        yield server
        server.stop()


@pytest.fixture(scope="session")
def passwords() -> dict[str, str]:
    return {role: uuid.uuid4().hex for role in (OWNER, *ROLES)}


@pytest.fixture
def warehouse(server: Server, passwords: dict[str, str]) -> Iterator[Warehouse]:
    with temporary_warehouse(server, passwords, DATABASE) as warehouse:
        yield warehouse


@contextmanager
def temporary_warehouse(server: Server, passwords: dict[str, str], database: str) -> Iterator[Warehouse]:
    create_warehouse(server, passwords, database)
    yield Warehouse(server, database, passwords)
    with server.connect() as connection:
        connection.execute(f"drop database {database} with (force)")


@pytest.fixture(scope="session")
def s3_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    home = Home(tmp_path_factory.mktemp("s3"))
    home.create()
    port = processes.any_free_port(taken=())
    object_store.start(home, port)
    yield object_store.environment(home, port)
    processes.stop(home, object_store.NAME)


@pytest.fixture(scope="session")
def s3_client(s3_environment: dict[str, str]) -> Iterator[Any]:
    with closing(client_of(s3_environment)) as client:
        yield client


def client_of(environment: dict[str, str], **settings: Any) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL_S3"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
        **settings,
    )


@pytest.fixture
def bucket(s3_environment: dict[str, str], s3_client: Any) -> Bucket:
    return make_bucket(s3_environment, s3_client)


def make_bucket(environment: dict[str, str], client: Any) -> Bucket:
    name = f"raw-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    return Bucket(name, {**environment, "RAW_BUCKET_NAME": name}, client)


@pytest.fixture
def import_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, str]], ModuleType]:
    return cold_starter(monkeypatch)


def cold_starter(patch: pytest.MonkeyPatch) -> Callable[[str, dict[str, str]], ModuleType]:
    """Imports a module as a cold start would: of settings it finds these, and no others."""

    def cold_start(module: str, environment: dict[str, str]) -> ModuleType:
        for name in os.environ:
            if name.startswith(("AWS_", "DW_PG_")) or name in SETTINGS:
                patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        already_imported = module in sys.modules
        loaded = importlib.import_module(module)
        return importlib.reload(loaded) if already_imported else loaded

    return cold_start


@pytest.fixture
def ingest(bucket: Bucket, import_with: Callable[..., ModuleType]) -> Callable[..., dict[str, Any]]:
    """The ingest handler on the test's own bucket."""
    handler: Callable[..., dict[str, Any]] = import_with("ingest_lambda.handler", bucket.environment).handler
    return handler


@pytest.fixture
def load(
    bucket: Bucket, warehouse: Warehouse, import_with: Callable[..., ModuleType]
) -> Callable[..., dict[str, Any]]:
    """The loader's handler between the test's own bucket and warehouse, in its own role."""
    environment = {**bucket.environment, **warehouse.environment("clickmart_loader")}
    handler: Callable[..., dict[str, Any]] = import_with("loader_lambda.handler", environment).handler
    return handler
