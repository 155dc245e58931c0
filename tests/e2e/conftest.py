"""The `clickmart` command as a person runs it: another process, with a state folder of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

COMMAND = Path(sys.executable).with_name("clickmart")
PATIENCE_SECONDS = 30.0
CHROMIUM = "/usr/bin/chromium"
# What Chromium would do of itself has nobody to answer it here, and would look like requests of the page.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True)
class Clickmart:
    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    command: Path = COMMAND

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "DBT_", "DW_PG_", "FORCE_COLOR"))
        }
        return {**kept, "CLICKMART_HOME": str(self.home), **self.settings}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            # Where the tests themselves run in the background, Ctrl-C is ignored by all that they start.
            ["/usr/bin/env", "--default-signal=INT", self.command, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*arguments) as process:
            output, errors = process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)

    def __call__(self, *arguments: str) -> str:
        """What it says when all goes well."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    def complaint(self, *arguments: str) -> str:
        """The one line it says when something is wrong."""
        done = self.run(*arguments)
        assert done.returncode != 0, done.stdout
        (line,) = done.stderr.splitlines()
        return line.removeprefix("clickmart: ")

    def port(self, server: str) -> int:
        return int(json.loads((self.home / "run/ports.json").read_text())[server])

    def secret(self, name: str) -> str:
        return str(json.loads((self.home / "secrets.json").read_text())[name])

    def process(self, server: str) -> psutil.Process:
        if server == "postgres":
            return psutil.Process(int((self.home / "postgres/postmaster.pid").read_text().split("\n")[0]))
        return psutil.Process(json.loads((self.home / f"run/{server}.json").read_text())["pid"])

    def processes(self) -> list[psutil.Process]:
        """All that belong to this home, by what they were told or where they work."""
        return [each for each in psutil.process_iter() if belongs_to(each, self.home)]

    def kill(self, *servers: str) -> None:
        """Without warning: the servers named, or all that runs. Returns when they are dead."""
        doomed = [self.process(server) for server in servers] or self.processes()
        for process in doomed:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        while any(process in self.processes() for process in doomed):
            time.sleep(0.01)

    def rows(self, query: str, role: str = "clickmart_dbt") -> list[tuple[Any, ...]]:
        with self.connect(role) as connection:
            return connection.execute(query).fetchall()

    def connect(self, role: str, password: str | None = None) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port("postgres"),
            user=role,
            password=password or self.secret(role),
            dbname="clickstream_dw",
            autocommit=True,
        )


def belongs_to(process: psutil.Process, home: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
            return False
        told = [*process.cmdline(), process.environ().get("CLICKMART_HOME", "")]
        return str(home) in " ".join([*told, process.cwd()])
    except psutil.Error:
        return False


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], object], str], None]:
    def wait(condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain until {what}"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Chromium. One Playwright serves all of a process: it refuses to be there twice."""
    with sync_playwright() as playwright:
        yield partial(playwright.chromium.launch, executable_path=CHROMIUM)


@pytest.fixture(scope="module")
def make_clickmart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Clickmart]]:
    made: list[Clickmart] = []

    def make(name: str = "home", **settings: str) -> Clickmart:
        made.append(Clickmart(tmp_path_factory.mktemp("clickmart") / name, settings))
        return made[-1]

    yield make
    for clickmart in made:
        clickmart.kill()


@pytest.fixture
def clickmart(make_clickmart: Callable[..., Clickmart]) -> Clickmart:
    """A home in which nothing was ever started."""
    return make_clickmart()


@pytest.fixture(scope="module")
def running(make_clickmart: Callable[..., Clickmart]) -> Clickmart:
    """A platform that all tests of a module share."""
    clickmart = make_clickmart()
    clickmart("up")
    return clickmart


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
