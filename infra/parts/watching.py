"""What wakes somebody, and the page that shows how it all does. The loader's metrics come out of its log."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from infra.parts.collection import Collection
from infra.parts.functions import metrics_namespace
from infra.parts.loading import Loading
from infra.parts.warehouse import Warehouse
from infra.settings import Stage

ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
SUSPECT = cloudwatch.TreatMissingData.BREACHING
HOUR = Duration.hours(1)
MINUTES = Duration.minutes(5)


class Watching(Construct):
    def __init__(
        self, scope: Construct, stage: Stage, collection: Collection, loading: Loading, warehouse: Warehouse
    ) -> None:
        super().__init__(scope, "Watching")

        def own(name: str, period: Duration, statistic: str = "Sum") -> cloudwatch.IMetric:
            return metric(metrics_namespace(stage), name, {"function": "loader"}, period, statistic)

        self.topic = self._topic(stage)
        self.charts: list[tuple[str, list[cloudwatch.IMetric]]] = []

        ingest = self._lambda_metrics("Ingest", collection.ingest.function.function_name)
        loader = self._lambda_metrics("Loader", loading.loader.function.function_name)
        answers = {
            name: metric("AWS/ApiGateway", name, {"ApiId": collection.api.ref}, MINUTES)
            for name in ("5xx", "4xx")
        }
        self._alarm("IngestFails", "The shop's events are refused or lost", answers["5xx"])
        self._alarm("IngestThrottled", "More events come than Lambda may take", ingest["Throttles"])
        throttled = metric(*collection.refused_for_rate, {}, MINUTES)
        self._alarm("ApiThrottled", "More requests come than the setting allows: events are lost", throttled)
        self._alarm("LoaderFails", "A load failed; the next one tries again", loader["Errors"])
        limit = 0.8 * stage.loader.timeout_seconds * 1000
        self._alarm("LoaderSlow", "A load takes nearly as long as it may", loader["Duration"], limit=limit)
        letters = metric(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": loading.dead_letters.queue_name},
            MINUTES,
            "Maximum",
        )
        self._alarm("DeadLetters", "A load was given up: see the queue", letters)
        if stage.warehouse.awake:
            # An alarm that was one already when the stage awoke would wake nobody.
            self._alarm(
                "NoLoad",
                "Nothing was loaded for too long",
                own("objects", HOUR, "SampleCount"),
                limit=1,
                comparison=BELOW,
                periods=stage.loader.silent_hours,
                missing=SUSPECT,
            )
        self._alarm("Remaining", "Loads leave objects behind", own("remaining", HOUR, "Minimum"), periods=3)
        rejected = cloudwatch.MathExpression(
            expression="IF(inserted + rejected > 0, 100 * rejected / (inserted + rejected), 0)",
            using_metrics={"rejected": own("rejected", HOUR), "inserted": own("inserted", HOUR)},
            period=HOUR,
            label="rejected, % of events",
        )
        self._alarm("Rejected", "More than 5 % of the events could not be stored", rejected, limit=5)
        changed = own("changed", HOUR)
        self._alarm("Changed", "An object of S3 is another than the one that was loaded", changed)
        behind = own("transform_seconds_behind", HOUR, "Maximum")
        disk = own("disk_used_percent", HOUR, "Maximum")
        self._alarm("DbtBehind", "A load waits for dbt for two hours", behind, limit=2 * 3600)
        self._alarm("DbtFails", "dbt failed within a day", own("transform_failures", HOUR, "Maximum"))
        backup = own("backup_seconds_old", HOUR, "Maximum")
        self._alarm("BackupOld", "The last backup is older than two nights", backup, limit=50 * 3600)
        maintenance = own("maintenance_seconds_old", HOUR, "Maximum")
        self._alarm("MaintenanceOld", "Nothing was tidied up for two weeks", maintenance, limit=15 * 86400)
        self._alarm("DiskFull", "The warehouse's volume is 80 % full", disk, limit=80)
        self.charts += [
            ("Warehouse: dbt behind, seconds", [behind]),
            ("Warehouse: volume used, %", [disk]),
            ("Requests refused", list(answers.values())),
            ("Ingest", list(ingest.values())),
            ("Loader", list(loader.values())),
            ("Loaded", [own("inserted", HOUR), own("rejected", HOUR), own("remaining", HOUR)]),
            ("Dead letters", [letters]),
        ]
        if warehouse.instance:
            self._watch_host(warehouse.instance.ref)
        self._dashboard(stage)

    def _watch_host(self, instance: str) -> None:
        def of_host(name: str, statistic: str = "Average") -> cloudwatch.IMetric:
            return metric("AWS/EC2", name, {"InstanceId": instance}, MINUTES, statistic)

        status = of_host("StatusCheckFailed", "Maximum")
        self._alarm("HostDown", "The warehouse host fails its checks", status, periods=3, missing=SUSPECT)
        self.charts += [
            ("Warehouse host: processor", [of_host("CPUUtilization"), of_host("CPUCreditBalance")]),
            ("Warehouse host: network", [of_host("NetworkIn", "Sum"), of_host("NetworkOut", "Sum")]),
            ("Warehouse host: failed checks", [status]),
        ]

    def _lambda_metrics(self, name: str, function: str) -> dict[str, cloudwatch.IMetric]:
        statistics = {"Errors": "Sum", "Throttles": "Sum", "Duration": "Maximum", "Invocations": "Sum"}
        return {
            each: metric("AWS/Lambda", each, {"FunctionName": function}, MINUTES, statistic)
            for each, statistic in statistics.items()
        }

    def _topic(self, stage: Stage) -> sns.Topic:
        topic = sns.Topic(self, "Alarms", enforce_ssl=True, display_name=f"Clickmart {stage.name}")
        topic.add_subscription(subscriptions.EmailSubscription(stage.alarm_email))
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        return topic

    def _alarm(
        self,
        name: str,
        about: str,
        watched: cloudwatch.IMetric,
        *,
        limit: float = 0,
        comparison: cloudwatch.ComparisonOperator = ABOVE,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = QUIET,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=about,
            metric=watched,
            threshold=limit,
            comparison_operator=comparison,
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(SnsAction(self.topic))
        alarm.add_ok_action(SnsAction(self.topic))

    def _dashboard(self, stage: Stage) -> None:
        widgets: list[cloudwatch.IWidget] = [
            cloudwatch.GraphWidget(title=title, left=metrics, width=8, height=6)
            for title, metrics in self.charts
        ]
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"clickmart-{stage.name}",
            widgets=[widgets[i : i + 3] for i in range(0, len(widgets), 3)],
        )


def metric(
    namespace: str, name: str, dimensions: dict[str, str], period: Duration, statistic: str = "Sum"
) -> cloudwatch.IMetric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map=dimensions, period=period, statistic=statistic
    )
