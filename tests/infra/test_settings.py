"""A stage that cannot be ends with one line that says why."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from infra.app import as_asked
from infra.checks import prove
from infra.settings import STAGES, SettingsError, read_stage
from tests.infra.conftest import everything_on

EXAMPLE = (STAGES / "example.toml").read_text()
FILLED_IN = (
    EXAMPLE.replace("ami-00000000000000000", "ami-0123456789abcdef0")
    .replace("pl-00000000", "pl-01234567")
    .replace("operator@example.com", "operator@shop.example")
)


def read(folder: Path, text: str):
    (folder / "mine.toml").write_text(text)
    return prove(read_stage("mine", folder))


def test_the_example_is_a_stage(tmp_path):
    assert read(tmp_path, FILLED_IN).warehouse.awake is False


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('region = "eu-central-1"', "", "region is missing"),
        ('region = "eu-central-1"', 'region = "Frankfurt"', "region must be a region such as"),
        ('region = "eu-central-1"', "region = 1", "region must be a text, not 1"),
        (
            'region = "eu-central-1"',
            'regoin = "eu-central-1"',
            "regoin is no setting; known are name, region",
        ),
        ('image = "ami-0123456789abcdef0"', "", "warehouse.image is missing"),
        ('image = "ami-0123456789abcdef0"', 'image = "latest"', "warehouse.image must be a Debian 12 image"),
        ("[warehouse]", '[warehouse]\ninstance = "t3.medium"', "of arm64, such as t4g.medium"),
        ("[warehouse]", "[warehouse]\ndata_gib = -1", "warehouse.data_gib must be at least 1, not -1"),
        ("[warehouse]", '[shop]\nsources = ["128.0.0.0/1"]\n[warehouse]', "shop.sources must be networks"),
        ("[warehouse]", '[shop]\nssh_sources = ["192.0.2.1/32"]\n[warehouse]', "needs shop.ssh_key"),
        (
            'allowed_origins = ["https://shop.example.com"]',
            'allowed_origins = ["https://shop.example.com/"]',
            "allowed_origins must be such as",
        ),
        ("[warehouse]", "[warehouse]\nawake = true", "warehouse.bundle is missing or wrong"),
        ("[warehouse]", '[warehouse]\naddress = "10.0.3.4"', "one of 10.0.2.4 to 10.0.2.254, not '10.0.3.4'"),
        ("[warehouse]", '[network]\nloading = "10.0.2.128/25"\n[warehouse]', "overlap"),
        ("[warehouse]", '[network]\nloading = "10.1.2.0/24"\n[warehouse]', "lies outside of network.vpc"),
        (
            "[warehouse]",
            '[network]\nloading = "10.0.3.1/24"\n[warehouse]',
            "network.loading must be a network",
        ),
        ("[warehouse]", "[raw]\nlock_days = 9\npeople_erased = true\n[warehouse]", "contradict each other"),
        ("[warehouse]", "[raw]\nlock_days = 9\nexpire_days = 5\n[warehouse]", "shorter than raw.lock_days"),
        (
            "[warehouse]",
            '[loader]\nschedule = "hourly"\n[warehouse]',
            "loader.schedule must be such as cron(",
        ),
        (
            "[warehouse]",
            '[loader]\nschedule = "cron(99 * * * ? *)"\n[warehouse]',
            "loader.schedule must be such as cron(",
        ),
        (
            "[warehouse]",
            '[loader]\nsweep = "cron(5 3 * * * *)"\n[warehouse]',
            "loader.sweep must be such as cron(",
        ),
        ("[warehouse]", '[network]\nvpc = "10.0.0.0/8"\n[warehouse]', "AWS takes /16 to /28"),
        ("[warehouse]", '[warehouse]\ndata_volume = "mine"', "data_volume must be vol-"),
        ("[warehouse]", "[loader]\ntimeout_seconds = 901\n[warehouse]", "900 at most"),
        (
            "[warehouse]",
            '[shop]\nsources = ["0.0.0.0/0"]\n[warehouse]',
            "shop.sources must be networks such as",
        ),
        ("[warehouse]", '[shop]\nsources = "here"\n[warehouse]', "shop.sources must be a list of texts"),
        ("[warehouse]", "[ingest]\nsigned_in_only = true\n[warehouse]", "needs shop.sign_in = true"),
        (
            "[warehouse]",
            '[ingest]\nsegment_write_keys = "key"\n[warehouse]',
            "ingest.segment_write_keys must be a list of texts",
        ),
        ("[warehouse]", '[ingest]\nsegment_write_keys = ["short"]\n[warehouse]', "must be of 8 to 128"),
        ("[warehouse]", '[ingest]\nsegment_write_keys = ["two, of them"]\n[warehouse]', "not 'two, of them'"),
        (
            "[warehouse]",
            '[ingest]\nsegment_write_keys = ["write-key-1"]\nsigned_in_only = true\n'
            "[shop]\nsign_in = true\n[warehouse]",
            "ingest.signed_in_only and ingest.segment_write_keys contradict each other",
        ),
        (
            'allowed_origins = ["https://shop.example.com"]',
            "allowed_origins = []",
            "allowed_origins is empty",
        ),
        ("[warehouse]", "[warehouse", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, old, new, said):
    assert old in FILLED_IN
    with pytest.raises(SettingsError) as error:
        read(tmp_path, FILLED_IN.replace(old, new))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["s3_prefix_list", "alarm_email", "warehouse.image"])
def test_what_only_the_example_may_say_has_to_be_filled_in(tmp_path, name):
    line = next(each for each in EXAMPLE.splitlines() if each.startswith(name.rpartition(".")[2]))
    filled = next(each for each in FILLED_IN.splitlines() if each.startswith(name.rpartition(".")[2]))
    with pytest.raises(SettingsError, match=f"{name} must be"):
        read(tmp_path, FILLED_IN.replace(filled, line))


def test_log_days_are_those_that_there_are():
    with pytest.raises(SettingsError, match="log_days must be one of 1, 3, 5"):
        prove(replace(everything_on(), log_days=31))


def test_synth_of_no_stage_says_which_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "infra.app", "nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "infra: no stage 'nowhere': say which, one of example"


@pytest.mark.parametrize("schedule", ["cron(*/30 * * * ? *)", "cron(0,30 6-22 ? * MON-FRI 2026-2030)"])
def test_other_schedules_are_fine(schedule):
    stage = everything_on()
    prove(replace(stage, loader=replace(stage.loader, schedule=schedule)))


@pytest.mark.parametrize(("awake", "is_awake"), [(None, True), ("true", True), ("false", False)])
def test_a_stage_sleeps_when_it_is_told_so(awake, is_awake):
    assert as_asked(everything_on(), awake).warehouse.awake is is_awake
    with pytest.raises(SettingsError, match="true or false, not 'no'"):
        as_asked(everything_on(), "no")
