"""One stage of the whole platform, in the order in which an event goes through it."""

from aws_cdk import CfnOutput, Environment, Stack, Tags
from constructs import Construct

from infra.parts.collection import Collection
from infra.parts.loading import Loading
from infra.parts.network import Network
from infra.parts.shop import Shop
from infra.parts.storage import Storage
from infra.parts.warehouse import Warehouse
from infra.parts.watching import Watching
from infra.settings import Stage


class Platform(Stack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, f"Clickmart-{stage.name}", env=Environment(region=stage.region))
        self.stage = stage
        Tags.of(self).add("clickmart-stage", stage.name)
        self.storage = Storage(self, stage)
        raw, releases = self.storage.raw, self.storage.releases
        self.network = Network(self, stage, [raw.bucket_arn, releases.bucket_arn])
        self.shop = Shop(self, stage, self.network)
        self.collection = Collection(self, stage, raw, self.shop.sign_in)
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
        CfnOutput(self, "DataVolume", value=self.warehouse.volume_id, description="PostgreSQL's data")
        if self.warehouse.instance:
            CfnOutput(
                self, "WarehouseHost", value=self.warehouse.instance.ref, description="For Session Manager"
            )
