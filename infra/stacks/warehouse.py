"""The warehouse host: one private machine, and a volume for PostgreSQL that outlives it."""

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn, Stack
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.settings import Stage
from infra.stacks.hosts import Host
from infra.stacks.network import Network
from infra.stacks.releases import first_boot, parameter_prefix, release_document, session_document

DATA_DEVICE = "/dev/sdf"


class Warehouse(Construct):
    """A changed image would make a new machine beside the old one, which still holds address and volume: the
    deployment fails and nothing is lost. So a stage is put to sleep, changed, and woken."""

    def __init__(self, scope: Construct, stage: Stage, network: Network, releases: s3.Bucket) -> None:
        super().__init__(scope, "Warehouse")
        name = f"clickmart-{stage.name}-warehouse"
        volume = self._volume(stage, network, name)
        self._snapshots(stage, name)
        self.instance: ec2.CfnInstance | None = None
        parameters = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=f"{parameter_prefix(stage).lstrip('/')}/*"
        )
        may = [
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[releases.arn_for_objects("releases/*")]),
            iam.PolicyStatement(
                actions=["s3:PutObject", "s3:GetObject"], resources=[releases.arn_for_objects("backups/*")]
            ),
            iam.PolicyStatement(actions=["s3:PutObject"], resources=[releases.arn_for_objects("sessions/*")]),
            iam.PolicyStatement(actions=["s3:GetEncryptionConfiguration"], resources=[releases.bucket_arn]),
            iam.PolicyStatement(
                actions=["s3:ListBucket"],
                resources=[releases.bucket_arn],
                conditions={"StringLike": {"s3:prefix": ["releases/*", "backups/*"]}},
            ),
            iam.PolicyStatement(actions=["ssm:PutParameter", "ssm:GetParameter"], resources=[parameters]),
        ]
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
                commands=first_boot(stage, releases, volume.ref),
            )
            self.instance = host.instance
            ec2.CfnVolumeAttachment(
                self, "DataOfHost", device=DATA_DEVICE, instance_id=host.instance.ref, volume_id=volume.ref
            )

    def _volume(self, stage: Stage, network: Network, name: str) -> ec2.CfnVolume:
        volume = ec2.CfnVolume(
            self,
            "Data",
            availability_zone=network.analytics.attr_availability_zone,
            size=stage.warehouse.data_gib,
            volume_type="gp3",
            encrypted=True,
            tags=[CfnTag(key="Name", value=f"{name}-data"), CfnTag(key="clickmart", value=name)],
        )
        volume.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        volume.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        return volume

    def _snapshots(self, stage: Stage, name: str) -> None:
        role = iam.Role(
            self,
            "SnapshotsRole",
            assumed_by=iam.ServicePrincipal("dlm.amazonaws.com"),
            inline_policies={
                "own": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=["ec2:CreateSnapshot", "ec2:DeleteSnapshot", "ec2:CreateTags"],
                            resources=[
                                Fn.sub("arn:${AWS::Partition}:ec2:${AWS::Region}:*:volume/*"),
                                Fn.sub("arn:${AWS::Partition}:ec2:${AWS::Region}::snapshot/*"),
                            ],
                        ),
                        # Descriptions cannot be narrowed.
                        iam.PolicyStatement(
                            actions=["ec2:DescribeVolumes", "ec2:DescribeSnapshots"], resources=["*"]
                        ),
                    ]
                )
            },
        )
        policy = dlm.CfnLifecyclePolicy
        policy(
            self,
            "Snapshots",
            description=f"Daily snapshots of {name}",
            state="ENABLED",
            execution_role_arn=role.role_arn,
            policy_details=policy.PolicyDetailsProperty(
                resource_types=["VOLUME"],
                target_tags=[CfnTag(key="clickmart", value=name)],
                schedules=[
                    policy.ScheduleProperty(
                        name="daily",
                        copy_tags=True,
                        create_rule=policy.CreateRuleProperty(
                            interval=24, interval_unit="HOURS", times=["02:00"]
                        ),
                        retain_rule=policy.RetainRuleProperty(count=stage.warehouse.snapshots_kept),
                    )
                ],
            ),
        )
