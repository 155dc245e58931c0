"""What `infra/stage` would ask of AWS. A stand-in answers, which only knows what the test says."""

import hashlib
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.settings import STAGES

SHA256 = "0" * 64
PROJECT = STAGES.parent.parent
OUT = f"--output {PROJECT / 'cdk.out'}"
COMMAND = STAGES.parent / "stage"
STAND_IN = """#!/bin/bash
echo "$(basename "$0") $* [$AWS_DEFAULT_REGION]" >> "$ASKED"
all="$*"
for rule in "$ANSWERS"/*; do
    name=$(basename "$rule")
    if [[ $all == *"$name"* ]]; then
        head -n 1 "$rule"
        [[ $(wc -l < "$rule") == 1 ]] || sed -i 1d "$rule"
        exit 0
    fi
done
"""
OUTPUTS = {
    "OutputKey=='ReleaseBucket'": "releases",
    "OutputKey=='RawBucket'": "raw",
    "OutputKey=='DataVolume'": "vol-1",
    "OutputKey=='Loader'": "the-loader",
    "OutputKey=='WarehouseHost'": "i-1",
}


@dataclass
class Terminal:
    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "bin").mkdir()
        (self.folder / "answers").mkdir()
        for name in ("aws", "npx"):
            (self.folder / "bin" / name).write_text(STAND_IN)
            (self.folder / "bin" / name).chmod(0o755)
        for asked, answer in OUTPUTS.items():
            self.answers(asked, answer)

    def answers(self, asked: str, *answers: str) -> None:
        """One answer after the other, the last for ever."""
        (self.folder / "answers" / asked).write_text("".join(f"{each}\n" for each in answers))

    def run(self, *words: str, typed: str = "", command: Path = COMMAND) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, "example", *words],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "ASKED": str(self.folder / "asked"),
                "ANSWERS": str(self.folder / "answers"),
                "STAGE_ASKS_EVERY": "0",
            },
        )

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines() if (self.folder / "asked").exists() else []


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_without_a_command_it_says_what_there_is(tmp_path):
    done = subprocess.run([COMMAND], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "stage NAME deploy" in done.stderr
    assert "set -euo" not in done.stderr


def test_a_stage_without_settings_is_named(tmp_path):
    done = subprocess.run([COMMAND, "nowhere", "deploy"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nowhere.toml: copy example.toml" in done.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("deploy", f"deploy {OUT} --context stage=example Clickmart-example"),
        ("wake", f"deploy {OUT} --context stage=example --context awake=true Clickmart-example"),
    ],
)
def test_deploying_and_waking_are_deployments(terminal, command, said):
    assert terminal.run(command).returncode == 0
    assert terminal.asked[0] == f"npx --yes aws-cdk@2.1148.1 {said} [eu-central-1]"


def test_the_host_is_shut_down_before_it_is_taken_away(terminal):
    assert terminal.run("sleep").returncode == 0
    stopped, waited, noted, deployed = terminal.asked[1:]
    assert "ec2 stop-instances --instance-ids i-1" in stopped
    assert "ec2 wait instance-stopped" in waited
    assert "asleep-since" in noted
    assert f"deploy {OUT} --context stage=example --context awake=false Clickmart-example" in deployed


def test_a_stage_that_wakes_says_how_to_load_what_came_meanwhile(terminal):
    terminal.answers("asleep-since", str(int(time.time()) - 30 * 3600))
    assert """infra/stage example load '{"lookbackHours": 34}'""" in terminal.run("wake").stdout


def test_what_needs_the_host_says_that_the_stage_is_asleep(terminal):
    terminal.answers("OutputKey=='WarehouseHost'", "None")
    done = terminal.run("dashboards")
    assert (done.returncode, done.stderr) == (1, "stage: the stage has no WarehouseHost: is it asleep?\n")


def test_a_release_is_waited_for_and_what_the_host_said_is_shown(terminal):
    terminal.answers("describe-instance-information", "None", "Online")
    terminal.answers("ssm send-command", "command-1")
    terminal.answers("--query Status", "Pending", "InProgress", "Success")
    terminal.answers("StandardOutputContent", "switch-release: 7 runs now")
    terminal.answers("clickmart-7.tar.gz.sha256", f"{SHA256}  clickmart-7.tar.gz")
    done = terminal.run("release", "7")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("switch-release: 7 runs now\n")
    (sent,) = (each for each in terminal.asked if "send-command" in each)
    assert "--document-name clickmart-example-release --instance-ids i-1 --parameters version=7" in sent
    assert not any("s3 cp --only" in each for each in terminal.asked)
    # A host that is made later installs the same.
    assert f"--name /clickmart/example/warehouse/release --value 7 {SHA256}" in terminal.asked[-1]


def test_a_release_that_the_host_refuses_is_an_error(terminal):
    terminal.answers("describe-instance-information", "None", "Online")
    terminal.answers("ssm send-command", "command-1")
    terminal.answers("--query Status", "Failed")
    terminal.answers("StandardOutputContent", "switch-release: dbt cannot read it")
    done = terminal.run("release", "7")
    assert done.returncode == 1
    assert "dbt cannot read it" in done.stdout
    assert done.stderr == "stage: 7 was not installed: Failed\n"
    assert not any("put-parameter" in each for each in terminal.asked)


def test_a_bundle_goes_up_and_becomes_settings(terminal):
    bundle = terminal.folder / "bundle-1.tar"
    bundle.write_text("packages")
    checksum = hashlib.sha256(bundle.read_bytes()).hexdigest()
    (terminal.folder / "bundle-1.tar.sha256").write_text(f"{checksum}  bundle-1.tar\n")
    terminal.answers("ssm get-parameter", f"1 {SHA256}")
    done = terminal.run("upload", str(bundle))
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" = ") for line in done.stdout.splitlines() if " = " in line)
    assert said["bundle"] == '"bundle-1.tar"'
    assert said["bundle_sha256"] == f'"{checksum}"'
    assert any(f"s3 cp {bundle} s3://releases/releases/" in each for each in terminal.asked)


