"""A real S3 server on a folder: rclone, with keys of its own.

Objects come and go through S3 only. rclone remembers its listings, which makes it several times as fast, and
would see a file that was put into the folder behind its back only minutes later."""

import os
import shutil
import sys
from pathlib import Path

from local_stack import processes
from local_stack.home import Home, StackError

NAME = "s3"
BUCKET = "clickmart-raw"
REGION = "us-east-1"
ACCESS_KEY_ID = "clickmart-local-stack"


def start(home: Home, port: int) -> None:
    (home.objects / BUCKET).mkdir(parents=True, exist_ok=True)
    processes.start(
        home,
        NAME,
        [
            *(rclone(), "serve", "s3", str(home.objects), "--addr", f"127.0.0.1:{port}"),
            *("--config", os.devnull, "--log-level", "ERROR"),
        ],
        {
            "PATH": os.environ["PATH"],
            "HOME": str(home.root),
            "RCLONE_AUTH_KEY": f'"{ACCESS_KEY_ID},{home.secret("s3")}"',
        },
        port,
    )


def environment(home: Home, port: int) -> dict[str, str]:
    return {
        "RAW_BUCKET_NAME": BUCKET,
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": home.secret("s3"),
        "AWS_REGION": REGION,
    }


def rclone() -> str:
    beside_python = Path(sys.executable).with_name("rclone")
    program = str(beside_python) if beside_python.exists() else shutil.which("rclone")
    if program is None:
        raise StackError("the S3 server (rclone) is not installed: run make")
    return program
