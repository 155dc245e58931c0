"""How the warehouse host, which has no internet, gets what it runs: all of it lies in the release bucket."""

from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.settings import Stage
from infra.stacks.hosts import boot_script


def parameter_prefix(stage: Stage) -> str:
    """Below it the host puts the passwords that it makes."""
    return f"/clickmart/{stage.name}/warehouse"


def first_boot(stage: Stage, raw: s3.Bucket, releases: s3.Bucket, volume_id: str) -> str:
    settings = {
        "AWS_DEFAULT_REGION": stage.region,
        "RAW_BUCKET": raw.bucket_name,
        "RELEASE_BUCKET": releases.bucket_name,
        "DATA_VOLUME": volume_id,
        "BUNDLE": stage.warehouse.bundle,
        "BUNDLE_SHA256": stage.warehouse.bundle_sha256,
        "RELEASE": stage.warehouse.release,
        "RELEASE_SHA256": stage.warehouse.release_sha256,
        "LOADER_NETWORK": stage.network.loading,
        "PARAMETER_PREFIX": parameter_prefix(stage),
        "RAW_RETENTION_DAYS": str(stage.warehouse.raw_days or ""),
    }
    return boot_script("dw_host", settings)


def release_document(scope: Construct, stage: Stage) -> ssm.CfnDocument:
    """`aws ssm send-command` with it installs another version of the dbt project and the dashboards."""
    fetch = "/opt/clickmart/current/infra/dw_host/fetch-release {{ version }}"
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
                        "timeoutSeconds": "900",
                        "runCommand": [fetch],
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
