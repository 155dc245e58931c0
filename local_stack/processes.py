"""Processes that outlive the command that started them: started once, known by their id, ended by it."""

import json
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import psutil

from local_stack.home import Home, StackError

START_SECONDS = 20.0
STOP_SECONDS = 10.0

# Held on to, or Python would warn of children that run on without us, as these are meant to.
_children: list["subprocess.Popen[bytes]"] = []


def start(home: Home, name: str, command: Sequence[str], environment: Mapping[str, str], port: int) -> None:
    """Returns when the process answers on its port."""
    log = home.logs / f"{name}.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=home.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _children.append(child)
    record = {"pid": child.pid, "created": psutil.Process(child.pid).create_time(), "port": port}
    (home.run / f"{name}.json").write_text(json.dumps(record))
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if child.poll() is not None or time.monotonic() > deadline:
            stop(home, name)
            lines = log.read_text(errors="replace").strip().splitlines()
            raise StackError(f"{name} did not start: {lines[-1] if lines else 'it says nothing'}; see {log}")
        time.sleep(0.02)


def port_of(home: Home, name: str) -> int | None:
    """The port of a process of ours that is alive; nothing if it is not, or is no longer ours."""
    record = read_record(home, name)
    return int(record["port"]) if record and process_of(record) else None


def stop(home: Home, name: str) -> None:
    record = read_record(home, name)
    process = process_of(record) if record else None
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)
    (home.run / f"{name}.json").unlink(missing_ok=True)


def read_record(home: Home, name: str) -> dict[str, float] | None:
    try:
        record: dict[str, float] = json.loads((home.run / f"{name}.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return record


def process_of(record: Mapping[str, float]) -> psutil.Process | None:
    """An id alone may by now be somebody else's; with its time of birth it is not."""
    try:
        process = psutil.Process(int(record["pid"]))
        is_ours = abs(process.create_time() - record["created"]) < 1 and (
            process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return None
    return process if is_ours else None


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def choose_port(wanted: int | None, preferred: int, what: str) -> int:
    """The port asked for, or else the usual one, or else any that is free."""
    if wanted is not None:
        if not is_free(wanted):
            raise StackError(f"port {wanted} for {what} is taken: name another, or none and one is found")
        return wanted
    if is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
