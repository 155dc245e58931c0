"""Three subnets and who may speak to whom. There is no NAT: private machines reach S3 by a gateway, Systems
Manager by endpoints, and nothing else."""

from typing import Any

from aws_cdk import CfnResource, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.parts.functions import log_group
from infra.settings import Stage

POSTGRES = 5432
HTTPS = 443
# What erasing people asks of the bucket beside reading and writing.
ERASURE = ["s3:GetBucketVersioning", "s3:ListBucketVersions", "s3:DeleteObjectVersion"]


class Network(Construct):
    def __init__(self, scope: Construct, stage: Stage, bucket_arns: list[str]) -> None:
        super().__init__(scope, "Network")
        self.stage = stage
        self.vpc = ec2.CfnVPC(
            self, "Vpc", cidr_block=stage.network.vpc, enable_dns_hostnames=True, enable_dns_support=True
        )
        Tags.of(self.vpc).add("Name", f"clickmart-{stage.name}")
        if stage.network.flow_logs:
            self._log_flows()
        self.public, public_routes = self._subnet("Public", stage.network.public)
        self.analytics, analytics_routes = self._subnet("Analytics", stage.network.analytics)
        self.loading, loading_routes = self._subnet("Loading", stage.network.loading)
        self._internet_for(public_routes)
        self.private_routes = [analytics_routes, loading_routes]
        # What a host needs to be reached and to reach anything at all.
        self.ways: list[CfnResource] = []

        self.loader = self._group("Loader", "The loader: to the warehouse, S3 and Systems Manager only.")
        self.warehouse = self._group("Warehouse", "The warehouse: from the loader only.")
        self.endpoints = self._group("Endpoints", "Systems Manager, for the loader and the warehouse.")
        self.shop = self._group("Shop", "The database of the shop: from its configured sources only.")
        self._allow("LoaderToWarehouse", self.loader, self.warehouse, POSTGRES)
        for name, group in (("Loader", self.loader), ("Warehouse", self.warehouse)):
            self._allow(f"{name}ToEndpoints", group, self.endpoints, HTTPS)
            self._allow_s3(name, group)
        if stage.shop.database:
            # Their names lead to the endpoints in the whole VPC, internet or not.
            self._allow("ShopToEndpoints", self.shop, self.endpoints, HTTPS)
        self._connect_to_s3(bucket_arns)
        if stage.warehouse.awake:
            self._connect_to_systems_manager()

    def _log_flows(self) -> None:
        logs = log_group(self, "Flows", self.stage)
        role = iam.Role(
            self,
            "FlowsRole",
            assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"),
            inline_policies={
                "own": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                            resources=[logs.attr_arn],
                        )
                    ]
                )
            },
        )
        ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=self.vpc.ref,
            resource_type="VPC",
            traffic_type="REJECT",
            log_destination_type="cloud-watch-logs",
            log_group_name=logs.ref,
            deliver_logs_permission_arn=role.role_arn,
        )

    def _subnet(self, name: str, cidr: str) -> tuple[ec2.CfnSubnet, ec2.CfnRouteTable]:
        subnet = ec2.CfnSubnet(
            self,
            f"{name}Subnet",
            vpc_id=self.vpc.ref,
            cidr_block=cidr,
            availability_zone=f"{self.stage.region}{self.stage.network.zone}",
            map_public_ip_on_launch=False,
        )
        Tags.of(subnet).add("Name", f"clickmart-{self.stage.name}-{name.lower()}")
        routes = ec2.CfnRouteTable(self, f"{name}Routes", vpc_id=self.vpc.ref)
        ec2.CfnSubnetRouteTableAssociation(
            self, f"{name}RoutesOfSubnet", route_table_id=routes.ref, subnet_id=subnet.ref
        )
        return subnet, routes

    def _internet_for(self, routes: ec2.CfnRouteTable) -> None:
        gateway = ec2.CfnInternetGateway(self, "InternetGateway")
        attached = ec2.CfnVPCGatewayAttachment(
            self, "InternetGatewayOfVpc", vpc_id=self.vpc.ref, internet_gateway_id=gateway.ref
        )
        route = ec2.CfnRoute(
            self,
            "PublicToInternet",
            route_table_id=routes.ref,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.ref,
        )
        route.add_resource_dependency(attached)

    def _group(self, name: str, about: str) -> ec2.CfnSecurityGroup:
        # A group without any rule may send anywhere: this one says that it may not.
        nowhere = ec2.CfnSecurityGroup.EgressProperty(
            ip_protocol="icmp", cidr_ip="255.255.255.255/32", from_port=252, to_port=86, description="Nowhere"
        )
        return ec2.CfnSecurityGroup(
            self,
            f"{name}Group",
            vpc_id=self.vpc.ref,
            group_description=about,
            security_group_egress=[nowhere],
        )

    def _allow(
        self, name: str, source: ec2.CfnSecurityGroup, target: ec2.CfnSecurityGroup, port: int
    ) -> None:
        ports: dict[str, Any] = {
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "description": name,
        }
        out = ec2.CfnSecurityGroupEgress(
            self,
            f"{name}Out",
            group_id=source.attr_group_id,
            destination_security_group_id=target.attr_group_id,
            **ports,
        )
        self.ways.append(out)
        ec2.CfnSecurityGroupIngress(
            self,
            f"{name}In",
            group_id=target.attr_group_id,
            source_security_group_id=source.attr_group_id,
            **ports,
        )

    def _allow_s3(self, name: str, group: ec2.CfnSecurityGroup) -> None:
        out = ec2.CfnSecurityGroupEgress(
            self,
            f"{name}ToS3",
            group_id=group.attr_group_id,
            destination_prefix_list_id=self.stage.s3_prefix_list,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            description=f"{name}ToS3",
        )
        self.ways.append(out)

    def _connect_to_s3(self, bucket_arns: list[str]) -> None:
        """Only these buckets, whoever asks, and those where Systems Manager's agent gets its updates. What
        each may do there is said by its role."""
        region, partition = self.stage.region, Stack.of(self).partition
        agent = [f"arn:{partition}:s3:::{name}-{region}/*" for name in ("amazon-ssm", "aws-ssm")]
        endpoint = ec2.CfnVPCEndpoint(
            self,
            "S3",
            vpc_id=self.vpc.ref,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{region}.s3",
            route_table_ids=[routes.ref for routes in self.private_routes],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    allowed(
                        [*bucket_arns, *(f"{arn}/*" for arn in bucket_arns)],
                        *("s3:GetObject", "s3:PutObject", "s3:ListBucket"),
                        *("s3:AbortMultipartUpload", "s3:GetEncryptionConfiguration"),
                        *(ERASURE if self.stage.raw.people_erased else []),
                    ),
                    allowed(agent, "s3:GetObject"),
                ],
            },
        )
        self.ways.append(endpoint)

    def _connect_to_systems_manager(self) -> None:
        for service in ("ssm", "ssmmessages"):
            endpoint = ec2.CfnVPCEndpoint(
                self,
                service.capitalize(),
                vpc_id=self.vpc.ref,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{self.stage.region}.{service}",
                # Not beside the host, whose address they might take while it is away.
                subnet_ids=[self.loading.ref],
                security_group_ids=[self.endpoints.attr_group_id],
                private_dns_enabled=True,
            )
            self.ways.append(endpoint)


def allowed(resources: list[str], *actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": resources}
