"""`clickmart dashboards`: the R process itself, from its start to the last trace of it."""

import json
import re
import signal
from dataclasses import replace

import psutil
import pytest
import urllib3

from local_stack import demo, platform, processes
from local_stack.home import Home


@pytest.fixture
def shown(running):
    """The platform with its dashboards, which this test may end."""
    running("up")
    running("dashboards")
    return running


@pytest.fixture
def hidden(running):
    """The platform without them."""
    running("up")
    if record(running).exists():
        running.kill("dashboards")
    return running


def record(clickmart):
    return clickmart.home / "run/dashboards.json"


def address(clickmart):
    return f"http://127.0.0.1:{json.loads(record(clickmart).read_text())['port']}"


def listed(clickmart):
    return re.findall(r"^Dashboards +(.+)$", clickmart("status"), re.MULTILINE)


def test_they_answer_on_this_machine_only_and_their_address_is_listed(hidden):
    assert hidden("dashboards") == f"up\n{address(hidden)}\n"

    assert urllib3.request("GET", address(hidden)).status == 200
    sockets = hidden.process("dashboards").net_connections("all")
    listening = [each.laddr for each in sockets if each.status == psutil.CONN_LISTEN]
    assert [f"http://{laddr.ip}:{laddr.port}" for laddr in listening] == [address(hidden)]
    assert listed(hidden) == [address(hidden)]


def test_a_second_start_changes_nothing(shown):
    process = shown.process("dashboards")

    again = shown("dashboards")

    assert again.startswith("they are up already; ")
    assert again.endswith(f"\n{address(shown)}\n")
    assert shown.process("dashboards") == process


def test_they_know_the_password_of_their_role_and_no_other(shown):
    process = shown.process("dashboards")
    secrets = json.loads((shown.home / "secrets.json").read_text())

    told = process.environ()
    assert (told["DW_PG_USER"], told["DW_PG_PASSWORD"]) == (
        "clickmart_dashboard",
        secrets["clickmart_dashboard"],
    )
    assert set(secrets.values()) & set(told.values()) == {secrets["clickmart_dashboard"]}
    assert not any(secret in " ".join(process.cmdline()) for secret in secrets.values())


def test_the_port_asked_for_or_why_it_cannot_be_had(hidden, taken_port):
    assert hidden.complaint("dashboards", "--port", str(taken_port)) == (
        f"port {taken_port} for dashboards cannot be had (address already in use): "
        "name another, or none and one is found"
    )
    assert listed(hidden) == []
    free = processes.any_free_port(taken=())
    assert hidden("dashboards", "--port", str(free)) == f"up\nhttp://127.0.0.1:{free}\n"


def test_the_platform_is_up_without_them_and_they_come_back(shown):
    shown.kill("dashboards")

    assert shown("up").startswith("it is up already")
    assert listed(shown) == []
    assert shown("dashboards").startswith("up\n")
    assert listed(shown) == [address(shown)]


def test_those_of_a_platform_that_had_to_be_started_anew_are_stopped(shown):
    """PostgreSQL may be elsewhere now."""
    process = shown.process("dashboards")
    shown.kill("s3")

    shown("up")

    assert process not in shown.processes()
    assert listed(shown) == []


@pytest.mark.parametrize("command", ["down", "reset"])
def test_nothing_is_left_of_them(make_clickmart, tmp_path, command):
    clickmart = make_clickmart()
    clickmart("up")
    replace(clickmart, settings={"TMPDIR": str(tmp_path)})("dashboards")
    assert list(tmp_path.glob("Rtmp*"))

    clickmart(command)

    assert clickmart.processes() == []
    assert not record(clickmart).exists()
    assert list(tmp_path.glob("Rtmp*")) == []


def test_down_ends_them_where_nothing_else_is_left_running(shown):
    shown.kill("api", "s3", "postgres")

    assert shown("down") == "down\n"
    assert shown.processes() == []


def test_a_start_stopped_by_hand_leaves_nothing_of_them(hidden, wait_until):
    record(hidden).unlink(missing_ok=True)
    others = {process.pid for process in hidden.processes()}
    with hidden.start("dashboards") as starting:
        wait_until(record(hidden).exists, "R has begun to start")
        starting.send_signal(signal.SIGINT)
        _, said = starting.communicate()

    assert (starting.returncode, said.strip()) == (130, "clickmart: stopped")
    assert {process.pid for process in hidden.processes()} <= others


def test_without_r_one_line_says_what_to_install(hidden, path_without):
    without_r = replace(hidden, settings={"PATH": path_without("R", "Rscript")})

    assert without_r.complaint("dashboards").startswith(
        "the dashboards need more: sudo apt-get install --no-install-recommends r-base-core r-cran-shiny "
    )


def test_without_r_the_demo_ends_with_that_line_and_goes_well(hidden, path_without, monkeypatch):
    monkeypatch.setenv("PATH", path_without("R", "Rscript"))

    said = demo.invite_to_dashboards(platform.open_platform(Home(hidden.home)))

    assert said.startswith("no dashboards yet: the dashboards need more: sudo apt-get install ")
    assert "\n" not in said