def test_a_damaged_bundle_stays_here(terminal):
    bundle = terminal.folder / "bundle-1.tar"
    bundle.write_text("packages")
    (terminal.folder / "bundle-1.tar.sha256").write_text(f"{'0' * 64}  bundle-1.tar\n")
    assert terminal.run("upload", str(bundle)).returncode == 1
    assert not any("s3 cp" in each for each in terminal.asked)


def test_a_load_that_fails_is_an_error(terminal):
    terminal.answers("lambda invoke", "None")
    assert terminal.run("load", '{"hoursBack": 2}').returncode == 0
    assert '--payload {"hoursBack": 2}' in terminal.asked[-1]
    terminal.answers("lambda invoke", "Unhandled")
    done = terminal.run("load")
    assert (done.returncode, done.stderr) == (1, "stage: the load failed\n")
    assert "--payload {} " in terminal.asked[-1]


def test_nothing_is_destroyed_unless_its_name_is_typed(terminal):
    done = terminal.run("destroy", typed="yes\n")
    assert (done.returncode, done.stderr) == (1, "stage: nothing was done\n")
    assert not any("destroy" in each or "delete" in each for each in terminal.asked)


def test_destroying_keeps_the_data_and_says_where_it_is(terminal):
    done = terminal.run("destroy", typed="example\n")
    assert done.returncode == 0, done.stderr
    assert any("npx --yes aws-cdk@2.1148.1 destroy" in each for each in terminal.asked)
    deleted = [each for each in terminal.asked if "delete" in each]
    assert len(deleted) == 2
    assert all("/warehouse/release" in each or "/warehouse/asleep-since" in each for each in deleted)
    assert "s3://raw, s3://releases, the volume vol-1" in done.stdout


def test_another_volume_is_not_put_under_a_host_that_runs(terminal, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(STAGES.parent, project / "infra")
    file = project / "infra" / "stages" / "example.toml"
    file.write_text(f'{file.read_text()}data_volume = "vol-2"\n')
    done = terminal.run("deploy", command=project / "infra" / "stage")
    assert (done.returncode, done.stderr) == (
        1,
        "stage: data_volume is another than the host has: put the stage to sleep first\n",
    )
