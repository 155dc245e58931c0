"""One synth for all tests: everything switched on, nothing bundled, nothing asked of a network."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.app import BUNDLED, build, cdk
from infra.settings import Stage, read_stage

SHA256 = "0" * 64


def everything_on() -> Stage:
    stage = read_stage("example")
    return replace(
        stage,
        network=replace(stage.network, flow_logs=True),
        raw=replace(stage.raw, expire_days=400, lock_days=30),
        warehouse=replace(
            stage.warehouse,
            awake=True,
            bundle="bundle-1.tar",
            bundle_sha256=SHA256,
        ),
        ingest=replace(stage.ingest, signed_in_only=True),
        shop=replace(
            stage.shop,
            database=True,
            image="ami-00000000000000000",
            sources=["203.0.113.0/24"],
            ssh_sources=["203.0.113.7/32"],
            ssh_key="shop",
            sign_in=True,
            repository="https://git.example.com/shop",
        ),
    )


def synthesized(stage: Stage, folder: Path) -> dict[str, Any]:
    app = cdk.App(context={BUNDLED: []}, outdir=str(folder))
    build(app, stage)
    app.synth()
    template: dict[str, Any] = json.loads((folder / f"Clickmart-{stage.name}.template.json").read_text())
    return template


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assembly")
    synthesized(everything_on(), folder)
    return folder


@pytest.fixture(scope="session")
def template(assembly: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(next(assembly.glob("*.template.json")).read_text())
    return found
