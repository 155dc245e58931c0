"""What every Lambda of ours has in common: Python 3.13 on arm64, a role of its own, logs that end."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.packaging import lambda_code
from infra.settings import Stage


class Function(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        stage: Stage,
        *,
        package: str,
        group: str,
        memory_mb: int,
        timeout_seconds: int,
        environment: dict[str, str],
        may: list[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, name)
        self.logs = log_group(self, "Logs", stage)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"own": iam.PolicyDocument(statements=[self._writes_logs(), *may])},
        )
        self.function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{package}.handler.handler",
            code=lambda_code(package, group),
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_seconds),
            environment=environment,
            role=role.without_policy_updates(),
        )
        self.resource.logging_config = lambda_.CfnFunction.LoggingConfigProperty(log_group=self.logs.ref)

    def _writes_logs(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[self.logs.attr_arn]
        )

    @property
    def resource(self) -> lambda_.CfnFunction:
        return cast(lambda_.CfnFunction, self.function.node.default_child)


def log_group(scope: Construct, name: str, stage: Stage) -> logs.CfnLogGroup:
    group = logs.CfnLogGroup(scope, name, retention_in_days=stage.log_days)
    group.apply_removal_policy(RemovalPolicy.DESTROY)
    return group


def metrics_namespace(stage: Stage) -> str:
    """Two stages may share an account, and neither is to be woken by what happens in the other."""
    return f"Clickmart/{stage.name}"
