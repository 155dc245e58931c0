"""One stage of the whole platform, in the order in which an event goes through it."""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.settings import Stage
from infra.stacks.collection import Collection
from infra.stacks.loading import Loading
from infra.stacks.network import Network
from infra.stacks.shop import Shop
from infra.stacks.storage import Storage
from infra.stacks.warehouse import Warehouse
from infra.stacks.watching import Watching


class Platform(Stack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, f"Clickmart-{stage.name}", env=Environment(region=stage.region))
        self.stage = stage
        self.network = Network(self, stage)
        self.storage = Storage(self, stage)
        raw, releases = self.storage.raw, self.storage.releases
        self.network.connect_to_s3([raw.bucket_arn, releases.bucket_arn])
        if stage.warehouse.awake:
            self.network.connect_to_systems_manager()

        self.shop = Shop(self, stage, self.network)
        self.collection = Collection(self, stage, raw)
        sign_in = self.shop.sign_in if stage.ingest.signed_in_only else None
        self.collection.route(
            self.collection.signed_in_by(sign_in.issuer, sign_in.audience) if sign_in else None
        )
        self.loading = Loading(self, stage, self.network, raw)
        self.warehouse = Warehouse(self, stage, self.network, raw, releases)
        self.watching = Watching(self, stage, self.collection, self.loading, self.warehouse)

        address = f"https://{self.collection.api.ref}.execute-api.{stage.region}.amazonaws.com/clickstream"
        CfnOutput(self, "Endpoint", value=address, description="Where the shop's pages send their events")
        CfnOutput(self, "RawBucket", value=raw.bucket_name, description="The events as they came")
        CfnOutput(self, "ReleaseBucket", value=releases.bucket_name, description="Bundles, releases, backups")
        CfnOutput(
            self, "Loader", value=self.loading.loader.function.function_name, description="To load by hand"
        )
        CfnOutput(self, "DataVolume", value=self.warehouse.volume.ref, description="PostgreSQL's data")
        if self.warehouse.instance:
            CfnOutput(
                self, "WarehouseHost", value=self.warehouse.instance.ref, description="For Session Manager"
            )
