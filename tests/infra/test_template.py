"""The facts of the template on which money, data or safety depend."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.settings import read_stage
from loader_lambda.report import HEALTH_METRICS, METRICS
from loader_lambda.windows import read_window
from tests.infra.conftest import everything_on, synthesized


def resources(template, type_):
    return [each for each in template["Resources"].values() if each["Type"] == type_]


def properties(template, type_):
    return [each["Properties"] for each in resources(template, type_)]


def lint(template):
    return subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--ignore-checks", "W3005", "W3010", "--", template],
        capture_output=True,
        text=True,
        check=False,
    )


def test_cloudformation_would_take_it(assembly):
    (template,) = assembly.glob("*.template.json")
    done = lint(template)
    assert done.stdout == ""
    assert done.returncode == 0


def test_a_finding_without_a_reason_ends_synth(tmp_path, monkeypatch):
    monkeypatch.setattr("infra.app.acknowledge", lambda platform: None)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        synthesized(everything_on(), tmp_path)


def test_there_is_no_nat_and_three_subnets(template):
    assert resources(template, "AWS::EC2::NatGateway") == []
    cidrs = {each["CidrBlock"] for each in properties(template, "AWS::EC2::Subnet")}
    assert cidrs == {"10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"}


def test_private_machines_reach_systems_manager_and_three_kinds_of_buckets(template):
    endpoints = {
        each["ServiceName"].split(".")[-1]: each for each in properties(template, "AWS::EC2::VPCEndpoint")
    }
    assert set(endpoints) == {"s3", "ssm", "ssmmessages"}
    ours, agent = endpoints["s3"]["PolicyDocument"]["Statement"]
    assert "*" not in ours["Resource"]
    assert agent["Action"] == ["s3:GetObject"]
    assert "s3:::amazon-ssm-eu-central-1/*" in json.dumps(agent["Resource"])


def test_whatever_a_private_role_may_do_with_s3_the_endpoint_lets_through(template):
    (endpoint,) = (
        each for each in properties(template, "AWS::EC2::VPCEndpoint") if each["ServiceName"].endswith(".s3")
    )
    ours, _ = endpoint["PolicyDocument"]["Statement"]
    wanted = {
        action
        for role in ("LoadingLoaderRole", "WarehouseHostRole")
        for statement in statements(template, role)
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        if action.startswith("s3:")
    }
    assert wanted <= set(ours["Action"])


def test_nobody_may_do_everything(template):
    for role in properties(template, "AWS::IAM::Role"):
        assert "ManagedPolicyArns" not in role
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = (
                    statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                )
                assert not any("*" in action for action in actions)
    assert resources(template, "AWS::IAM::Policy") == []


def statements(template, start):
    (role,) = (
        each
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::IAM::Role" and name.startswith(start)
    )
    return [
        statement
        for policy in role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_ingest_may_write_events_and_logs_and_nothing_else(template):
    allowed = statements(template, "CollectionIngestRole")
    assert [statement["Action"] for statement in allowed] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "s3:PutObject",
    ]
    assert allowed[1]["Resource"]["Fn::Join"][1][1] == "/events/*"


def routes(template):
    return {
        each["RouteKey"]: each["AuthorizationType"]
        for each in properties(template, "AWS::ApiGatewayV2::Route")
    }


def ingest_environment(template):
    (function,) = (
        each
        for each in properties(template, "AWS::Lambda::Function")
        if each["Handler"] == "ingest_lambda.handler.handler"
    )
    return function["Environment"]["Variables"]


def invoked_from(template):
    permissions = properties(template, "AWS::Lambda::Permission")
    return {
        each["SourceArn"]["Fn::Join"][1][-1]
        for each in permissions
        if each["Principal"] == "apigateway.amazonaws.com"
    }


def test_without_a_write_key_there_is_one_way_in(template):
    assert routes(template) == {"POST /clickstream": "JWT"}
    assert invoked_from(template) == {"/*/POST/clickstream"}
    assert "SEGMENT_WRITE_KEYS" not in ingest_environment(template)


def test_with_write_keys_segment_s_api_is_there(tmp_path):
    stage = read_stage("example")
    keyed = replace(stage.ingest, segment_write_keys=["write-key-1", "write-key-2"])
    template = synthesized(replace(stage, ingest=keyed), tmp_path)
    assert routes(template) == {"POST /clickstream": "NONE", "POST /v1/{call}": "NONE"}
    assert invoked_from(template) == {"/*/POST/clickstream", "/*/POST/v1/*"}
    assert ingest_environment(template)["SEGMENT_WRITE_KEYS"] == "write-key-1,write-key-2"
    (api,) = properties(template, "AWS::ApiGatewayV2::Api")
    assert {"authorization", "x-retry-count"} <= set(api["CorsConfiguration"]["AllowHeaders"])
    done = lint(next(tmp_path.glob("*.template.json")))
    assert (done.returncode, done.stdout) == (0, "")


def test_the_lambdas_run_python_3_13_on_arm(template):
    functions = properties(template, "AWS::Lambda::Function")
    assert len(functions) == 2
    for function in functions:
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert [function["Handler"] for function in functions if "VpcConfig" in function] == [
        "loader_lambda.handler.handler"
    ]


def test_the_loader_is_woken_hourly_and_once_a_day(template):
    rules = {each["ScheduleExpression"]: each for each in properties(template, "AWS::Events::Rule")}
    assert set(rules) == {"cron(5 * * * ? *)", "cron(35 3 * * ? *)"}
    asked = {schedule: json.loads(rule["Targets"][0]["Input"]) for schedule, rule in rules.items()}
    now = datetime(2026, 1, 5, 10, 5, tzinfo=UTC)
    hourly, sweep = (read_window(asked[schedule], now).prefixes for schedule in sorted(asked, reverse=True))
    assert hourly[-1] == sweep[-1] == "events/2026/01/05/09/"
    assert sweep[0] == "events/2026/01/02/09/"
    assert all(each["State"] == "ENABLED" for each in rules.values())
    assert all("DeadLetterConfig" in each["Targets"][0] for each in rules.values())


def test_events_are_kept_encrypted_and_private(template):
    buckets = properties(template, "AWS::S3::Bucket")
    assert len(buckets) == 2
    for bucket in buckets:
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert "BucketEncryption" in bucket
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert not any("Transitions" in rule for rule in rules)
    kept = [each["DeletionPolicy"] for each in resources(template, "AWS::S3::Bucket")]
    assert kept == ["Retain", "Retain"]


def test_databases_lie_on_volumes_that_outlive_their_machines(template):
    volumes = resources(template, "AWS::EC2::Volume")
    policies = properties(template, "AWS::DLM::LifecyclePolicy")
    assert len(volumes) == len(policies) == 2
    assert {(volume["DeletionPolicy"], volume["UpdateReplacePolicy"]) for volume in volumes} == {
        ("Retain", "Retain")
    }
    assert all(volume["Properties"]["Encrypted"] for volume in volumes)
    for policy in policies:
        (tag,) = policy["PolicyDetails"]["TargetTags"]
        assert [tag in volume["Properties"]["Tags"] for volume in volumes].count(True) == 1
    hosts = properties(template, "AWS::EC2::Instance")
    assert {host["MetadataOptions"]["HttpTokens"] for host in hosts} == {"required"}
    assert all(host["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] for host in hosts)


def test_asleep_only_what_holds_data_is_left_of_the_host(tmp_path):
    stage = everything_on()
    asleep = synthesized(replace(stage, warehouse=replace(stage.warehouse, awake=False)), tmp_path)
    assert len(resources(asleep, "AWS::EC2::Instance")) == 1  # the shop's
    assert len(resources(asleep, "AWS::EC2::Volume")) == 2
    assert {each["VpcEndpointType"] for each in properties(asleep, "AWS::EC2::VPCEndpoint")} == {"Gateway"}
    assert {each["State"] for each in properties(asleep, "AWS::Events::Rule")} == {"DISABLED"}


def test_no_password_stands_in_the_template(template):
    text = json.dumps(template)
    assert "DW_PG_PASSWORD_PARAMETER" in text
    assert '"DW_PG_PASSWORD"' not in text


def test_silence_of_the_loader_wakes_somebody(template):
    alarms = {each["AlarmDescription"]: each for each in properties(template, "AWS::CloudWatch::Alarm")}
    silence = alarms["Nothing was loaded for too long"]
    assert (silence["TreatMissingData"], silence["EvaluationPeriods"]) == ("breaching", 2)
    assert all(alarm["AlarmActions"] for alarm in alarms.values())


def test_every_metric_of_ours_is_one_that_the_loader_writes(template):
    namespaces, watched = set(), set()
    for alarm in properties(template, "AWS::CloudWatch::Alarm"):
        inner = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
        for metric in [alarm, *inner]:
            if metric.get("Namespace", "AWS/").startswith("AWS/") or metric["MetricName"] == "throttled":
                continue
            namespaces.add(metric["Namespace"])
            watched.add(metric["MetricName"])
            assert metric["Dimensions"] == [{"Name": "function", "Value": "loader"}]
    (loader,) = (
        each for each in properties(template, "AWS::Lambda::Function") if "loader" in each["Handler"]
    )
    assert namespaces == {loader["Environment"]["Variables"]["METRICS_NAMESPACE"]}
    assert watched <= {*METRICS, *HEALTH_METRICS}
    assert {*HEALTH_METRICS, "objects", "changed", "rejected"} <= watched


@pytest.fixture(scope="module")
def another(tmp_path_factory):
    """A stage where people are erased, on a volume that there was before."""
    stage = everything_on()
    other = replace(
        stage,
        raw=replace(stage.raw, lock_days=0, people_erased=True),
        warehouse=replace(stage.warehouse, data_volume="vol-0123456789abcdef0"),
    )
    return synthesized(other, tmp_path_factory.mktemp("another"))


def test_the_host_may_rewrite_events_only_while_people_are_erased(template, another):
    assert "s3:DeleteObjectVersion" not in json.dumps(template)
    allowed = statements(another, "WarehouseHostRole")
    (rewrites,) = (each for each in allowed if "s3:DeleteObjectVersion" in each["Action"])
    assert rewrites["Resource"]["Fn::Join"][1][1] == "/events/*"


def test_a_volume_that_was_there_before_is_taken_instead_of_a_new_one(template, another):
    assert len(resources(another, "AWS::EC2::Volume")) == len(resources(template, "AWS::EC2::Volume")) - 1
    hosts = properties(another, "AWS::EC2::Instance")
    assert "vol-0123456789abcdef0" in [host["Volumes"][0]["VolumeId"] for host in hosts]


def test_every_log_ends(template):
    groups = properties(template, "AWS::Logs::LogGroup")
    assert len(groups) == 4
    assert {group["RetentionInDays"] for group in groups} == {90}


def test_a_small_stage_is_one_too(tmp_path):
    template = synthesized(read_stage("example"), tmp_path)
    assert resources(template, "AWS::EC2::Instance") == []
    assert resources(template, "AWS::Cognito::UserPool") == []


def test_a_host_is_told_what_to_be_by_a_parameter_and_not_by_its_user_data(template):
    (settings,) = properties(template, "AWS::SSM::Parameter")
    assert settings["Name"] == "/clickmart/example/warehouse/settings"
    said = json.dumps(settings["Value"])
    for line in ("CLICKMART_BUNDLE=bundle-1.tar", f"CLICKMART_BUNDLE_SHA256={'0' * 64}"):
        assert line in said
    hosts = json.dumps([each["UserData"] for each in properties(template, "AWS::EC2::Instance")])
    assert "patiently parameter settings" in hosts
    assert "bundle-1.tar" not in hosts


def test_a_host_waits_for_the_ways_that_it_needs(template):
    (host,) = (
        each
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::EC2::Instance" and name.startswith("Warehouse")
    )
    ways = ("S3", "Ssm", "Ssmmessages", "WarehouseToS3", "WarehouseToEndpointsOut")
    for way in (*(f"Network{each}" for each in ways), "WarehouseSettings"):
        assert any(each.startswith(way) for each in host["DependsOn"]), way
    assert host["Properties"]["Volumes"][0]["Device"] == "/dev/sdf"


def test_private_machines_speak_to_groups_and_lists_and_to_no_address(template):
    for direction in ("Ingress", "Egress"):
        for rule in properties(template, f"AWS::EC2::SecurityGroup{direction}"):
            if "ShopGroup" not in json.dumps(rule["GroupId"]):
                assert not {"CidrIp", "CidrIpv6"} & set(rule)


def test_an_event_is_stored_with_a_checksum_as_locked_buckets_want_it(template):
    (ingest,) = (
        each for each in properties(template, "AWS::Lambda::Function") if "ingest" in each["Handler"]
    )
    assert ingest["Environment"]["Variables"]["AWS_CHECKSUM_ALGORITHM"] == "SHA256"
