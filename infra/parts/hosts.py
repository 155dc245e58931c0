"""A machine of ours: Debian, pinned, encrypted, reached by Session Manager. It may go at any time: what must
stay lies on a volume of its own."""

from pathlib import Path

from aws_cdk import CfnResource, CfnTag, Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

INFRA = Path(__file__).parent.parent
DATA_DEVICE = "/dev/sdf"


def boot_script(folder: str, settings: dict[str, str]) -> str:
    """What a new machine runs once. The script knows no stage: what it needs to know stands before it."""
    exports = [f"export {name}='{value}'" for name, value in settings.items()]
    return "\n".join(["#!/bin/bash", *exports, (INFRA / folder / "first-boot").read_text()])


class Host(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        image: str,
        instance: str,
        root_gib: int,
        subnet: ec2.CfnSubnet,
        group: ec2.CfnSecurityGroup,
        may: list[iam.PolicyStatement],
        commands: str,
        address: str | None = None,
        is_public: bool = False,
        key: str = "",
        volume_id: str,
        after: list[CfnResource],
    ) -> None:
        super().__init__(scope, id_)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            inline_policies={"own": iam.PolicyDocument(statements=[*session_manager(), *may])},
        )
        profile = iam.CfnInstanceProfile(self, "Profile", roles=[role.role_name])
        self.instance = ec2.CfnInstance(
            self,
            "Instance",
            image_id=image,
            instance_type=instance,
            iam_instance_profile=profile.ref,
            metadata_options=ec2.CfnInstance.MetadataOptionsProperty(
                http_tokens="required", http_endpoint="enabled", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                ec2.CfnInstance.BlockDeviceMappingProperty(
                    device_name="/dev/xvda",
                    ebs=ec2.CfnInstance.EbsProperty(
                        encrypted=True,
                        volume_type="gp3",
                        volume_size=root_gib,
                        delete_on_termination=True,
                    ),
                )
            ],
            network_interfaces=[
                ec2.CfnInstance.NetworkInterfaceProperty(
                    device_index="0",
                    subnet_id=subnet.ref,
                    group_set=[group.attr_group_id],
                    private_ip_address=address,
                    associate_public_ip_address=is_public,
                )
            ],
            # Not an attachment of its own, which would be taken away while the machine still writes to it.
            volumes=[ec2.CfnInstance.VolumeProperty(device=DATA_DEVICE, volume_id=volume_id)],
            key_name=key or None,
            monitoring=False,
            user_data=Fn.base64(commands),
            tags=[CfnTag(key="Name", value=name)],
        )
        for way in after:
            self.instance.add_resource_dependency(way)


def session_manager() -> list[iam.PolicyStatement]:
    """What the agent of Systems Manager asks for. It names no resources of its own."""
    return [
        iam.PolicyStatement(
            actions=[
                "ssm:UpdateInstanceInformation",
                "ssm:ListAssociations",
                "ssm:ListInstanceAssociations",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            resources=["*"],
        )
    ]
