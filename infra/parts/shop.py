"""The shop's side, where it has none: a database for its orders, sign-in, and hosting of its pages."""

from aws_cdk import CfnDeletionPolicy, CfnOutput, CfnParameter, Stack
from aws_cdk import aws_amplify as amplify
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.parts.hosts import Host, boot_script
from infra.parts.network import POSTGRES, Network
from infra.parts.volumes import DataVolume
from infra.settings import Stage

SSH = 22


class Shop(Construct):
    def __init__(self, scope: Construct, stage: Stage, network: Network) -> None:
        super().__init__(scope, "Shop")
        self.database = self._database(stage, network) if stage.shop.database else None
        self.sign_in = SignIn(self, stage) if stage.shop.sign_in else None
        if stage.shop.repository:
            self._pages(stage)

    def _pages(self, stage: Stage) -> None:
        """Amplify wants a token of the repository's host, which is said when the stage is deployed."""
        token = CfnParameter(Stack.of(self), "RepositoryToken", no_echo=True)
        pages = amplify.CfnApp(
            self,
            "Pages",
            name=f"clickmart-{stage.name}",
            platform="WEB_COMPUTE",
            repository=stage.shop.repository,
            access_token=token.value_as_string,
        )
        amplify.CfnBranch(
            self, "Branch", app_id=pages.attr_app_id, branch_name=stage.shop.branch, stage="PRODUCTION"
        )

    def _database(self, stage: Stage, network: Network) -> ec2.CfnInstance:
        for port, sources in ((POSTGRES, stage.shop.sources), (SSH, stage.shop.ssh_sources)):
            for number, source in enumerate(sources):
                ec2.CfnSecurityGroupIngress(
                    self,
                    f"From{port}n{number}",
                    group_id=network.shop.attr_group_id,
                    cidr_ip=source,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    description="A configured source",
                )
        ec2.CfnSecurityGroupEgress(
            self,
            "ToInternet",
            group_id=network.shop.attr_group_id,
            cidr_ip="0.0.0.0/0",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="Updates and Systems Manager",
        )
        name, prefix = f"clickmart-{stage.name}-shop", f"/clickmart/{stage.name}/shop"
        data = DataVolume(
            self,
            name=name,
            subnet=network.public,
            gib=stage.shop.data_gib,
            snapshots_kept=stage.warehouse.snapshots_kept,
        )
        settings = {
            "AWS_DEFAULT_REGION": stage.region,
            "DATA_VOLUME": data.volume_id,
            "PARAMETER_PREFIX": prefix,
        }
        password = Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=f"{prefix.lstrip('/')}/shop"
        )
        host = Host(
            self,
            "Database",
            name=name,
            image=stage.shop.image,
            instance=stage.shop.instance,
            root_gib=20,
            subnet=network.public,
            group=network.shop,
            is_public=True,
            may=[iam.PolicyStatement(actions=["ssm:PutParameter"], resources=[password])],
            commands=boot_script("shop_host", settings),
            key=stage.shop.ssh_key,
            volume_id=data.volume_id,
            after=network.ways,
        )
        # An address of its own, which the shop keeps whatever becomes of the machine.
        address = ec2.CfnEIP(self, "Address", domain="vpc", instance_id=host.instance.ref)
        CfnOutput(Stack.of(self), "ShopDatabase", value=address.attr_public_ip, description="For the shop")
        return host.instance


class SignIn(Construct):
    """Whose token the collection may ask for, so that nobody can say to be somebody else."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "SignIn")
        pool = cognito.CfnUserPool(
            self,
            "Users",
            user_pool_name=f"clickmart-{stage.name}",
            auto_verified_attributes=["email"],
            username_attributes=["email"],
            deletion_protection="ACTIVE",
            mfa_configuration="OPTIONAL",
            enabled_mfas=["SOFTWARE_TOKEN_MFA"],
            policies=cognito.CfnUserPool.PoliciesProperty(
                password_policy=cognito.CfnUserPool.PasswordPolicyProperty(
                    minimum_length=12,
                    require_lowercase=True,
                    require_numbers=True,
                    require_symbols=True,
                    require_uppercase=True,
                )
            ),
        )
        pool.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        pool.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        client = cognito.CfnUserPoolClient(
            self,
            "Browser",
            user_pool_id=pool.ref,
            generate_secret=False,
            prevent_user_existence_errors="ENABLED",
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        self.audience = client.ref
        self.issuer = f"https://cognito-idp.{stage.region}.amazonaws.com/{pool.ref}"
