"""A Lambda's folder with its libraries for Python 3.13 on arm64, made without Docker."""

import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

PROJECT = Path(__file__).parent.parent
PYTHON = "3.13"
PLATFORM = "aarch64-manylinux_2_28"


def lambda_code(package: str, group: str) -> lambda_.Code:
    """The package, and the libraries of its group in pyproject.toml as constraints.txt pins them."""
    return lambda_.Code.from_asset(
        str(PROJECT / package),
        asset_hash=fingerprint(package, group),
        asset_hash_type=AssetHashType.CUSTOM,
        bundling=BundlingOptions(image=DockerImage.from_registry("unused"), local=Wheels(package, group)),
    )


def fingerprint(package: str, group: str) -> str:
    """Of the sources and of the pins: the same zip is not sent to AWS again."""
    digest = hashlib.sha256(f"{PYTHON} {PLATFORM} {sorted(libraries(group))}".encode())
    digest.update((PROJECT / "constraints.txt").read_bytes())
    for source in sources(package):
        digest.update(str(source.relative_to(PROJECT)).encode() + source.read_bytes())
    return digest.hexdigest()


def sources(package: str) -> list[Path]:
    return sorted(path for path in (PROJECT / package).rglob("*") if path.suffix in (".py", ".sql"))


def libraries(group: str) -> list[str]:
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text())["dependency-groups"]
    return [str(library) for library in groups[group]]


def build(package: str, group: str, folder: Path, python: str = PYTHON, platform: str = PLATFORM) -> None:
    shutil.copytree(
        PROJECT / package, folder / package, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder)),
            *("--python-version", python, "--python-platform", platform, "--only-binary", ":all:"),
            *("--constraint", str(PROJECT / "constraints.txt")),
            *libraries(group),
        ],
        check=True,
    )


@jsii.implements(ILocalBundling)
class Wheels:
    def __init__(self, package: str, group: str) -> None:
        self.package, self.group = package, group

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        build(self.package, self.group, Path(output_dir))
        return True
