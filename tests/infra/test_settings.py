"""A stage that cannot be ends with one line that says why."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from infra.checks import prove
from infra.settings import STAGES, SettingsError, read_stage
from tests.infra.conftest import everything_on

EXAMPLE = (STAGES / "example.toml").read_text()


def read(folder: Path, text: str):
    (folder / "mine.toml").write_text(text)
    return prove(read_stage("mine", folder))


def test_the_example_is_a_stage(tmp_path):
    assert read(tmp_path, EXAMPLE).warehouse.awake is False


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
        ('image = "ami-00000000000000000"', "", "warehouse.image is missing"),
        ('image = "ami-00000000000000000"', 'image = "latest"', "warehouse.image must be a Debian 12 image"),
        ("[warehouse]", "[warehouse]\nawake = true", "warehouse.bundle is missing or wrong"),
        ("[warehouse]", '[warehouse]\naddress = "10.0.3.4"', "must be an address in 10.0.2.0/24"),
        ("[warehouse]", '[network]\nloading = "10.0.2.128/25"\n[warehouse]', "overlap"),
        ("[warehouse]", '[network]\nloading = "10.1.2.0/24"\n[warehouse]', "lies outside of network.vpc"),
        (
            "[warehouse]",
            '[network]\nloading = "10.0.3.1/24"\n[warehouse]',
            "network.loading must be a network",
        ),
        ("[warehouse]", "[raw]\nlock_days = 9\nerasable = true\n[warehouse]", "contradict each other"),
        ("[warehouse]", "[raw]\nlock_days = 9\nexpire_days = 5\n[warehouse]", "shorter than raw.lock_days"),
        (
            "[warehouse]",
            '[loader]\nschedule = "hourly"\n[warehouse]',
            "loader.schedule must be such as cron(",
        ),
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
    assert old in EXAMPLE
    with pytest.raises(SettingsError) as error:
        read(tmp_path, EXAMPLE.replace(old, new))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_log_days_are_those_that_there_are():
    with pytest.raises(SettingsError, match="log_days must be one of 1, 3, 5"):
        prove(replace(everything_on(), log_days=31))


def test_synth_of_no_stage_says_which_there_are():
    done = subprocess.run(
        [sys.executable, "-m", "infra.app", "nowhere"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "infra: no stage 'nowhere': say -c stage=<name>, one of example"
