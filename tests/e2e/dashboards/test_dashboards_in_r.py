"""The dashboards' own tests, in R, on the same shop."""

import subprocess

import pytest

from local_stack.home import PROJECT, Home
from local_stack.platform import open_platform
from tests.e2e.conftest import Clickmart

FILES = sorted(
    file.stem.removeprefix("test-") for file in (PROJECT / "shiny/tests/testthat").glob("test-*.R")
)


@pytest.mark.parametrize("subject", FILES)
def test_in_r(shop: Clickmart, subject: str) -> None:
    warehouse = open_platform(Home(shop.home)).warehouse_environment("clickmart_dashboard")
    done = subprocess.run(
        ["/usr/bin/Rscript", "--vanilla", PROJECT / "shiny/tests/testthat.R", subject],
        env={**shop.environment, **warehouse, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
