"""What is installed is what constraints.txt says: nothing came along unnoticed."""

import re
from importlib.metadata import distributions

from local_stack.home import PROJECT

# These come with Python's own virtual environments, and nothing of ours needs them.
BROUGHT_BY_PYTHON = {"pip", "setuptools", "wheel"}
PINS = dict(line.split("==") for line in (PROJECT / "constraints.txt").read_text().splitlines())


def test_everything_installed_is_pinned():
    installed = {
        re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower(): each.version for each in distributions()
    }
    ours = installed.keys() - BROUGHT_BY_PYTHON - {"clickmart"}
    assert {name: installed[name] for name in ours} == {name: PINS.get(name) for name in ours}
