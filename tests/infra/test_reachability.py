"""The walls of the platform, and that a hole in any of them is seen."""

from copy import deepcopy

import pytest

from tests.infra.reachability import INTERNET, S3, Reachability

MAY = [
    ("Loader", "Warehouse", 5432),
    ("Loader", "Endpoints", 443),
    ("Loader", S3, 443),
    ("Warehouse", "Endpoints", 443),
    ("Warehouse", S3, 443),
    ("Shop", INTERNET, 443),
    ("Shop", "Endpoints", 443),
]
MAY_NOT = [
    (INTERNET, "Warehouse", 5432),
    (INTERNET, "Loader", 443),
    (INTERNET, "Shop", 5432),
    (INTERNET, "Shop", 22),
    ("Shop", "Warehouse", 5432),
    ("Loader", "Warehouse", 22),
    ("Warehouse", "Loader", 443),
    ("Warehouse", INTERNET, 443),
    ("Loader", INTERNET, 443),
]


def wrong(template):
    found = Reachability(template)
    return [way for way in MAY if not found.reaches(*way)] + [way for way in MAY_NOT if found.reaches(*way)]


def test_everybody_reaches_whom_they_must_and_nobody_else(template):
    assert wrong(template) == []


def properties(template, type_, start):
    (found,) = (
        resource["Properties"]
        for name, resource in Reachability(template).of_type(type_).items()
        if name.startswith(start)
    )
    return found


def without_s3_route_of_the_warehouse(template):
    gateway = properties(template, "AWS::EC2::VPCEndpoint", "NetworkS3")
    gateway["RouteTableIds"] = [
        table for table in gateway["RouteTableIds"] if "Analytics" not in table["Ref"]
    ]


def without_the_loader_s_way_out(template):
    properties(template, "AWS::EC2::SecurityGroupEgress", "NetworkLoaderToWarehouseOut")["FromPort"] = 5433


def without_the_warehouse_s_way_in(template):
    properties(template, "AWS::EC2::SecurityGroupIngress", "NetworkLoaderToWarehouseIn")["ToPort"] = 5431


def with_internet_for_the_warehouse(template):
    table = next(
        name
        for name in Reachability(template).of_type("AWS::EC2::RouteTable")
        if name.startswith("NetworkAnalytics")
    )
    properties(template, "AWS::EC2::Route", "NetworkPublic")["RouteTableId"] = {"Ref": table}


def with_everybody_let_in_to_the_shop(template):
    properties(template, "AWS::EC2::SecurityGroupIngress", "ShopFrom5432")["CidrIp"] = "0.0.0.0/0"


def with_a_warehouse_that_sends_anywhere(template):
    group = Reachability(template).group("Warehouse")
    rule = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    template["Resources"][group]["Properties"]["SecurityGroupEgress"] = [rule]
    with_internet_for_the_warehouse(template)


@pytest.mark.parametrize(
    ("hole", "ways"),
    [
        (without_s3_route_of_the_warehouse, [("Warehouse", S3, 443)]),
        (without_the_loader_s_way_out, [("Loader", "Warehouse", 5432)]),
        (without_the_warehouse_s_way_in, [("Loader", "Warehouse", 5432)]),
        (with_everybody_let_in_to_the_shop, [(INTERNET, "Shop", 5432)]),
        (with_a_warehouse_that_sends_anywhere, [("Shop", INTERNET, 443), ("Warehouse", INTERNET, 443)]),
    ],
)
def test_a_hole_or_a_wall_too_many_is_seen(template, hole, ways):
    changed = deepcopy(template)
    hole(changed)
    assert sorted(wrong(changed)) == sorted(ways)
