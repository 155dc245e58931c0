"""Whatever is killed, and whatever a crash leaves behind: the next `up` is as good as new."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import psutil
import psycopg
import pytest

from local_stack import platform
from local_stack.home import Home, StackError

SERVERS = ("postgres", "s3", "api", "shop")


def up(clickmart):
    """As the command does, without the time that it takes to start Python."""
    _, is_new = platform.up(Home(clickmart.home), {})
    return is_new


def is_up(clickmart):
    try:
        platform.open_platform(Home(clickmart.home))
    except StackError:
        return False
    return True


@pytest.fixture
def lived_in(running):
    """It is up, and something is stored in it."""
    up(running)
    with running.connect("clickmart_owner") as connection:
        connection.execute("create table if not exists kept as select 42 as answer")
    return running


def assert_as_good_as_new(clickmart):
    assert is_up(clickmart)
    assert clickmart.rows("select answer from kept", "clickmart_owner") == [(42,)]
    assert_nothing_but_its_servers(clickmart)


def assert_nothing_but_its_servers(clickmart):
    servers = [clickmart.process(server) for server in SERVERS]
    family = {each.pid for server in servers for each in [server, *server.children(recursive=True)]}
    assert {process.pid for process in clickmart.processes()} <= family


@pytest.mark.parametrize("killed", [["s3"], ["api"], ["postgres"], ["shop"], list(SERVERS)], ids="-".join)
def test_killed_servers_come_back_with_their_data(lived_in, killed):
    lived_in.kill(*killed)

    assert lived_in("up").startswith("up\n")
    assert_as_good_as_new(lived_in)


def test_every_process_killed_at_once(lived_in):
    lived_in.kill()

    assert up(lived_in)
    assert_as_good_as_new(lived_in)


def test_a_postmaster_killed_while_a_query_keeps_its_worker_busy(lived_in, wait_until):
    """Such a worker does not notice, and the folder is locked until it ends."""
    with lived_in.connect("clickmart_owner") as connection:
        worker = psutil.Process(connection.info.backend_pid)

        def count_for_ever():
            with suppress(psycopg.OperationalError):
                connection.execute("select count(*) from generate_series(1, 100000000000) as many")

        query = threading.Thread(target=count_for_ever)
        query.start()
        wait_until(lambda: worker.cpu_times().user > 0.2, "the query runs")
        lived_in.kill("postgres")

        try:
            assert up(lived_in)
            assert worker not in lived_in.processes()
        finally:
            with suppress(psutil.NoSuchProcess):
                worker.kill()
            query.join()
    assert_as_good_as_new(lived_in)


def test_down_after_a_crash_leaves_nothing(make_clickmart, wait_until):
    clickmart = make_clickmart()
    up(clickmart)
    clickmart.kill("postgres", "api")

    assert clickmart("down") == "down\n"
    wait_until(lambda: clickmart.processes() == [], "PostgreSQL's workers see that their server is gone")


@pytest.fixture
def innocent():
    """Somebody else's process, which by chance has the id that one of ours once had."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    is_alive = process.poll() is None
    process.kill()
    process.wait()
    assert is_alive, "it was killed"


@pytest.mark.parametrize("command", ["up", "down"])
def test_an_id_that_now_belongs_to_another_process(lived_in, innocent, command):
    lived_in.kill()
    pid_file = lived_in.home / "postgres/postmaster.pid"
    pid_file.write_text("\n".join([str(innocent.pid), *pid_file.read_text().split("\n")[1:]]))
    for server in ("s3", "api"):
        record = lived_in.home / f"run/{server}.json"
        known = json.loads(record.read_text())
        record.write_text(json.dumps({**known, "pid": innocent.pid, "created": known["created"] - 60}))

    assert not is_up(lived_in)
    assert lived_in(command).startswith("up\n" if command == "up" else "nothing was running")
    up(lived_in)
    assert_as_good_as_new(lived_in)


@pytest.mark.parametrize("rest", ["", "{"])
def test_state_files_cut_short(lived_in, rest):
    lived_in.kill()
    for name in ("ports.json", "s3.json", "api.json"):
        (lived_in.home / "run" / name).write_text(rest)

    assert not is_up(lived_in)
    assert up(lived_in)
    assert_as_good_as_new(lived_in)


def test_ports_that_another_program_took_in_the_meantime(lived_in, taken_port):
    lived_in.kill()
    file = lived_in.home / "run/ports.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "api": taken_port}))

    up(lived_in)
    assert lived_in.port("api") != taken_port
    assert_as_good_as_new(lived_in)


@pytest.mark.parametrize("sign", ["postgres/PG_VERSION", "run/s3.json"])
def test_up_killed_half_way(make_clickmart, wait_until, sign):
    clickmart = make_clickmart()
    with clickmart.start("up") as first:
        wait_until((clickmart.home / sign).exists, f"it has got as far as {sign}")
        first.kill()
        clickmart.kill()

    assert up(clickmart)
    assert_nothing_but_its_servers(clickmart)
    assert clickmart.rows("select count(*) from raw.events") == [(0,)]


def test_up_stopped_while_initdb_runs_leaves_nothing_of_it(make_clickmart, wait_until):
    """initdb asks a server of its own, which writes its number as a negative one."""
    clickmart = make_clickmart()
    sign = clickmart.home / "postgres/postmaster.pid"
    with clickmart.start("up") as first:
        wait_until(lambda: sign.exists() and sign.read_text().startswith("-"), "initdb has a server")
        first.send_signal(signal.SIGINT)
        _, said = first.communicate()

    assert (first.returncode, said.strip()) == (130, "clickmart: stopped")
    assert clickmart.processes() == []


def test_up_stopped_by_hand_stops_what_it_had_started(make_clickmart, wait_until):
    clickmart = make_clickmart()
    with clickmart.start("up") as first:
        wait_until((clickmart.home / "postgres/postmaster.pid").exists, "PostgreSQL is about to start")
        first.send_signal(signal.SIGINT)
        _, said = first.communicate()

    assert (first.returncode, said.strip()) == (130, "clickmart: stopped")
    assert clickmart.processes() == []


def test_a_half_made_database_folder_is_made_anew(clickmart):
    (clickmart.home / "postgres/base").mkdir(parents=True)
    (clickmart.home / "postgres/PG_VERSION").write_text("18\n")

    up(clickmart)
    assert clickmart.rows("select count(*) from raw.events") == [(0,)]


def test_two_ups_at_once_start_one_platform(clickmart):
    with clickmart.start("up") as one, clickmart.start("up") as two:
        said = sorted(each.communicate()[0].split("\n")[0] for each in (one, two))

    assert said == ["it is up already; to change ports, run `clickmart down` first", "up"]
    assert is_up(clickmart)
    assert_nothing_but_its_servers(clickmart)


def test_a_state_folder_deleted_while_it_runs_does_not_keep_a_new_one_from_starting(clickmart):
    up(clickmart)
    old = clickmart.processes()
    shutil.rmtree(clickmart.home)

    assert up(clickmart)
    assert is_up(clickmart)
    for process in old:
        with suppress(psutil.NoSuchProcess):
            process.kill()
