"""How the warehouse host, which has no internet, gets what it runs: all of it lies in the release bucket."""

from aws_cdk import Fn
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.settings import Stage


def parameter_prefix(stage: Stage) -> str:
    """Below it the host puts the passwords that it makes."""
    return f"/clickmart/{stage.name}/warehouse"


def host_settings(
    scope: Construct, stage: Stage, raw: s3.Bucket, releases: s3.Bucket, volume_id: str
) -> ssm.CfnParameter:
    """What a host is told to be. It asks when it is made and with each release: user data that changed would
    stop and start the machine, and would not be read again."""
    device = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_"
    settings = {
        "AWS_DEFAULT_REGION": stage.region,
        "CLICKMART_LOADER_NETWORK": stage.network.loading,
        "CLICKMART_PARAMETER_PREFIX": parameter_prefix(stage),
        "CLICKMART_RAW_BUCKET": raw.bucket_name,
        "CLICKMART_RAW_RETENTION_DAYS": str(stage.warehouse.raw_days or ""),
        "CLICKMART_RELEASE_BUCKET": releases.bucket_name,
        "CLICKMART_RELEASES": f"s3://{releases.bucket_name}/releases",
        "CLICKMART_BACKUPS": f"s3://{releases.bucket_name}/backups",
        "CLICKMART_BUNDLE": stage.warehouse.bundle,
        "CLICKMART_BUNDLE_SHA256": stage.warehouse.bundle_sha256,
        "CLICKMART_DATA_DEVICE": device + Fn.join("", Fn.split("-", volume_id)),
    }
    return ssm.CfnParameter(
        scope,
        "Settings",
        name=f"{parameter_prefix(stage)}/settings",
        type="String",
        value="\n".join(f"{name}={value}" for name, value in settings.items()),
    )


def release_document(scope: Construct, stage: Stage) -> ssm.CfnDocument:
    """`aws ssm send-command` with it installs another version of the dbt project and the dashboards."""
    host = "/opt/clickmart/current/infra/dw_host"
    return ssm.CfnDocument(
        scope,
        "Release",
        name=f"clickmart-{stage.name}-release",
        document_type="Command",
        document_format="JSON",
        update_method="NewVersion",
        content={
            "schemaVersion": "2.2",
            "description": "Installs a release of the release bucket, or goes back to one.",
            "parameters": {
                "version": {"type": "String", "allowedPattern": "^[A-Za-z0-9._-]{1,64}$"},
            },
            "mainSteps": [
                {
                    "action": "aws:runShellScript",
                    "name": "release",
                    "inputs": {
                        # It waits for dbt, at most an hour.
                        "timeoutSeconds": "7200",
                        "runCommand": [
                            "set -e",
                            f"{host}/update-settings",
                            f"{host}/fetch-release {{{{ version }}}}",
                        ],
                    },
                }
            ],
        },
    )


def session_document(scope: Construct, stage: Stage, releases: s3.Bucket) -> ssm.CfnDocument:
    """Session Manager writes down what was typed, in the bucket, encrypted."""
    return ssm.CfnDocument(
        scope,
        "Session",
        name=f"clickmart-{stage.name}-session",
        document_type="Session",
        document_format="JSON",
        update_method="NewVersion",
        content={
            "schemaVersion": "1.0",
            "description": "A shell on a machine of this stage, written down.",
            "sessionType": "Standard_Stream",
            "inputs": {
                "s3BucketName": releases.bucket_name,
                "s3KeyPrefix": "sessions",
                "s3EncryptionEnabled": True,
                "idleSessionTimeout": "20",
            },
        },
    )
