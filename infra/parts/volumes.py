"""Where a database lies: a volume that outlives its machine, and a snapshot of it every day."""

from aws_cdk import CfnDeletionPolicy, CfnTag, Fn
from aws_cdk import aws_dlm as dlm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

TAG = "clickmart-data-of"
VOLUMES = Fn.sub("arn:${AWS::Partition}:ec2:${AWS::Region}:*:volume/*")
SNAPSHOTS = Fn.sub("arn:${AWS::Partition}:ec2:${AWS::Region}::snapshot/*")


def tagged(name: str) -> dict[str, dict[str, str]]:
    return {"StringEquals": {f"aws:ResourceTag/{TAG}": name}}


class DataVolume(Construct):
    def __init__(
        self,
        scope: Construct,
        *,
        name: str,
        subnet: ec2.CfnSubnet,
        gib: int,
        snapshots_kept: int,
        existing: str = "",
    ) -> None:
        super().__init__(scope, "Data")
        tag = CfnTag(key=TAG, value=name)
        self.volume_id = existing or self._new_volume(name, tag, subnet, gib).ref
        self._snapshots(name, tag, snapshots_kept)

    def _new_volume(self, name: str, tag: CfnTag, subnet: ec2.CfnSubnet, gib: int) -> ec2.CfnVolume:
        volume = ec2.CfnVolume(
            self,
            "Volume",
            availability_zone=subnet.attr_availability_zone,
            size=gib,
            volume_type="gp3",
            encrypted=True,
            tags=[CfnTag(key="Name", value=f"{name}-data"), tag],
        )
        volume.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        volume.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        return volume

    def _snapshots(self, name: str, tag: CfnTag, kept: int) -> None:
        role = iam.Role(
            self,
            "SnapshotsRole",
            assumed_by=iam.ServicePrincipal("dlm.amazonaws.com"),
            inline_policies={
                "own": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=["ec2:CreateSnapshot"], resources=[VOLUMES], conditions=tagged(name)
                        ),
                        iam.PolicyStatement(
                            actions=["ec2:CreateSnapshot", "ec2:CreateTags"], resources=[SNAPSHOTS]
                        ),
                        iam.PolicyStatement(
                            actions=["ec2:DeleteSnapshot"], resources=[SNAPSHOTS], conditions=tagged(name)
                        ),
                        # Descriptions cannot be narrowed.
                        iam.PolicyStatement(
                            actions=["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"],
                            resources=["*"],
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
                target_tags=[tag],
                schedules=[
                    policy.ScheduleProperty(
                        name="daily",
                        copy_tags=True,
                        create_rule=policy.CreateRuleProperty(
                            interval=24, interval_unit="HOURS", times=["02:00"]
                        ),
                        retain_rule=policy.RetainRuleProperty(count=kept),
                    )
                ],
            ),
        )
