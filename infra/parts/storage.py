"""The events as they came, which must not be lost, and what is installed on the warehouse host."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.settings import Stage


class Storage(Construct):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "Storage")
        raw = stage.raw
        self.raw = self._bucket(
            "Raw",
            versioned=raw.versioned,
            object_lock_default_retention=(
                s3.ObjectLockRetention.governance(Duration.days(raw.lock_days)) if raw.lock_days else None
            ),
            lifecycle_rules=[
                half_sent(),
                *([expiry(raw.expire_days)] if raw.expire_days else []),
            ],
        )
        # Releases, nightly backups, what hosts said when they were made, and what was typed in sessions; each
        # below a prefix of its own.
        self.releases = self._bucket(
            "Releases",
            versioned=True,
            lifecycle_rules=[
                half_sent(),
                s3.LifecycleRule(
                    id="backups",
                    prefix="backups/",
                    expiration=Duration.days(stage.warehouse.backup_days),
                    noncurrent_version_expiration=Duration.days(7),
                ),
                *(
                    s3.LifecycleRule(id=said, prefix=f"{said}/", expiration=Duration.days(365))
                    for said in ("sessions", "boots")
                ),
            ],
        )

    def _bucket(self, name: str, **settings: object) -> s3.Bucket:
        return s3.Bucket(
            self,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=RemovalPolicy.RETAIN,
            **settings,
        )


def half_sent() -> s3.LifecycleRule:
    return s3.LifecycleRule(id="half-sent", abort_incomplete_multipart_upload_after=Duration.days(2))


def expiry(days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id="expiry",
        prefix="events/",
        expiration=Duration.days(days),
        noncurrent_version_expiration=Duration.days(30),
    )
