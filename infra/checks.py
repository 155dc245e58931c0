"""Settings that cannot be, told in one line each before anything is made of them."""

import re
from ipaddress import IPv4Network

from infra.settings import SettingsError, Stage

AMI = r"ami-[0-9a-f]{8,17}"
FILE = r"[A-Za-z0-9][A-Za-z0-9._-]*"
SHA256 = r"[0-9a-f]{64}"
WRITE_KEY = r"[A-Za-z0-9_-]{8,128}"
INSTALLED = {"bundle": FILE, "bundle_sha256": SHA256, "release": FILE, "release_sha256": SHA256}
CRON_FIELD = r"[0-9A-Z*?/,\-#]+"
CRON = rf"cron\({CRON_FIELD}( {CRON_FIELD}){{5}}\)"
LOG_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)


def prove(stage: Stage) -> Stage:
    _prove_forms(stage)
    analytics = _prove_networks(stage)
    _prove_warehouse(stage, analytics)
    _prove_retention(stage)
    _prove_collection(stage)
    return stage


def _prove_forms(stage: Stage) -> None:
    wanted = [
        ("name", stage.name, r"[a-z][a-z0-9-]{0,20}", "small letters, digits and dashes, at most 21"),
        ("region", stage.region, r"[a-z]{2}(-[a-z]+)+-\d", "a region such as eu-central-1"),
        ("s3_prefix_list", stage.s3_prefix_list, r"pl-[0-9a-f]{8,17}", "the region's S3 prefix list, pl-…"),
        ("alarm_email", stage.alarm_email, r"[^@\s]+@[^@\s]+", "an e-mail address"),
        ("warehouse.image", stage.warehouse.image, AMI, "a Debian 12 image, ami-…"),
        ("loader.schedule", stage.loader.schedule, CRON, "such as cron(5 * * * ? *)"),
        ("loader.sweep", stage.loader.sweep, CRON, "such as cron(35 3 * * ? *)"),
    ]
    if stage.shop.database:
        wanted.append(("shop.image", stage.shop.image, AMI, "a Debian 12 image, ami-…"))
    for name, value, pattern, words in wanted:
        if not re.fullmatch(pattern, value):
            raise SettingsError(f"{name} must be {words}, not {value!r}")


def _prove_networks(stage: Stage) -> IPv4Network:
    vpc = _network("vpc", stage.network.vpc)
    subnets = {
        name: _network(name, getattr(stage.network, name)) for name in ("public", "analytics", "loading")
    }
    for name, subnet in subnets.items():
        if not subnet.subnet_of(vpc):
            raise SettingsError(f"network.{name} {subnet} lies outside of network.vpc {vpc}")
        for other, neighbour in subnets.items():
            if name < other and subnet.overlaps(neighbour):
                raise SettingsError(f"network.{name} {subnet} and network.{other} {neighbour} overlap")
    return subnets["analytics"]


def _network(name: str, text: str) -> IPv4Network:
    try:
        return IPv4Network(text)
    except ValueError:
        raise SettingsError(f"network.{name} must be a network such as 10.0.2.0/24, not {text!r}") from None


def _prove_warehouse(stage: Stage, analytics: IPv4Network) -> None:
    try:
        is_inside = IPv4Network(stage.warehouse.address).subnet_of(analytics)
    except ValueError:
        is_inside = False
    if not is_inside:
        raise SettingsError(
            f"warehouse.address {stage.warehouse.address!r} must be an address in {analytics}"
        )
    for name, pattern in INSTALLED.items():
        if stage.warehouse.awake and not re.fullmatch(pattern, getattr(stage.warehouse, name)):
            raise SettingsError(
                f"warehouse.{name} is missing or wrong: a host that is awake is to install it"
            )


def _prove_retention(stage: Stage) -> None:
    raw = stage.raw
    if raw.lock_days and raw.erasable:
        raise SettingsError(
            "raw.lock_days and raw.erasable contradict each other: what is locked cannot be erased"
        )
    if raw.lock_days and not raw.versioned:
        raise SettingsError("raw.lock_days needs raw.versioned = true")
    if 0 < raw.expire_days < raw.lock_days:
        raise SettingsError("raw.expire_days is shorter than raw.lock_days: nothing could expire by then")
    if stage.log_days not in LOG_DAYS:
        raise SettingsError(f"log_days must be one of {', '.join(map(str, LOG_DAYS))}, not {stage.log_days}")


def _prove_collection(stage: Stage) -> None:
    if not stage.allowed_origins:
        raise SettingsError("allowed_origins is empty: no shop's page could send anything")
    if stage.loader.timeout_seconds > 900:
        raise SettingsError("loader.timeout_seconds must be 900 at most: Lambda ends there")
    if stage.ingest.signed_in_only and not stage.shop.sign_in:
        raise SettingsError("ingest.signed_in_only needs shop.sign_in = true: nobody could sign in")
    if stage.ingest.signed_in_only and stage.ingest.segment_write_keys:
        raise SettingsError(
            "ingest.signed_in_only and ingest.segment_write_keys contradict each other: a key is no sign-in"
        )
    for key in stage.ingest.segment_write_keys:
        if not re.fullmatch(WRITE_KEY, key):
            raise SettingsError(
                f"ingest.segment_write_keys must be of 8 to 128 letters, digits, - and _, not {key!r}"
            )
    for name in ("sources", "ssh_sources"):
        for source in getattr(stage.shop, name):
            if _is_everywhere(source):
                raise SettingsError(f"shop.{name} must be networks such as 203.0.113.0/24, not {source!r}")


def _is_everywhere(source: str) -> bool:
    try:
        return IPv4Network(source).prefixlen == 0
    except ValueError:
        return True
