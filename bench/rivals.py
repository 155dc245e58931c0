"""What would load these objects if our loader did not: the way that it replaces, dlt, and `psql \\copy`."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.stage import Run, event, object_key, run_python
from local_stack import postgres
from local_stack.home import PROJECT
from local_stack.platform import Platform, clean_environment

ORIGINAL = "import sys; from bench.original_loader import main; main(sys.argv[1])"
DLT = "dlt[postgres,filesystem]==1.31.0"


def original(environment: Mapping[str, str], prefix: str) -> Run:
    return run_python(ORIGINAL, environment, prefix)


@contextmanager
def python_with_dlt() -> Iterator[Path]:
    """Away from ours: dlt wants other versions of what we use."""
    uv = [sys.executable, "-m", "uv"]
    with tempfile.TemporaryDirectory(prefix="clickmart-dlt-") as folder:
        subprocess.run([*uv, "venv", "--quiet", folder], check=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, DLT, "s3fs"], check=True)
        subprocess.run([python, "-c", "import dlt.sources.filesystem"], check=True)  # compiled, as ours is
        yield python


def dlt(python: Path, environment: Mapping[str, str], prefix: str) -> Run:
    started = time.perf_counter()
    subprocess.run(
        [python, PROJECT / "bench" / "dlt_loader.py", prefix],
        env={**clean_environment(), **environment},
        check=True,
    )
    return Run(time.perf_counter() - started, 0, "")


def write_rows(file: Path, prefix: str, count: int, events_each: int) -> None:
    """What the loader makes of these objects, in the format of COPY."""
    with file.open("wb") as lines:
        for number in range(count):
            key, line = object_key(prefix, number // events_each).encode(), number % events_each
            lines.write(b"1\t%s\t%d\t%s\n" % (key, line, event(number).replace(b"\\", b"\\\\")))


def psql_copy(running: Platform, file: Path) -> Run:
    variables = running.warehouse_environment("clickmart_loader")
    address = ["--host", variables["DW_PG_HOST"], "--port", variables["DW_PG_PORT"]]
    copy = f"\\copy raw.events (load_id, object_key, line_number, payload) from '{file}'"
    psql = [str(postgres.embedded_binaries() / "psql"), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1"]
    who = ["--username", variables["DW_PG_USER"], variables["DW_PG_DATABASE"]]
    started = time.perf_counter()
    subprocess.run(
        [*psql, *address, "--command", copy, *who],
        env={**os.environ, "PGPASSWORD": variables["DW_PG_PASSWORD"]},
        check=True,
    )
    return Run(time.perf_counter() - started, 0, "")
