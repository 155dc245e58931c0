"""An S3 server in memory, for what rclone has no files for: versions, and keys that name no file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack import processes
from local_stack.home import Home

NAME = "moto"


@contextmanager
def moto_store(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of those who use it."""
    home = Home(folder)
    home.create()
    port = processes.any_free_port(taken=())
    processes.start(home, NAME, [sys.executable, "-m", "moto.server", "-p", str(port)], {}, port)
    yield {
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    processes.stop(home, NAME)
