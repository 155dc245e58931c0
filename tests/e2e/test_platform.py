"""`clickmart up`, `down`, `status` and `reset` on a machine where nothing is wrong."""

import re
import stat

import psutil
import psycopg
import pytest

SERVERS = ("postgres", "s3", "api", "shop")


def test_up_says_where_it_listens_and_a_second_up_that_it_is_up_already(running):
    again = running("up")

    assert again.startswith("it is up already")
    assert f"http://127.0.0.1:{running.port('api')}/clickstream" in again
    assert str(running.home) in again
    assert f"127.0.0.1:{running.port('postgres')}, database clickstream_dw" in running("status")


def test_it_listens_on_this_machine_only(running):
    listening = {
        connection.laddr
        for process in running.processes()
        for connection in process.net_connections("all")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening == {("127.0.0.1", running.port(server)) for server in SERVERS}
    assert not [
        socket
        for process in running.processes()
        for socket in process.net_connections("unix")
        if socket.laddr and "PGSQL" in str(socket.laddr)
    ]


def test_passwords_stay_in_one_file_that_only_its_owner_reads(running):
    secrets = {
        running.secret(name)
        for name in ("postgres", "s3", "clickmart_owner", "clickmart_loader", "clickmart_dbt")
    }

    assert len(secrets) == 5
    assert stat.S_IMODE((running.home / "secrets.json").stat().st_mode) == 0o600
    assert running.home.stat().st_mode & 0o066 == 0
    command_lines = "\n".join(" ".join(process.cmdline()) for process in running.processes())
    logs = [running.home / "postgres.log", *(running.home / "logs").iterdir()]
    for text in (command_lines, *(log.read_text() for log in logs)):
        assert not [secret for secret in secrets if secret in text]
    assert list(running.home.glob("*.password")) == []


@pytest.mark.parametrize("role", ["postgres", "clickmart_owner", "clickmart_loader", "clickmart_dashboard"])
def test_postgres_wants_each_role_s_own_password(running, role):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        running.connect(role, password=running.secret("s3"))
    with running.connect(role) as connection:
        assert connection.execute("select current_user").fetchall() == [(role,)]


def test_postgres_s_log_never_sees_a_password_even_when_it_logs_every_statement(running):
    log = running.home / "postgres.log"
    with running.connect("postgres") as connection:
        connection.execute("alter system set log_statement = 'all'")
        connection.execute("select pg_reload_conf()")
        running.kill("s3")
        running("up")
        connection_is_gone = log.read_text().count("alter role")
    with running.connect("postgres") as connection:
        connection.execute("alter system reset log_statement")

    assert connection_is_gone
    for role in ("postgres", "clickmart_owner", "clickmart_loader", "clickmart_dbt", "clickmart_dashboard"):
        assert running.secret(role) not in log.read_text()


def test_two_platforms_live_side_by_side_and_one_in_a_folder_with_an_odd_name(running, make_clickmart):
    other = make_clickmart("Müller & Söhne (2026)")
    other("up")

    assert {running.port(server) for server in SERVERS}.isdisjoint(other.port(server) for server in SERVERS)
    assert "objects loaded" in other("status")
    assert "down" in other("down")
    assert other.processes() == []
    assert "objects loaded" in running("status")


def test_down_leaves_no_process_behind_and_up_again_finds_ports_and_data_as_they_were(make_clickmart):
    clickmart = make_clickmart()
    clickmart("up")
    ports = [clickmart.port(server) for server in SERVERS]
    with clickmart.connect("clickmart_owner") as connection:
        connection.execute("create table kept as select 42 as answer")

    assert clickmart("down") == "down\n"
    assert clickmart.processes() == []
    assert clickmart("down") == "nothing was running\n"
    assert clickmart.complaint("status") == "the platform is not up: run `clickmart up`"

    clickmart("up")
    assert [clickmart.port(server) for server in SERVERS] == ports
    assert clickmart.rows("select answer from kept", "clickmart_owner") == [(42,)]


def test_reset_deletes_what_it_made_and_nothing_else(make_clickmart):
    clickmart = make_clickmart()
    clickmart("up")
    mine = clickmart.home / "notes.txt"
    mine.write_text("mine")

    clickmart("reset")

    assert clickmart.processes() == []
    assert list(clickmart.home.iterdir()) == [mine]
    assert clickmart("reset") == "all state is deleted\n"


def test_down_and_reset_where_nothing_ever_was(clickmart):
    assert clickmart("down") == "nothing was running\n"
    assert clickmart("reset") == "all state is deleted\n"
    assert not clickmart.home.exists()


def test_without_a_command_it_lists_its_commands_each_with_a_whole_sentence(clickmart):
    said = clickmart()

    assert said.startswith("Usage: clickmart")
    commands = re.findall(r"^  (\w+) {2,}(.+)$", said.partition("Commands:")[2], re.MULTILINE)
    assert {name for name, _ in commands} >= {
        "up",
        "down",
        "status",
        "traffic",
        "load",
        "transform",
        "dashboards",
        "demo",
        "reset",
    }
    assert all(text.endswith(".") and not text.endswith("..") for _, text in commands)
