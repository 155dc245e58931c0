"""The tracker in node, with as much of a browser as it asks for; and what it weighs."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local_stack.home import PROJECT

TRACKER = PROJECT / "tracker"
MINIFIED = TRACKER / "dist/clickmart.js"


@pytest.fixture(scope="module")
def minified() -> Path:
    source = TRACKER / "clickmart.js"
    if not MINIFIED.exists() or MINIFIED.stat().st_mtime <= source.stat().st_mtime:
        subprocess.run(["/bin/sh", TRACKER / "minify.sh"], check=True)
    return MINIFIED


def run_in_node(tracker: Path) -> "subprocess.CompletedProcess[str]":
    node = shutil.which("node")
    assert node is not None, "node is missing: sh tests/install.sh"
    return subprocess.run(
        [node, "--test", "--test-reporter=spec", *sorted(Path(__file__).parent.glob("*.test.mjs"))],
        env={**os.environ, "TRACKER": str(tracker)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tracker_does_as_it_should_in_node():
    done = run_in_node(TRACKER / "clickmart.js")
    assert done.returncode == 0, done.stdout


def test_minified_it_does_the_same(minified):
    done = run_in_node(minified)
    assert done.returncode == 0, done.stdout


def test_it_weighs_no_more_than_4_kilobytes(minified):
    assert len(gzip.compress(minified.read_bytes())) <= 4_096
