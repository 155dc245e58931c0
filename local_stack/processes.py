"""Processes that outlive the command that started them: started once, known by their id, ended by it."""

import json
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

import psutil

from local_stack.home import Home, StackError, write

START_SECONDS = 20.0
STOP_SECONDS = 30.0

# Held on to, or Python would warn of children that run on without us, as these are meant to.
_children: list["subprocess.Popen[bytes]"] = []


def start(
    home: Home,
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    port: int,
    *,
    patience_seconds: float | None = None,
) -> None:
    """Returns when the process listens on its port."""
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
    write(home.run / f"{name}.json", json.dumps(record))
    deadline = time.monotonic() + (patience_seconds or START_SECONDS)
    while not listens(child.pid, port):
        if child.poll() is not None or time.monotonic() > deadline:
            stop(home, name)
            lines = log.read_text(errors="replace").strip().splitlines()
            raise StackError(f"{name} did not start: {lines[-1] if lines else 'it says nothing'}; see {log}")
        time.sleep(0.02)


def port_of(home: Home, name: str) -> int | None:
    """The port of a process of ours that is alive; nothing if it is not, or is no longer ours."""
    record = read_record(home, name)
    return int(record["port"]) if record and process_of(record) else None


def stop(home: Home, name: str, politely: signal.Signals = signal.SIGTERM) -> None:
    record = read_record(home, name)
    process = process_of(record) if record else None
    if process is not None:
        end(process, politely, signal.SIGKILL)
    (home.run / f"{name}.json").unlink(missing_ok=True)


def end(process: psutil.Process, *ways: signal.Signals) -> None:
    """Politely first. A process counts as ended when nobody has asked for its exit code yet, too: whether and
    when its foster parent does so is not ours to wait for."""
    with suppress(psutil.NoSuchProcess):
        for way in ways:
            process.send_signal(way)
            deadline = time.monotonic() + STOP_SECONDS
            while time.monotonic() < deadline:
                if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                    return
                time.sleep(0.01)


def read_record(home: Home, name: str) -> dict[str, float] | None:
    try:
        record: dict[str, float] = json.loads((home.run / f"{name}.json").read_text())
    except (FileNotFoundError, NotADirectoryError, ValueError):
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


def listens(pid: int, port: int) -> bool:
    """It must be this process: somebody else's may have taken the port in the meantime."""
    try:
        connections = psutil.Process(pid).net_connections("tcp4")
    except psutil.Error:
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections)


def choose_ports(wanted: Mapping[str, int | None], preferred: Mapping[str, int]) -> dict[str, int]:
    """For each server the port asked for, or else the usual one, or else any that is free."""
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        if port is None:
            continue
        if port in chosen.values():
            raise StackError(f"port {port} is asked for twice: each server needs one of its own")
        if obstacle := obstacle_to(port):
            raise StackError(
                f"port {port} for {name} cannot be had ({obstacle}): name another, or none and one is found"
            )
        chosen[name] = port
    for name, port in preferred.items():
        if name not in chosen:
            is_usable = port not in chosen.values() and obstacle_to(port) is None
            chosen[name] = port if is_usable else any_free_port(chosen.values())
    return chosen


def obstacle_to(port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None


def any_free_port(taken: Collection[int]) -> int:
    """Below those that the system gives to clients, which could take it before the server does."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        if port not in taken and obstacle_to(port) is None:
            return port
