"""From the browser to S3: an HTTP API, and the ingest Lambda behind it, outside of the VPC."""

import json

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.parts.functions import Function, log_group, metrics_namespace
from infra.parts.shop import SignIn
from infra.settings import Stage

# A browser asks no more often than once in ten minutes whether it may send.
PREFLIGHT_SECONDS = 600
TIMEOUT_SECONDS = 29


def segment_environment(stage: Stage) -> dict[str, str]:
    keys = stage.ingest.segment_write_keys
    return {"SEGMENT_WRITE_KEYS": ",".join(keys)} if keys else {}


class Collection(Construct):
    def __init__(self, scope: Construct, stage: Stage, raw: s3.Bucket, sign_in: SignIn | None) -> None:
        super().__init__(scope, "Collection")
        self.ingest = Function(
            self,
            "Ingest",
            stage,
            package="ingest_lambda",
            group="ingest",
            memory_mb=stage.ingest.memory_mb,
            timeout_seconds=TIMEOUT_SECONDS,
            environment={
                "RAW_BUCKET_NAME": raw.bucket_name,
                "ALLOWED_ORIGINS": " ".join(stage.allowed_origins),
                # A bucket that locks its objects takes none without.
                "AWS_CHECKSUM_ALGORITHM": "SHA256",
                **segment_environment(stage),
            },
            may=[iam.PolicyStatement(actions=["s3:PutObject"], resources=[raw.arn_for_objects("events/*")])],
        )
        self.api = api.CfnApi(
            self,
            "Api",
            name=f"clickmart-{stage.name}",
            protocol_type="HTTP",
            cors_configuration=api.CfnApi.CorsProperty(
                allow_origins=stage.allowed_origins,
                allow_methods=["POST", "OPTIONS"],
                # The last is what Segment's browser library adds when it tries again.
                allow_headers=["content-type", "content-encoding", "authorization", "x-retry-count"],
                max_age=PREFLIGHT_SECONDS,
            ),
        )
        self._stage(stage)
        only_signed_in = self._authorizer(sign_in) if sign_in and stage.ingest.signed_in_only else None
        self.integration = self._integration()
        self.clickstream = self._route("Clickstream", "/clickstream", only_signed_in)
        self.segment = self._route("Segment", "/v1/{call}") if stage.ingest.segment_write_keys else None

    def _route(self, name: str, path: str, signed_in_by: api.CfnAuthorizer | None = None) -> api.CfnRoute:
        lambda_.CfnPermission(
            self,
            f"{name}MayInvoke",
            action="lambda:InvokeFunction",
            function_name=self.ingest.function.function_arn,
            principal="apigateway.amazonaws.com",
            source_arn=Stack.of(self).format_arn(
                service="execute-api",
                resource=self.api.ref,
                resource_name=f"*/POST{path.replace('{call}', '*')}",
            ),
        )
        return api.CfnRoute(
            self,
            name,
            api_id=self.api.ref,
            route_key=f"POST {path}",
            target=f"integrations/{self.integration.ref}",
            authorization_type="JWT" if signed_in_by else "NONE",
            authorizer_id=signed_in_by.ref if signed_in_by else None,
        )

    def _authorizer(self, sign_in: SignIn) -> api.CfnAuthorizer:
        return api.CfnAuthorizer(
            self,
            "SignedIn",
            api_id=self.api.ref,
            authorizer_type="JWT",
            name="signed-in",
            identity_source=["$request.header.Authorization"],
            jwt_configuration=api.CfnAuthorizer.JWTConfigurationProperty(
                issuer=sign_in.issuer, audience=[sign_in.audience]
            ),
        )

    def _integration(self) -> api.CfnIntegration:
        return api.CfnIntegration(
            self,
            "ToIngest",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=self.ingest.function.function_arn,
            payload_format_version="2.0",
        )

    def _stage(self, stage: Stage) -> None:
        self.access = log_group(self, "AccessLogs", stage)
        fields = (
            "requestId",
            "httpMethod",
            "routeKey",
            "status",
            "responseLength",
            "integrationErrorMessage",
        )
        self.refused_for_rate = self._counted_refusals(stage)
        api.CfnStage(
            self,
            "Live",
            api_id=self.api.ref,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=api.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=stage.ingest.requests_per_second,
                throttling_burst_limit=stage.ingest.burst,
            ),
            access_log_settings=api.CfnStage.AccessLogSettingsProperty(
                destination_arn=self.access.attr_arn,
                format=json.dumps(
                    {"time": "$context.requestTime", **{name: f"$context.{name}" for name in fields}}
                ),
            ),
        )

    def _counted_refusals(self, stage: Stage) -> tuple[str, str]:
        """API Gateway counts what it throttles among all other 4xx; its log tells them apart."""
        namespace, name = metrics_namespace(stage), "throttled"
        logs.CfnMetricFilter(
            self,
            "Throttled",
            log_group_name=self.access.ref,
            filter_pattern='{ $.status = "429" }',
            metric_transformations=[
                logs.CfnMetricFilter.MetricTransformationProperty(
                    metric_namespace=namespace, metric_name=name, metric_value="1", default_value=0
                )
            ],
        )
        return namespace, name
