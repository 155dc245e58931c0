"""What is installed is what constraints.txt says: nothing came along unnoticed."""

import re
from importlib.metadata import distributions

from local_stack.home import PROJECT

PINS = dict(line.split("==") for line in (PROJECT / "constraints.txt").read_text().splitlines())


def test_everything_installed_is_pinned():
    installed = {
        re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower(): each.version for each in distributions()
    }
    del installed["clickmart"]
    assert installed == {name: PINS.get(name) for name in installed}
