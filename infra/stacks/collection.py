"""From the browser to S3: an HTTP API, and the ingest Lambda behind it, outside of the VPC."""

import json

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.settings import Stage
from infra.stacks.functions import Function, log_group

# A browser asks no more often than once in ten minutes whether it may send.
PREFLIGHT_SECONDS = 600
TIMEOUT_SECONDS = 29


def segment_environment(stage: Stage) -> dict[str, str]:
    keys = stage.ingest.segment_write_keys
    return {"SEGMENT_WRITE_KEYS": ",".join(keys)} if keys else {}


class Collection(Construct):
    def __init__(self, scope: Construct, stage: Stage, raw: s3.Bucket) -> None:
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
        self.integration = self._integration()
        self.segment = self._segment_route() if stage.ingest.segment_write_keys else None

    def route(self, authorizer: api.CfnAuthorizer | None) -> None:
        self.clickstream = api.CfnRoute(
            self,
            "Clickstream",
            api_id=self.api.ref,
            route_key="POST /clickstream",
            target=f"integrations/{self.integration.ref}",
            authorization_type="JWT" if authorizer else "NONE",
            authorizer_id=authorizer.ref if authorizer else None,
        )

    def signed_in_by(self, issuer: str, audience: str) -> api.CfnAuthorizer:
        return api.CfnAuthorizer(
            self,
            "SignedIn",
            api_id=self.api.ref,
            authorizer_type="JWT",
            name="signed-in",
            identity_source=["$request.header.Authorization"],
            jwt_configuration=api.CfnAuthorizer.JWTConfigurationProperty(issuer=issuer, audience=[audience]),
        )

    def _segment_route(self) -> api.CfnRoute:
        self._may_be_invoked("SegmentMayInvoke", "*/POST/v1/*")
        return api.CfnRoute(
            self,
            "Segment",
            api_id=self.api.ref,
            route_key="POST /v1/{call}",
            target=f"integrations/{self.integration.ref}",
            authorization_type="NONE",
        )

    def _may_be_invoked(self, name: str, path: str) -> None:
        lambda_.CfnPermission(
            self,
            name,
            action="lambda:InvokeFunction",
            function_name=self.ingest.function.function_arn,
            principal="apigateway.amazonaws.com",
            source_arn=Stack.of(self).format_arn(
                service="execute-api", resource=self.api.ref, resource_name=path
            ),
        )

    def _integration(self) -> api.CfnIntegration:
        self._may_be_invoked("ApiMayInvoke", "*/POST/clickstream")
        return api.CfnIntegration(
            self,
            "ToIngest",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=self.ingest.function.function_arn,
            payload_format_version="2.0",
        )

    def _stage(self, stage: Stage) -> None:
        access = log_group(self, "AccessLogs", stage)
        fields = (
            "requestId",
            "httpMethod",
            "routeKey",
            "status",
            "responseLength",
            "integrationErrorMessage",
        )
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
                destination_arn=access.attr_arn,
                format=json.dumps(
                    {"time": "$context.requestTime", **{name: f"$context.{name}" for name in fields}}
                ),
            ),
        )
