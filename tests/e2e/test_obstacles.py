"""What `clickmart` says when it cannot: one line, with what to do about it, and nothing left running."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from local_stack import processes


@pytest.mark.parametrize("server", ["postgres", "s3", "api"])
def test_a_port_that_is_taken(clickmart, server, taken_port):
    assert clickmart.complaint("up", f"--{server}-port", str(taken_port)) == (
        f"port {taken_port} for {server} cannot be had (address already in use): "
        "name another, or none and one is found"
    )
    assert clickmart.processes() == []


def test_a_port_asked_for_twice(clickmart):
    free = str(processes.any_free_port(taken=()))
    assert "asked for twice" in clickmart.complaint("up", "--s3-port", free, "--api-port", free)


def test_a_file_where_the_state_should_lie(make_clickmart, tmp_path):
    (tmp_path / "file").write_text("in the way")
    below, instead = make_clickmart(str(tmp_path / "file/home")), make_clickmart(str(tmp_path / "file"))

    assert below.complaint("up").endswith("Not a directory; set CLICKMART_HOME to a folder of yours")
    assert instead.complaint("up").endswith("File exists; set CLICKMART_HOME to a folder of yours")


def test_a_home_that_nobody_may_write_to(make_clickmart):
    forbidden = make_clickmart("/sys/clickmart")

    assert forbidden.complaint("up").startswith("cannot write to /sys/clickmart: ")


def test_a_disk_that_is_full(running):
    log = running.home / "logs/loader.log"
    log.unlink(missing_ok=True)
    log.symlink_to("/dev/full")

    assert running.complaint("load").startswith("the disk is full: free some space")

    log.unlink()
    assert "events loaded" in running("load")


def test_user_namespaces_forbidden_as_in_many_a_container(make_clickmart, tmp_path_factory):
    """Root, for whom PostgreSQL does not run, must then really become somebody else."""
    programs = tmp_path_factory.mktemp("programs")
    for folder in programs.parents:
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(0o711)
    unshare = programs / "unshare"
    unshare.write_text("#!/bin/sh\nexit 1\n")
    unshare.chmod(0o755)
    clickmart = make_clickmart("home", PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    clickmart.home.parent.chmod(0o711)

    clickmart("up")
    assert "objects loaded" in clickmart("status")
    clickmart("reset")
    assert list(clickmart.home.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["traffic", "--days", "0"], "Invalid value for '--days': 0 is not in the range"),
        (["traffic", "--until", "tomorrow"], "Invalid value for '--until': 'tomorrow' does not match"),
        (
            ["traffic", "--url", "shop.example"],
            "Invalid value for '--url': 'shop.example' does not begin with http",
        ),
        (
            ["traffic", "--url", "http://127.0.0.1:9/x", "--visitors", "1"],
            "cannot send to http://127.0.0.1:9/x: ",
        ),
        (["load", "--prefix", "foo"], "overridePrefix must be 'events/YYYY/'"),
        (["load", "--hour", "garbage"], "targetUtcHour must be ISO 8601"),
        (["load", "--date", "2026-13-01"], "targetUtcDate must be a date such as"),
        (["load", "--hours-back", "-1"], "Invalid value for '--hours-back'"),
        (
            ["load", "--hour", "2026-01-01", "--date", "2026-01-01"],
            "name one of --hours-back, --hour, --date and",
        ),
        (["up", "--api-port", "99999"], "Invalid value for '--api-port'"),
        (["nonsense"], "No such command 'nonsense'."),
    ],
)
def test_nonsense_gets_one_line(running, arguments, says):
    assert running.complaint(*arguments).startswith(says)


@pytest.mark.parametrize(
    "command",
    [["status"], ["load"], ["transform"], ["env"], ["traffic", "--days", "1"], ["dashboards"]],
)
def test_what_needs_the_platform_says_how_to_start_it(clickmart, command):
    assert clickmart.complaint(*command) == "the platform is not up: run `clickmart up`"


def test_what_is_down_is_named(make_clickmart):
    clickmart = make_clickmart()
    clickmart("up")
    clickmart.kill("s3")

    assert clickmart.complaint("status") == "s3 not up: run `clickmart up`"


def test_the_installed_command_works_from_any_folder(running, tmp_path):
    done = subprocess.run(
        [Path(".venv/bin/clickmart").absolute(), "status"],
        cwd=tmp_path,
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
