"""Findings of cdk-nag that stay, each where it is found, with its reason."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from infra.parts.platform import Platform

NO_NARROWER = "AWS knows no narrower resource for these actions."
OWN_PREFIX = "Objects have names of their own; what may be done is said by prefix."
NOT_SEVERAL = "Tested with 3.13; a newer runtime comes by a change of ours, not by itself."


def acknowledge(platform: Platform) -> None:
    raw, releases = (platform.get_logical_id(resource_of(bucket)) for bucket in buckets(platform))
    stage = platform.stage.name
    accept(
        platform.network.vpc,
        "VPC7",
        "Flow logs are the setting network.flow_logs: they cost by the gigabyte.",
    )
    accept(
        platform.network,
        "W3010",
        "Machine, volume and endpoints are to be in one zone, which a setting names.",
        checked_by="CloudFormation-Validate::",
    )
    for bucket in buckets(platform):
        accept(
            bucket,
            "S1",
            "Few roles may read it, each named here; an account that wants each reading told has CloudTrail.",
        )
    collection, loading, warehouse, shop = (
        platform.collection,
        platform.loading,
        platform.warehouse,
        platform.shop,
    )
    if not platform.stage.ingest.signed_in_only:
        accept(
            collection.clickstream,
            "APIG4",
            "Browsers that nobody signed in with send events, too; requests are throttled.",
        )
    if collection.segment:
        accept(collection.segment, "APIG4", "Segment's clients send a write key, which the function checks.")
    for function in (collection.ingest, loading.loader):
        accept(function, wildcard(f"<{raw}.Arn>/events/*"), OWN_PREFIX)
        accept(function, "L1", NOT_SEVERAL)
    accept(loading.loader, wildcard("*"), f"Network interfaces in the VPC: {NO_NARROWER}")
    accept(
        loading.dead_letters,
        "SQS3",
        "It is a dead-letter queue itself, of the loader's rules and failed loads.",
    )
    for prefix in ("releases", "backups", "sessions", "boots"):
        accept(warehouse, wildcard(f"<{releases}.Arn>/{prefix}/*"), OWN_PREFIX)
    accept(
        warehouse,
        wildcard(
            f"arn:<AWS::Partition>:ssm:{platform.stage.region}:<AWS::AccountId>:parameter/clickmart/{stage}/warehouse/*"
        ),
        "The host keeps the passwords that it made below a name of its own.",
    )
    if platform.stage.raw.people_erased:
        accept(warehouse, wildcard(f"<{raw}.Arn>/events/*"), OWN_PREFIX)
    for hosts in [warehouse, *([shop] if shop.database else [])]:
        accept(hosts, wildcard("*"), f"Systems Manager's agent and descriptions of snapshots: {NO_NARROWER}")
        for volumes in ("*:volume/*", ":snapshot/*"):
            accept(
                hosts,
                wildcard(f"arn:<AWS::Partition>:ec2:<AWS::Region>:{volumes}"),
                "The policy chooses volumes by their tag; ids of snapshots are not known before.",
            )
        accept(
            hosts, "EC28", "Basic metrics come every five minutes, as the alarms look; more would cost more."
        )
        accept(hosts, "EC29", "The machine may go: PostgreSQL lies on a volume that stays.")
        accept(
            hosts,
            "W9010",
            "The image is a setting, pinned on purpose.",
            checked_by="CloudFormation-Validate::",
        )
    if shop.sign_in:
        accept(shop, "COG8", "Threat protection is priced by user; a shop of this size chooses it itself.")
        accept(shop, "COG2", "A second factor is offered to the shop's customers, not forced upon them.")


def accept(
    where: IConstruct, rule: str, reason: str, checked_by: str = "AwsSolutions::AwsSolutions-"
) -> None:
    cdk.Validations.of(where).acknowledge(cdk.Acknowledgment(id=f"{checked_by}{rule}", reason=reason))


def wildcard(resource: str) -> str:
    return f"IAM5[Resource::{resource}]"


def resource_of(bucket: s3.Bucket) -> s3.CfnBucket:
    return cast(s3.CfnBucket, bucket.node.default_child)


def buckets(platform: Platform) -> list[s3.Bucket]:
    return [platform.storage.raw, platform.storage.releases]
