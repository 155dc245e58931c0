"""`python -m infra.app <stage>` writes its templates to cdk.out; `cdk deploy -c stage=<stage>` deploys it."""

import os
import sys
from dataclasses import replace
from pathlib import Path

# Debian's and other long-lived Nodes work, and are complained about at every start.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20")

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra.checks import prove
from infra.parts.platform import Platform
from infra.reviewed import acknowledge
from infra.settings import SettingsError, Stage, read_stage

OUTPUT = Path(__file__).parent.parent / "cdk.out"
BUNDLED = "aws:cdk:bundling-stacks"


def build(app: cdk.App, stage: Stage) -> Platform:
    platform = Platform(app, prove(stage))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    acknowledge(platform)
    return platform


def as_asked(stage: Stage, awake: str | None) -> Stage:
    """`-c awake=false` puts a stage to sleep, and `-c awake=true` wakes it, whatever its settings say."""
    if awake not in (None, "true", "false"):
        raise SettingsError(f"awake must be true or false, not {awake!r}")
    if awake is None:
        return stage
    return replace(stage, warehouse=replace(stage.warehouse, awake=awake == "true"))


def main() -> None:
    # Only who deploys needs the Lambdas' libraries, and a network to fetch them.
    is_deployed = "CDK_OUTDIR" in os.environ
    app = cdk.App() if is_deployed else cdk.App(outdir=str(OUTPUT), context={BUNDLED: []})
    chosen = sys.argv[1] if len(sys.argv) > 1 else app.node.try_get_context("stage")
    try:
        build(app, as_asked(read_stage(chosen), app.node.try_get_context("awake")))
    except SettingsError as error:
        sys.exit(f"infra: {error}")
    app.synth()


if __name__ == "__main__":
    main()
