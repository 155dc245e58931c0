"""From S3 to the warehouse, every hour: the loader Lambda in a subnet of its own, and what wakes it."""

import json

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.parts.functions import Function, metrics_namespace
from infra.parts.network import Network
from infra.parts.releases import parameter_prefix
from infra.settings import Stage

SWEPT_HOURS = 72


class Loading(Construct):
    def __init__(self, scope: Construct, stage: Stage, network: Network, raw: s3.Bucket) -> None:
        super().__init__(scope, "Loading")
        self.stage = stage
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            retention_period=Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        password = f"{parameter_prefix(stage)}/clickmart_loader"
        self.loader = Function(
            self,
            "Loader",
            stage,
            package="loader_lambda",
            group="loader",
            memory_mb=stage.loader.memory_mb,
            timeout_seconds=stage.loader.timeout_seconds,
            environment={
                "RAW_BUCKET_NAME": raw.bucket_name,
                "DW_PG_HOST": stage.warehouse.address,
                "DW_PG_USER": "clickmart_loader",
                "DW_PG_PASSWORD_PARAMETER": password,
                "DW_PG_SSL": "true",
                "METRICS_NAMESPACE": metrics_namespace(stage),
            },
            may=[
                iam.PolicyStatement(actions=["s3:GetObject"], resources=[raw.arn_for_objects("events/*")]),
                # Nothing but events lies there. Who may list it is told of an object that it is gone, and
                # anybody else that it is forbidden.
                iam.PolicyStatement(actions=["s3:ListBucket"], resources=[raw.bucket_arn]),
                iam.PolicyStatement(
                    actions=["ssm:GetParameter"],
                    resources=[
                        Stack.of(self).format_arn(
                            service="ssm", resource="parameter", resource_name=password.lstrip("/")
                        )
                    ],
                ),
                iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.dead_letters.queue_arn]),
                # What Lambda itself needs to stand in the VPC; AWS knows no narrower resource for these.
                iam.PolicyStatement(
                    actions=[
                        "ec2:CreateNetworkInterface",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSubnets",
                        "ec2:DeleteNetworkInterface",
                        "ec2:AssignPrivateIpAddresses",
                        "ec2:UnassignPrivateIpAddresses",
                    ],
                    resources=["*"],
                ),
            ],
        )
        self.loader.resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=[network.loading.ref], security_group_ids=[network.loader.attr_group_id]
        )
        # A load that failed twice more is a dead letter; what it did not load is loaded by the next one.
        lambda_.CfnEventInvokeConfig(
            self,
            "Retries",
            function_name=self.loader.function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=2,
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(
                    destination=self.dead_letters.queue_arn
                )
            ),
        )
        self._wake("Hourly", stage.loader.schedule, {"hoursBack": stage.loader.hours_back})
        self._wake("Sweep", stage.loader.sweep, {"lookbackHours": SWEPT_HOURS})

    def _wake(self, name: str, schedule: str, request: dict[str, int]) -> None:
        function = self.loader.function.function_arn
        rule = events.CfnRule(
            self,
            name,
            schedule_expression=schedule,
            state="ENABLED" if self.stage.warehouse.awake else "DISABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    id="loader",
                    arn=function,
                    input=json.dumps(request),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_retry_attempts=2, maximum_event_age_in_seconds=3600
                    ),
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(
                        arn=self.dead_letters.queue_arn
                    ),
                )
            ],
        )
        lambda_.CfnPermission(
            self,
            f"{name}MayInvoke",
            action="lambda:InvokeFunction",
            function_name=function,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
        )
        self.dead_letters.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                resources=[self.dead_letters.queue_arn],
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )
