"""What is sent to Lambda has all that its handler imports, for the processor that it runs on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.packaging import build, fingerprint

AARCH64 = 183
LAMBDAS = [("ingest_lambda", "ingest"), ("loader_lambda", "loader")]
ENVIRONMENT = {
    "RAW_BUCKET_NAME": "clickmart-raw",
    "AWS_REGION": "eu-central-1",
    "DW_PG_HOST": "10.0.2.10",
    "DW_PG_USER": "clickmart_loader",
    "DW_PG_PASSWORD_PARAMETER": "/clickmart/example/warehouse/loader-password",
    "DW_PG_SSL": "true",
}


@pytest.mark.parametrize(("package", "group"), LAMBDAS)
def test_its_handler_is_imported_with_nothing_else_on_the_path(tmp_path, package, group):
    this_python = f"{sys.version_info.major}.{sys.version_info.minor}"
    build(package, group, tmp_path, python=this_python, platform="x86_64-manylinux_2_28")
    folder = str(tmp_path)
    code = f"import sys; sys.path.append({folder!r}); from {package}.handler import handler; print(handler)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **ENVIRONMENT},
    )
    assert done.stderr == ""
    assert done.stdout.startswith("<function handler")


@pytest.mark.parametrize(("package", "group"), LAMBDAS)
def test_its_libraries_are_those_of_python_3_13_on_arm(tmp_path, package, group):
    build(package, group, tmp_path)
    modules = [path for path in tmp_path.rglob("*.so") if ".libs" not in str(path)]
    assert modules
    for module in modules:
        assert machine(module) == AARCH64, module
        assert "cpython-313" in module.name or ".abi3." in module.name, module


def machine(library: Path) -> int:
    return int.from_bytes(library.read_bytes()[18:20], "little")


def test_another_pin_is_another_lambda(tmp_path, monkeypatch):
    before = fingerprint("ingest_lambda", "ingest")
    assert fingerprint("ingest_lambda", "ingest") == before
    monkeypatch.setattr("infra.packaging.libraries", lambda group: ["obstore<1"])
    assert fingerprint("ingest_lambda", "ingest") != before
