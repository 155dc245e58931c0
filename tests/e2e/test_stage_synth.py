"""What `infra/stage` would deploy, made by the real CDK from a checkout."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from local_stack.home import PROJECT


@pytest.mark.timeout(600)
def test_the_real_cdk_finds_what_the_app_writes(tmp_path):
    """With all that would be deployed, the Lambdas' libraries included. It asks AWS for nothing."""
    project = tmp_path / "a project"
    folders = ("infra", "ingest_lambda", "loader_lambda")
    for folder in folders:
        shutil.copytree(PROJECT / folder, project / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "constraints.txt"):
        shutil.copy(PROJECT / file, project)
    (project / ".venv").symlink_to(sys.prefix)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    done = subprocess.run(
        [project / "infra" / "stage", "example", "synth"],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "PYTHONPATH": str(project)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    template = json.loads((project / "cdk.out" / "Clickmart-example.template.json").read_text())
    assert "AWS::ApiGatewayV2::Api" in {each["Type"] for each in template["Resources"].values()}
    packaged = {path.parent.name for path in (project / "cdk.out").glob("asset.*/*_lambda/handler.py")}
    assert packaged == {"ingest_lambda", "loader_lambda"}
    assert sorted(path.name for path in project.iterdir()) == sorted(
        [".venv", "cdk.out", "constraints.txt", "pyproject.toml", *folders]
    )
