"""Who can reach whom, walked through the routes and security groups of a synthesized template."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

INTERNET = "internet"
S3 = "s3"


@dataclass
class Reachability:
    template: dict[str, Any]

    def reaches(self, source: str, target: str, port: int) -> bool:
        """Both are a security group (Warehouse, Shop, Loader, Endpoints), or S3, or the internet."""
        if target == S3:
            return self._sends_to(source, port, prefix_list=True) and self._routes(source, to=S3)
        if target == INTERNET:
            return self._sends_to(source, port, cidr="0.0.0.0/0") and self._routes(source, to=INTERNET)
        if source == INTERNET:
            open_ = any(
                IPv4Network(rule["CidrIp"]).prefixlen == 0
                for rule in self._rules("Ingress", target, port)
                if "CidrIp" in rule
            )
            return open_ and self._routes(target, to=INTERNET)
        return self._sends_to(source, port, group=target) and any(
            self._names(rule.get("SourceSecurityGroupId"), source)
            for rule in self._rules("Ingress", target, port)
        )

    def _sends_to(
        self, source: str, port: int, *, group: str = "", cidr: str = "", prefix_list: bool = False
    ) -> bool:
        for rule in self._rules("Egress", source, port):
            if group and self._names(rule.get("DestinationSecurityGroupId"), group):
                return True
            if cidr and rule.get("CidrIp") == cidr:
                return True
            if prefix_list and "DestinationPrefixListId" in rule:
                return True
        return False

    def _rules(self, direction: str, group: str, port: int) -> list[dict[str, Any]]:
        name = self.group(group)
        rules = list(self.template["Resources"][name]["Properties"].get(f"SecurityGroup{direction}", []))
        for resource in self.of_type(f"AWS::EC2::SecurityGroup{direction}").values():
            if resource["Properties"]["GroupId"] == {"Fn::GetAtt": [name, "GroupId"]}:
                rules.append(resource["Properties"])
        return [
            rule
            for rule in rules
            if rule["IpProtocol"] == "-1"
            or (rule["IpProtocol"] == "tcp" and rule["FromPort"] <= port <= rule["ToPort"])
        ]

    def _routes(self, group: str, to: str) -> bool:
        subnet = {"Warehouse": "Analytics", "Loader": "Loading", "Endpoints": "Loading", "Shop": "Public"}[
            group
        ]
        (subnet_id,) = (
            name for name in self.of_type("AWS::EC2::Subnet") if name.startswith(f"Network{subnet}Subnet")
        )
        tables = [
            link["Properties"]["RouteTableId"]["Ref"]
            for link in self.of_type("AWS::EC2::SubnetRouteTableAssociation").values()
            if link["Properties"]["SubnetId"] == {"Ref": subnet_id}
        ]
        if to == S3:
            gateways = [
                each["Properties"]
                for each in self.of_type("AWS::EC2::VPCEndpoint").values()
                if each["Properties"]["VpcEndpointType"] == "Gateway"
            ]
            return any({"Ref": table} in gateway["RouteTableIds"] for gateway in gateways for table in tables)
        return any(
            route["Properties"]["RouteTableId"]["Ref"] in tables
            and route["Properties"].get("DestinationCidrBlock") == "0.0.0.0/0"
            for route in self.of_type("AWS::EC2::Route").values()
        )

    def _names(self, reference: Any, group: str) -> bool:
        return reference == {"Fn::GetAtt": [self.group(group), "GroupId"]}

    def group(self, name: str) -> str:
        (found,) = (
            each for each in self.of_type("AWS::EC2::SecurityGroup") if each.startswith(f"Network{name}Group")
        )
        return found

    def of_type(self, type_: str) -> dict[str, dict[str, Any]]:
        return {
            name: resource
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == type_
        }
