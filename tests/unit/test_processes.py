"""Processes known by their id and time of birth, and ports that are really free."""

import json
import socket
import subprocess
import sys

import psutil
import pytest

from local_stack import processes
from local_stack.home import Home, StackError

LISTENER = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.create()
    yield home
    for record in home.run.glob("*.json"):
        processes.stop(home, record.stem)


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port():
    return processes.any_free_port(taken=())


def start(home, port, program=LISTENER):
    processes.start(home, "listener", [sys.executable, "-c", program, str(port)], {}, port)


def record_of(home):
    return json.loads((home.run / "listener.json").read_text())


def is_alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_started_process_is_known_until_it_is_stopped(home):
    port = free_port()
    start(home, port)
    pid = record_of(home)["pid"]
    assert processes.port_of(home, "listener") == port

    processes.stop(home, "listener")
    assert not is_alive(pid)
    assert processes.port_of(home, "listener") is None
    assert not (home.run / "listener.json").exists()
    processes.stop(home, "listener")


def test_one_that_will_not_hear_is_killed(home, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
    port = free_port()
    start(home, port, "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)" + LISTENER)
    pid = record_of(home)["pid"]

    processes.stop(home, "listener")
    assert not is_alive(pid)


def test_one_that_dies_at_once_is_reported_with_its_last_words(home):
    with pytest.raises(StackError, match=r"^listener did not start: I cannot; see .*listener\.log$"):
        start(home, free_port(), "import sys; print('First this.', flush=True); sys.exit('I cannot')")
    assert not (home.run / "listener.json").exists()


def test_a_port_that_somebody_else_answers_on_does_not_count(home, taken_port):
    with pytest.raises(StackError, match="Address already in use"):
        start(home, taken_port)
    assert processes.port_of(home, "listener") is None


def test_one_that_never_listens_is_given_up_and_stopped(home, monkeypatch):
    monkeypatch.setattr(processes, "START_SECONDS", 0.5)
    with pytest.raises(StackError, match="listener did not start: it says nothing"):
        start(home, free_port(), "import time; time.sleep(600)")
    assert not (home.run / "listener.json").exists()


@pytest.mark.parametrize("difference", [-3600, 3600])
def test_another_process_with_the_same_id_is_left_alone(home, difference):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as innocent:
        born = psutil.Process(innocent.pid).create_time()
        record = {"pid": innocent.pid, "created": born + difference, "port": 1}
        (home.run / "listener.json").write_text(json.dumps(record))

        assert processes.port_of(home, "listener") is None
        processes.stop(home, "listener")
        assert innocent.poll() is None
        innocent.kill()


@pytest.mark.parametrize("text", ["", "{", "not json"])
def test_a_record_cut_short_is_no_record(home, text):
    (home.run / "listener.json").write_text(text)
    assert processes.port_of(home, "listener") is None
    processes.stop(home, "listener")


def test_ports_are_the_usual_ones_where_they_are_free(taken_port):
    usual = {"one": free_port(), "two": taken_port}
    chosen = processes.choose_ports({"one": None}, usual)
    assert chosen["one"] == usual["one"]
    assert chosen["two"] not in usual.values()


def test_a_port_asked_for_is_not_given_to_another(taken_port):
    port = free_port()
    chosen = processes.choose_ports({"two": port}, {"one": port, "two": taken_port, "three": port})
    assert chosen["two"] == port
    assert len(set(chosen.values())) == 3


def test_what_cannot_be_had_is_named(taken_port):
    free_port = processes.any_free_port(set())
    with pytest.raises(StackError, match=f"^port {taken_port} for s3 cannot be had .address already in use."):
        processes.choose_ports({"s3": taken_port}, {"s3": 1})
    with pytest.raises(StackError, match="asked for twice"):
        processes.choose_ports({"s3": free_port, "api": free_port}, {})


def test_no_random_port_is_chosen_twice():
    taken = set()
    for _ in range(200):
        port = processes.any_free_port(taken)
        assert port not in taken
        taken.add(port)
