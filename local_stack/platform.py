"""The whole platform on one machine: PostgreSQL, S3, the API and the demo shop, up and down together."""

import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from local_stack import object_store, postgres, processes
from local_stack.home import PROJECT, Home, StackError, write

API = "api"
SHOP = "shop"
DASHBOARDS = "dashboards"
SEGMENT_WRITE_KEY = "local"
# Below those that the system gives to clients.
USUAL_PORTS = {"postgres": 24320, "s3": 24321, "api": 24322, "shop": 24324}
# A laptop's share; PostgreSQL's own defaults are for machines of another century.
# Nobody replicates it, so a new table need not be written twice.
POSTGRES_SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "work_mem": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Ports:
    postgres: int
    s3: int
    api: int
    shop: int


@dataclass(frozen=True)
class Platform:
    home: Home
    ports: Ports

    @property
    def server(self) -> postgres.Server:
        return postgres.Server(
            data=self.home.postgres,
            port=self.ports.postgres,
            superuser_password=self.home.secret("postgres"),
            binaries=postgres.embedded_binaries(),
        )

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.api}/clickstream"

    @property
    def shop_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.shop}/"

    def passwords(self) -> dict[str, str]:
        return {role: self.home.secret(role) for role in (postgres.OWNER, *postgres.ROLES)}

    def warehouse_environment(self, role: str) -> dict[str, str]:
        return {
            "DW_PG_HOST": "127.0.0.1",
            "DW_PG_PORT": str(self.ports.postgres),
            "DW_PG_USER": role,
            "DW_PG_PASSWORD": self.home.secret(role),
            "DW_PG_DATABASE": postgres.DATABASE,
            "DW_PG_SSL": "false",
        }

    def bucket_environment(self) -> dict[str, str]:
        return object_store.environment(self.home, self.ports.s3)


def open_platform(home: Home) -> Platform:
    """The platform that is up; says how to start one if none is."""
    ports, running = known_ports(home), states(home)
    if ports is None or not any(running.values()):
        raise StackError("the platform is not up: run `clickmart up`")
    down = [name for name, is_up in running.items() if not is_up]
    if down:
        raise StackError(f"{' and '.join(down)} not up: run `clickmart up`")
    return Platform(home, ports)


def known_ports(home: Home) -> Ports | None:
    """Those of the last time; the usual one for a server that there was not yet, then."""
    try:
        return Ports(**{**USUAL_PORTS, **json.loads((home.run / "ports.json").read_text())})
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None


def states(home: Home) -> dict[str, bool]:
    return {
        "postgres": postgres.postmaster(home.postgres) is not None,
        "s3": processes.port_of(home, object_store.NAME) is not None,
        "api": processes.port_of(home, API) is not None,
        "shop": processes.port_of(home, SHOP) is not None,
    }


def up(home: Home, wanted: dict[str, int | None]) -> tuple[Platform, bool]:
    """Starts what is not running yet; says whether there was anything to start."""
    home.create()
    with alone(home):
        known = known_ports(home)
        if known and all(states(home).values()):
            return Platform(home, known), False
        stop_all(home)
        preferred = asdict(known) if known else USUAL_PORTS
        with taking_ports():
            platform = Platform(home, Ports(**processes.choose_ports(wanted, preferred)))
            write(home.run / "ports.json", json.dumps(asdict(platform.ports)))
            try:
                start_all(platform)
            except BaseException:
                stop_all(home)
                raise
        return platform, True


def start_all(platform: Platform) -> None:
    home, ports = platform.home, platform.ports
    platform.server.create()
    platform.server.start(POSTGRES_SETTINGS)
    postgres.create_warehouse(platform.server, platform.passwords())
    object_store.start(home, ports.s3)
    processes.start(
        home,
        API,
        [sys.executable, "-m", "local_stack.gateway", "--port", str(ports.api)],
        {
            **clean_environment(),
            "PYTHONPATH": str(PROJECT),
            "SEGMENT_WRITE_KEYS": SEGMENT_WRITE_KEY,
            **platform.bucket_environment(),
        },
        ports.api,
    )
    processes.start(
        home,
        SHOP,
        [
            *(sys.executable, "-m", "local_stack.shop"),
            *("--port", str(ports.shop), "--endpoint", platform.api_url),
        ],
        {**clean_environment(), "PYTHONPATH": str(PROJECT)},
        ports.shop,
    )


def clean_environment() -> dict[str, str]:
    """Ours without what would lead S3 clients elsewhere: a profile, a token, a proxy for 127.0.0.1."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def down(home: Home) -> bool:
    """Says whether anything was running."""
    if not home.run.is_dir():
        return False
    with alone(home):
        was_up = any(states(home).values()) or processes.port_of(home, DASHBOARDS) is not None
        stop_all(home)
    return was_up


def stop_all(home: Home) -> None:
    stop_dashboards(home)
    processes.stop(home, SHOP)
    processes.stop(home, API)
    processes.stop(home, object_store.NAME)
    postgres.stop(home.postgres)


def stop_dashboards(home: Home) -> None:
    """R deletes its temporary files when it is interrupted, and not when it is terminated."""
    processes.stop(home, DASHBOARDS, signal.SIGINT)


def reset(home: Home) -> None:
    """Deletes what the platform made, and nothing else that may lie in the folder."""
    down(home)
    for name in ("postgres", "s3", "logs", "run", "dbt"):
        if (home.root / name).is_dir():
            shutil.rmtree(home.root / name)
    for name in ("secrets.json", "traffic.json", "postgres.log", "postgres.password"):
        (home.root / name).unlink(missing_ok=True)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Two who start or stop at once would trip over each other: the second waits."""
    with locked(home.run / "lock"):
        yield


@contextmanager
def taking_ports() -> Iterator[None]:
    """A port found free is ours only once a server listens on it: until then no other platform may look."""
    with locked(Path(tempfile.gettempdir()) / f"clickmart-{os.getuid()}.lock"):
        yield


@contextmanager
def taken_lock(path: Path) -> Iterator[bool]:
    """Whether it could be had: who comes second does not wait."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
