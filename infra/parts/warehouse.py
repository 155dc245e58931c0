"""The warehouse host: one private machine, and a volume for PostgreSQL that outlives it."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.parts.hosts import Host, boot_script
from infra.parts.network import Network
from infra.parts.releases import host_settings, parameter_prefix, release_document, session_document
from infra.parts.volumes import DataVolume
from infra.settings import Stage


class Warehouse(Construct):
    """A changed image would make a new machine beside the old one, which still holds address and volume: the
    deployment fails and nothing is lost. So a stage is put to sleep, changed, and woken."""

    def __init__(
        self, scope: Construct, stage: Stage, network: Network, raw: s3.Bucket, releases: s3.Bucket
    ) -> None:
        super().__init__(scope, "Warehouse")
        name = f"clickmart-{stage.name}-warehouse"
        data = DataVolume(
            self,
            name=name,
            subnet=network.analytics,
            gib=stage.warehouse.data_gib,
            snapshots_kept=stage.warehouse.snapshots_kept,
            existing=stage.warehouse.data_volume,
        )
        self.volume_id = data.volume_id
        self.instance: ec2.CfnInstance | None = None
        parameters = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=f"{parameter_prefix(stage).lstrip('/')}/*"
        )
        may = [
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[releases.arn_for_objects("releases/*")]),
            iam.PolicyStatement(
                actions=["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
                resources=[releases.arn_for_objects("backups/*")],
            ),
            iam.PolicyStatement(
                actions=["s3:PutObject"],
                resources=[releases.arn_for_objects("sessions/*"), releases.arn_for_objects("boots/*")],
            ),
            iam.PolicyStatement(actions=["s3:GetEncryptionConfiguration"], resources=[releases.bucket_arn]),
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[releases.bucket_arn],
                conditions={"StringLike": {"s3:prefix": ["releases/*", "backups/*"]}},
            ),
            iam.PolicyStatement(actions=["ssm:PutParameter", "ssm:GetParameter"], resources=[parameters]),
            *(erases_people(raw) if stage.raw.people_erased else []),
        ]
        settings = host_settings(self, stage, raw, releases, self.volume_id)
        release_document(self, stage)
        session_document(self, stage, releases)
        if stage.warehouse.awake:
            host = Host(
                self,
                "Host",
                name=name,
                image=stage.warehouse.image,
                instance=stage.warehouse.instance,
                root_gib=stage.warehouse.root_gib,
                subnet=network.analytics,
                group=network.warehouse,
                address=stage.warehouse.address,
                may=may,
                commands=boot_script(
                    "dw_host",
                    {"AWS_DEFAULT_REGION": stage.region, "PARAMETER_PREFIX": parameter_prefix(stage)},
                ),
                volume_id=self.volume_id,
                after=[*network.ways, settings],
            )
            self.instance = host.instance


def erases_people(raw: s3.Bucket) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            actions=["s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"],
            resources=[raw.arn_for_objects("events/*")],
        ),
        iam.PolicyStatement(
            actions=["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketVersioning"],
            resources=[raw.bucket_arn],
        ),
    ]
